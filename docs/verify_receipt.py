"""Verify a receipt of a log: python verify_receipt.py RECEIPT VKEY [CHECKPOINT that you kept].

After it, --witness VKEY: the receipt must hold a cosignature by this witness, and that is checked.
"""

import base64
import hashlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WORDS = (  # SHA-256 of the names of the fields, and of what the first three say
    "0b7784a459ea0421f657df039adf8e06d2c2ad19c85670762d96ef88fb2898cd",  # version 1
    "99cbc0383947ccd502ea1bfe1fcf52e7607bf4c3e03d29c28c1b5e42f462fac6",  # version 2: no witness
    "1bbe1869430c07d274461a2cddd53233d6fa62e1116636402d055e73a8500243",  # version 2: with witnesses
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
    require(note.endswith("\n"), "a note that was cut")
    for line in signatures.split("\n")[:-1]:
        dash, by, signature = line.split(" ")
        for name, key_id, key in (vkey.split("+", 2) for vkey in keys):
            if (dash, by, origin, decoded(signature)[:4].hex()) == ("—", name, name, key_id):
                public = Ed25519PublicKey.from_public_bytes(decoded(key)[1:])
                public.verify(decoded(signature)[4:], f"{text}\n".encode())
                return int(size), decoded(root)
    raise ValueError("not signed by this key, or of another log")


def cosigned(note, evidence, vkey):  # C2SP tlog-cosignature: the time that the witness has signed
    text, time = note.split("\n\n")[0], int.from_bytes(evidence[4:12], "big")
    key_id, key = vkey.split("+", 2)[1:]
    require(decoded(key)[:1] + evidence[:4] == b"\4" + bytes.fromhex(key_id), "no cosignature")
    public = Ed25519PublicKey.from_public_bytes(decoded(key)[1:])
    public.verify(evidence[12:], f"cosignature/v1\ntime {time}\n{text}\n".encode())
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


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


def follows(checkpoint, keys, proof, size, root):  # how long the log was at that checkpoint
    old, old_root = opened(checkpoint, keys)
    require(old <= size, "the log was longer once: its tail was cut")
    proof = [decoded(text) for text in proof]
    same = (old_root, root) == grown(old, size, proof, old_root) and not proof
    require(same, "a fork: the log did not grow from a checkpoint that was kept or witnessed")
    return old


def verify(raw, vkey, kept=None, trusted=()):
    receipt, keys = json.loads(raw), [vkey]
    require(json.dumps(receipt, indent=2, ensure_ascii=False) + "\n" == raw, "rewritten")
    witnesses, shows = receipt.get("witnesses", []), receipt["shows"]
    said = [f" By the clock of {w['name']} the log had this entry by {w['at']}." for w in witnesses]
    require(shows.endswith("".join(said)), "its words were changed")
    shows = shows[: len(shows) - len("".join(said))]
    words = [*receipt, str(bool(said)), receipt["$schema"], shows, receipt["does_not_show"]]
    require(sha256("\n".join(words).encode()).hex() in WORDS, "its words were changed")
    for rotation in receipt["rotations"]:  # each key has named the next one
        stated = json.loads(rotation["content"])
        proven(rotation, [stated["old"]])
        if (stated["old"], json.loads(rotation["leaf"])["kind"]) == (keys[-1], "rotation"):
            keys.append(stated["new"])
    require(receipt["key"] == keys[-1], "of another key")
    size, root = proven(receipt, keys[-1:])
    require(bool(receipt["grew_from"]) == bool(kept), "made with --from: give that checkpoint too")
    if kept:
        grew = receipt["grew_from"]
        require(follows(kept, keys, grew["proof"], size, root) == grew["size"], "of another size")
    require(set(trusted) <= {w["key"] for w in witnesses}, "this witness has not cosigned it")
    lines = [f"The receipt holds. entry {receipt['index']} of {size}: {receipt['leaf']}"]
    for witness, words in zip(witnesses, said, strict=True):
        old = follows(witness["checkpoint"], keys, witness["proof"], size, root)
        require(receipt["index"] < old, "the witness has not seen this entry")
        if witness["key"] in trusted:
            signed = (witness["key"].split("+")[0], "cosignature")
            signed += (
                cosigned(witness["checkpoint"], decoded(witness["evidence"]), witness["key"]),
            )
            said_by = (witness["name"], witness["kind"], witness["at"])
            require(said_by == signed, "not what the witness has signed")
            lines.append(f"Checked:{words}")
        elif witness["kind"] != "timestamp":
            lines.append(f"NOT CHECKED, give --witness VKEY:{words}")
    return "\n".join(lines)


def ask_openssl(path):  # what RFC 3161 demands of a timestamp, OpenSSL knows
    for number, witness in enumerate(json.loads(path.read_bytes()).get("witnesses", [])):
        if witness["kind"] == "timestamp":
            note, token, pem = (f"{path}.{number}.{end}" for end in ("note", "token", "pem"))
            Path(note).write_bytes(witness["checkpoint"].encode())
            Path(token).write_bytes(base64.b64decode(witness["evidence"]))
            Path(pem).write_bytes(witness["key"].encode())
            time = int(datetime.fromisoformat(witness["at"]).timestamp())
            yield f"NOT CHECKED: a timestamp of {witness['at']}. {pem} is the authority's certificate"
            yield "as the operator has it: compare it with the authority's own. Then both of these:"
            yield f"openssl ts -verify -token_in -in {quote(token)} -data {quote(note)} \\"
            yield f"  -CAfile {quote(pem)} -attime {time}"
            yield f"openssl ts -reply -token_in -in {quote(token)} -text"


if __name__ == "__main__":
    at = sys.argv.index("--witness") if "--witness" in sys.argv else len(sys.argv)
    arguments, given = sys.argv[1:at], sys.argv[at + 1 :: 2]
    try:
        texts = [Path(name).read_bytes().decode() for name in (arguments[0], *arguments[2:3])]
        found = [verify(texts[0], arguments[1], *(texts[1:] or [None]), given)]
        found.extend(ask_openssl(Path(arguments[0])))
        print("".join(c if c.isprintable() or c == "\n" else "?" for c in "\n".join(found)))
    except Exception as error:
        sys.exit(f"REFUSED: {type(error).__name__}: {error}")
