"""The Merkle tree of RFC 6962: hashes, roots, and proofs that others can check.

Pure. Where the hashes are kept (tiles, a list) is the business of the `Subtree` that is given;
each function asks it for about as many hashes as the tree is high.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeAlias

Subtree: TypeAlias = Callable[[int, int], bytes]
"""Return the hash over the leaves from `index << height` to `(index + 1) << height`,
given `height` and `index`."""

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of one entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def full_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root over a power of two of neighbouring hashes of one height."""
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [node_hash(left, right) for left, right in pairs]
    return hashes[0]


def root(size: int, subtree: Subtree) -> bytes:
    """Return the root of a tree of `size` leaves."""
    return _range_hash(0, size, subtree) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """Return the proof that the leaf `index` is in the tree of `size` leaves, leaf side first.

    Raises:
        ValueError: The tree has no such leaf.

    Source: RFC 6962, 2.1.1.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    proof, begin, end = list[bytes](), 0, size
    while end - begin > 1:
        split = begin + _left_width(end - begin)
        if index < split:
            proof.append(_range_hash(split, end, subtree))
            end = split
        else:
            proof.append(_range_hash(begin, split, subtree))
            begin = split
    return proof[::-1]


def consistency_proof(old: int, size: int, subtree: Subtree) -> list[bytes]:
    """Return the proof that the tree of `size` leaves begins with that of `old` leaves.

    Raises:
        ValueError: The old tree is the larger one.

    Source: RFC 6962, 2.1.2; from the empty tree the proof is empty.
    """
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {size} does not begin with one of {old}")
    if old in {0, size}:
        return []
    proof, begin, end = list[bytes](), 0, size
    while end != old:
        split = begin + _left_width(end - begin)
        if old <= split:
            proof.append(_range_hash(split, end, subtree))
            end = split
        else:
            proof.append(_range_hash(begin, split, subtree))
            begin = split
    # the old tree's root is known to whoever asks; another subtree's hash must be told
    if begin > 0:
        proof.append(_range_hash(begin, end, subtree))
    return proof[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Return whether `proof` leads from the leaf's hash to the root of `size` leaves."""
    if not 0 <= index < size:
        return False
    siblings_left = list[bool]()
    while size > 1:
        split = _left_width(size)
        siblings_left.append(index >= split)
        index, size = (index - split, size - split) if index >= split else (index, split)
    if len(proof) != len(siblings_left):
        return False
    found = leaf
    for sibling, is_left in zip(proof, reversed(siblings_left), strict=True):
        found = node_hash(sibling, found) if is_left else node_hash(found, sibling)
    return found == root


def verify_consistency(
    old: int, size: int, proof: Sequence[bytes], old_root: bytes, root: bytes
) -> bool:
    """Return whether `proof` shows that the tree with `root` begins with that of `old_root`."""
    if not 0 <= old <= size:
        return False
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    siblings_left = list[bool]()
    while old != size:
        split = _left_width(size)
        siblings_left.append(old > split)
        old, size = (old - split, size - split) if old > split else (old, split)
    if not any(siblings_left):
        proof = [old_root, *proof]
    if len(proof) != len(siblings_left) + 1:
        return False
    found_old = found = proof[0]
    for sibling, is_left in zip(proof[1:], reversed(siblings_left), strict=True):
        found_old = node_hash(sibling, found_old) if is_left else found_old
        found = node_hash(sibling, found) if is_left else node_hash(found, sibling)
    return (found_old, found) == (old_root, root)


def _range_hash(begin: int, end: int, subtree: Subtree) -> bytes:
    """Return the hash over the leaves from `begin`, a multiple of their left subtree's width."""
    width = end - begin
    if width.bit_count() == 1:
        return subtree(width.bit_length() - 1, begin // width)
    split = begin + _left_width(width)
    return node_hash(_range_hash(begin, split, subtree), _range_hash(split, end, subtree))


def _left_width(width: int) -> int:
    """Return the largest power of two below `width`, which is 2 or more."""
    return 1 << ((width - 1).bit_length() - 1)
