"""Verify a receipt of a log: python verify_receipt.py RECEIPT VKEY [CHECKPOINT that you kept]."""

import base64
import hashlib
import json
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FIELDS = (
    "$schema shows does_not_show key index leaf salt content proof checkpoint rotations grew_from"
)
WORDS = (
    "86d19e76965580f5a72f61d202fe5b40716f2a80785088efdb80526539d4ddc4"  # SHA-256 of the first three
)


def require(holds, why):
    if not holds:
        raise ValueError(why)


def decoded(text):
    raw = base64.b64decode(text)
    require(base64.b64encode(raw).decode() == text, "not base64")
    return raw


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def opened(note, keys):  # C2SP signed-note: the size and the root that one of the keys has signed
    text, signatures = note.split("\n\n")
    origin, size, root = text.split("\n")
    for line in signatures.splitlines():
        dash, by, signature = line.split(" ")
        for name, key_id, key in (vkey.split("+", 2) for vkey in keys):
            if (dash, by, origin, decoded(signature)[:4].hex()) == ("—", name, name, key_id):
                public = Ed25519PublicKey.from_public_bytes(decoded(key)[1:])
                public.verify(decoded(signature)[4:], f"{text}\n".encode())
                return int(size), decoded(root)
    raise ValueError("not signed by this key, or of another log")


def included(leaf, index, size, proof):  # RFC 6962, 2.1.1: the root that the proof leads to
    if size == 1:
        return leaf
    width, beside = 1 << ((size - 1).bit_length() - 1), proof.pop()
    if index < width:
        return sha256(b"\1", included(leaf, index, width, proof), beside)
    return sha256(b"\1", beside, included(leaf, index - width, size - width, proof))


def grown(old, size, proof, old_root):  # RFC 6962, 2.1.2: the old root and the new one
    if old == size:
        return (old_root or proof.pop(),) * 2
    width, beside = 1 << ((size - 1).bit_length() - 1), proof.pop()
    if old <= width:
        before, now = grown(old, width, proof, old_root)
        return before, sha256(b"\1", now, beside)
    before, now = grown(old - width, size - width, proof, None)
    return sha256(b"\1", beside, before), sha256(b"\1", beside, now)


def proven(part, keys):
    require(part["checkpoint"].count("\n") == 5, "not a checkpoint with one signature")
    size, root = opened(part["checkpoint"], keys)
    require(0 <= part["index"] < size, "the log ends before this entry")
    leaf, proof = part["leaf"].encode(), [decoded(text) for text in part["proof"]]
    found = included(sha256(b"\0", leaf), part["index"], size, proof)
    require(found == root and not proof, "the entry is not in the log")
    if part["content"] is not None:
        digest = sha256(decoded(part["salt"]), part["content"].encode()).hex()
        require(digest == json.loads(leaf)["digest"], "the entry is about another content")
    return size, root


def verify(raw, vkey, kept=None):
    receipt, keys = json.loads(raw), [vkey]
    require(json.dumps(receipt, indent=2, ensure_ascii=False) + "\n" == raw, "rewritten")
    require(" ".join(receipt) == FIELDS, "not a receipt of this version")
    words = "\n".join(list(receipt.values())[:3]).encode()
    require(sha256(words).hex() == WORDS, "its words were changed")
    for rotation in receipt["rotations"]:  # each key has named the next one
        stated = json.loads(rotation["content"])
        proven(rotation, [stated["old"]])
        if (stated["old"], json.loads(rotation["leaf"])["kind"]) == (keys[-1], "rotation"):
            keys.append(stated["new"])
    require(receipt["key"] == keys[-1], "of another key")
    size, root = proven(receipt, keys[-1:])
    require(bool(receipt["grew_from"]) == bool(kept), "made with --from: give that checkpoint too")
    if kept:
        old, old_root = opened(kept, keys)
        require(old <= size, "the log was longer once: its tail was cut")
        proof = [decoded(text) for text in receipt["grew_from"]["proof"]]
        require(receipt["grew_from"]["size"] == old, "it grew from another checkpoint")
        same = (old_root, root) == grown(old, size, proof, old_root) and not proof
        require(same, "a fork: the log did not grow from the checkpoint that you kept")
    return f"entry {receipt['index']} of {size}: {receipt['leaf']}"


if __name__ == "__main__":
    files = [Path(name).read_bytes().decode() for name in (sys.argv[1], *sys.argv[3:4])]
    try:
        print("The receipt holds.", verify(files[0], sys.argv[2], *files[1:]))
    except Exception as error:
        sys.exit(f"REFUSED: {type(error).__name__}: {error}")
