"""Verify all of a receipt: python verify_receipt_in_full.py RECEIPT VKEY [CHECKPOINT that you kept].

It takes verify_receipt.py beside it, and follows the keys, the words and the witnesses.
After these, --witness VKEY: the receipt must hold a cosignature by this witness, and that is checked.
"""

import json
import sys
from base64 import b64decode
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from shlex import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from verify_receipt import decoded, follows, opened, proven, require

WORDS = (  # SHA-256 of the names of the fields, and of what the first three say
    "0b7784a459ea0421f657df039adf8e06d2c2ad19c85670762d96ef88fb2898cd",  # version 1
    "99cbc0383947ccd502ea1bfe1fcf52e7607bf4c3e03d29c28c1b5e42f462fac6",  # version 2: no witness
    "1bbe1869430c07d274461a2cddd53233d6fa62e1116636402d055e73a8500243",  # version 2: with witnesses
)


def cosigned(note, evidence, vkey):  # C2SP tlog-cosignature: the time that the witness has signed
    text, time = note.split("\n\n")[0], int.from_bytes(evidence[4:12], "big")
    key_id, key = vkey.split("+", 2)[1:]
    require(decoded(key)[:1] + evidence[:4] == b"\4" + bytes.fromhex(key_id), "no cosignature")
    public = Ed25519PublicKey.from_public_bytes(decoded(key)[1:])
    public.verify(evidence[12:], f"cosignature/v1\ntime {time}\n{text}\n".encode())
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def strict(part, key):
    note = part["checkpoint"]
    require(note.count("\n") == 5 and note.endswith("\n"), "not a note with one signature")
    return proven(part, key)


def grew(checkpoint, keys, proof, size, root):  # how long the log was at that checkpoint
    require(checkpoint.endswith("\n"), "a note that was cut")
    ids = [line.split(" ")[2] for line in checkpoint.split("\n\n")[1].split("\n")[:-1]]
    by = [key for key in keys if key.split("+")[1] in {decoded(text)[:4].hex() for text in ids}]
    require(by, "not signed by a key of this log")
    old, old_root = opened(checkpoint, by[-1])
    follows(old, old_root, size, root, proof)
    return old


def verify(raw, vkey, kept=None, trusted=()):
    receipt, keys = json.loads(raw), [vkey]
    require(json.dumps(receipt, indent=2, ensure_ascii=False) + "\n" == raw, "rewritten")
    witnesses, shows = receipt.get("witnesses", []), receipt["shows"]
    said = [f" By the clock of {w['name']} the log had this entry by {w['at']}." for w in witnesses]
    require(shows.endswith("".join(said)), "its words were changed")
    shows = shows[: len(shows) - len("".join(said))]
    words = [*receipt, str(bool(said)), receipt["$schema"], shows, receipt["does_not_show"]]
    require(sha256("\n".join(words).encode()).hexdigest() in WORDS, "its words were changed")
    for rotation in receipt["rotations"]:  # each key has named the next one
        stated = json.loads(rotation["content"])
        strict(rotation, stated["old"])
        if (stated["old"], json.loads(rotation["leaf"])["kind"]) == (keys[-1], "rotation"):
            keys.append(stated["new"])
    require(receipt["key"] == keys[-1], "of another key")
    size, root = strict(receipt, keys[-1])
    require(bool(receipt["grew_from"]) == bool(kept), "made with --from: give that checkpoint too")
    if kept:
        growth = receipt["grew_from"]
        require(grew(kept, keys, growth["proof"], size, root) == growth["size"], "of another size")
    require(set(trusted) <= {w["key"] for w in witnesses}, "this witness has not cosigned it")
    lines = [f"The receipt holds. entry {receipt['index']} of {size}: {receipt['leaf']}"]
    for witness, words in zip(witnesses, said, strict=True):
        old = grew(witness["checkpoint"], keys, witness["proof"], size, root)
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
            Path(token).write_bytes(b64decode(witness["evidence"]))
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
