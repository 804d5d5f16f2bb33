"""Verify a receipt of a log: python verify_receipt.py RECEIPT VKEY [CHECKPOINT that you kept]."""

import json
import sys
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey as Key


def require(holds, why):
    if not holds:
        raise ValueError(why)


def decoded(text):
    require(b64encode(b64decode(text)).decode() == text, "not base64")
    return b64decode(text)


def opened(note, vkey):  # C2SP signed-note: the size and the root that this key has signed
    (text, signatures), (name, key_id, key) = note.split("\n\n"), [*vkey.split("+", 2), 0, 0][:3]
    (origin, size, root), lines = text.split("\n"), signatures.split("\n")
    raws = [decoded(line.split(" ")[2]) for line in lines if line.startswith(f"— {origin} ")]
    ours = [raw[4:] for raw in raws if (origin, raw[:4].hex()) == (name, key_id)]
    require(ours, "not by VKEY: after a rotation, verify_receipt_in_full.py follows the keys")
    Key.from_public_bytes(decoded(key)[1:]).verify(ours[0], f"{text}\n".encode())
    return int(size), decoded(root)


def climbed(at, last, proof, start):  # RFC 6962, 2.1: the roots up to here and of all
    inner, old, new = (at ^ last).bit_length(), start, start
    require({len(start), *(len(decoded(x)) for x in proof)} == {32}, "not digests")
    for level, beside in enumerate(map(decoded, proof)):
        left = level >= inner or at >> level & 1
        old = sha256(b"\1" + beside + old).digest() if left else old
        new = sha256(b"\1" + (beside + new if left else new + beside)).digest()
    return (old, new) if len(proof) == inner + (at >> inner).bit_count() else (None, None)


def proven(part, vkey):
    (size, root), index, leaf = opened(part["checkpoint"], vkey), part["index"], part["leaf"]
    require(0 <= index < size, "the log ends before this entry")
    found = climbed(index, size - 1, part["proof"], sha256(b"\0" + leaf.encode()).digest())
    require(found[1] == root, "the entry is not in the log")
    given = sha256(decoded(part["salt"] or "") + (part["content"] or "").encode()).hexdigest()
    require(part["content"] is None or given == json.loads(leaf)["digest"], "about another content")
    return size, root


def follows(old, old_root, size, root, proof):  # RFC 6962, 2.1.2: from an older checkpoint
    require(0 < old <= size, "the log was longer once: its tail was cut")
    shift = size if old == size else (old & -old).bit_length() - 1
    at, last = old - 1 >> shift, size - 1 >> shift
    found = climbed(at, last, proof[at > 0 :], decoded(proof[0]) if at else old_root)
    require(found == (old_root, root), "a fork: it did not grow from a checkpoint that was seen")


if __name__ == "__main__":
    try:
        size, root = proven(receipt := json.loads(Path(sys.argv[1]).read_bytes()), sys.argv[2])
        for note in (Path(name).read_bytes().decode() for name in sys.argv[3:]):
            require(receipt["grew_from"], "no proof for a checkpoint: have it made with --from it")
            follows(*opened(note, sys.argv[2]), size, root, receipt["grew_from"]["proof"])
        print(f"The receipt holds: entry {receipt['index']} of {size}. {receipt['leaf']!a}")
        print("Times: operator's clock only, unless verify_receipt_in_full.py shows a witness.")
    except Exception as error:
        sys.exit(f"REFUSED: {type(error).__name__}: {error}")
