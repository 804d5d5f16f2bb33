import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from archive.log import merkle
from tests.support.naive_tree import naive_root

# The leaves and the roots that Certificate Transparency's implementations are tested with.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def numbered(size: int) -> list[bytes]:
    return [b"entry %d" % index for index in range(size)]


def subtrees_of(entries: list[bytes]) -> merkle.Subtree:
    def subtree(height: int, index: int) -> bytes:
        return naive_root(entries[index << height : (index + 1) << height])

    return subtree


@st.composite
def trees(draw: st.DrawFn) -> tuple[int, int]:
    """A tree's size, and the index of one of its leaves."""
    size = draw(st.integers(1, 70))
    return size, draw(st.integers(0, size - 1))


@pytest.mark.parametrize("size", range(9))
def test_the_known_leaves_have_their_known_roots(size: int) -> None:
    assert merkle.root(size, subtrees_of(LEAVES[:size])).hex() == ROOTS[size]


@given(st.integers(0, 200))
def test_a_root_is_that_of_the_definition(size: int) -> None:
    entries = numbered(size)

    assert merkle.root(size, subtrees_of(entries)) == naive_root(entries)


@given(st.integers(0, 6))
def test_a_full_root_is_that_of_the_definition(height: int) -> None:
    entries = numbered(1 << height)

    assert merkle.full_root([merkle.leaf_hash(e) for e in entries]) == naive_root(entries)


@given(trees())
def test_every_leaf_can_be_shown_to_be_in_the_tree(tree: tuple[int, int]) -> None:
    size, index = tree
    entries = numbered(size)

    proof = merkle.inclusion_proof(index, size, subtrees_of(entries))

    leaf, root = merkle.leaf_hash(entries[index]), naive_root(entries)
    assert merkle.verify_inclusion(leaf, index, size, proof, root)


@given(trees(), st.data())
def test_nothing_else_can_be_shown_with_the_same_proof(
    tree: tuple[int, int], data: st.DataObject
) -> None:
    size, index = tree
    entries = numbered(size)
    leaf, root = merkle.leaf_hash(entries[index]), naive_root(entries)
    proof = merkle.inclusion_proof(index, size, subtrees_of(entries))
    other = data.draw(st.integers(-1, size + 1).filter(lambda number: number != index))

    assert not merkle.verify_inclusion(merkle.leaf_hash(b"other"), index, size, proof, root)
    assert not merkle.verify_inclusion(leaf, other, size, proof, root)
    assert not merkle.verify_inclusion(leaf, index, size, [*proof, root], root)
    assert not proof or not merkle.verify_inclusion(leaf, index, size, proof[1:], root)


@given(trees())
def test_a_tree_can_be_shown_to_begin_with_each_smaller_one(tree: tuple[int, int]) -> None:
    size, old = tree
    entries = numbered(size)
    old_root, root = naive_root(entries[:old]), naive_root(entries)

    proof = merkle.consistency_proof(old, size, subtrees_of(entries))

    assert merkle.verify_consistency(old, size, proof, old_root, root)
    assert merkle.verify_consistency(size, size, [], root, root)


@given(trees(), st.data())
def test_a_rewritten_tree_cannot_be_shown_to_begin_with_the_old_one(
    tree: tuple[int, int], data: st.DataObject
) -> None:
    size, last = tree
    old = last + 1
    entries = numbered(size)
    rewritten = list(entries)
    rewritten[data.draw(st.integers(0, last))] = b"rewritten"
    proof = merkle.consistency_proof(old, size, subtrees_of(rewritten))

    assert not merkle.verify_consistency(
        old, size, proof, naive_root(entries[:old]), naive_root(rewritten)
    )


@given(trees(), st.data())
def test_a_changed_consistency_proof_shows_nothing(
    tree: tuple[int, int], data: st.DataObject
) -> None:
    size, old = tree
    entries = numbered(size)
    old_root, root = naive_root(entries[:old]), naive_root(entries)
    proof = merkle.consistency_proof(old, size, subtrees_of(entries))
    at = data.draw(st.integers(0, len(proof)))
    changed = data.draw(
        st.sampled_from([proof[:-1], [*proof[:at], bytes(32), *proof[at + 1 :]], [*proof, root]])
    )
    assume(changed != proof)

    assert not merkle.verify_consistency(old, size, changed, old_root, root)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_proof_for_a_leaf_outside_the_tree(index: int, size: int) -> None:
    with pytest.raises(ValueError, match=f"no leaf {index} in a tree of {size}"):
        merkle.inclusion_proof(index, size, subtrees_of(numbered(3)))


def test_there_is_no_proof_from_a_larger_tree() -> None:
    with pytest.raises(ValueError, match="a tree of 2 does not begin with one of 3"):
        merkle.consistency_proof(3, 2, subtrees_of(numbered(3)))
    assert not merkle.verify_consistency(3, 2, [], b"", b"")


def test_a_root_of_a_large_tree_asks_for_few_hashes() -> None:
    asked = list[tuple[int, int]]()

    def subtree(height: int, index: int) -> bytes:
        asked.append((height, index))
        return bytes(32)

    merkle.root(2**40 - 1, subtree)

    assert len(asked) == 40
