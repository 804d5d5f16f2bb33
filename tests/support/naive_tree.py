"""RFC 6962's definition of the Merkle tree, word for word and as slow: the judge of ours."""

import hashlib
from collections.abc import Sequence


def naive_root(entries: Sequence[bytes]) -> bytes:
    if not entries:
        return hashlib.sha256().digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\0" + entries[0]).digest()
    split = 1
    while split * 2 < len(entries):
        split *= 2
    left, right = naive_root(entries[:split]), naive_root(entries[split:])
    return hashlib.sha256(b"\1" + left + right).digest()
