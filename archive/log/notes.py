"""Signed notes and checkpoints, as other log clients read them.

Pure. Formats: C2SP signed-note with Ed25519 (signature type 0x01), vkeys, and C2SP tlog-checkpoint.
Cosignatures (type 0x04) have their own module.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from archive.errors import FaultError, InputError

MAX_NOTE_BYTES = 1 << 20

ED25519 = b"\x01"
COSIGNATURE = b"\x04"
"""Signature types: of notes, and of witnesses that state a time with it."""

_KINDS = {ED25519: "an Ed25519 key", COSIGNATURE: "a witness's Ed25519 key (type 0x04)"}
_NAME = r"[^\s+]+"
_BASE64 = r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
_VKEY = re.compile(rf"({_NAME})\+[0-9a-f]{{8}}\+({_BASE64})")
_SIGNATURE = re.compile(rf"— ({_NAME}) ({_BASE64})\n")
_NOTE = re.compile(rf"([^\x00-\x09\x0b-\x1f]*\n)\n((?:{_SIGNATURE.pattern})+)")
_CHECKPOINT = re.compile(
    r"([^\n]+)\n"  # origin
    r"(0|[1-9][0-9]{0,17})\n"  # size
    r"([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)\n"  # root, 32 bytes
    r"((?:[^\n]+\n)*)"  # extensions
)
_BRING_BACK = "It was changed or cut: bring it back from a copy."


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """A named Ed25519 public key."""

    name: str
    public: bytes  # 32 bytes, RFC 8032
    kind: bytes = ED25519  # the type of its signatures

    @property
    def key_id(self) -> bytes:
        """The 4 bytes that stand before each of its signatures."""
        return hashlib.sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """The vkey: one line, name+id+key."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(self.kind + self.public)}"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A named Ed25519 private key."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verifying(self) -> VerifyingKey:
        """The public half."""
        return VerifyingKey(self.name, self.private.public_key().public_bytes_raw())


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What a log says of itself: how many entries it has, and the root over them."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text that is signed."""
        lines = (self.origin, str(self.size), to_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def check_key_name(name: str, *, at: str) -> str:
    """Return `name` if a key may have it.

    Raises:
        InputError: It is empty, or holds a space or a plus.
    """
    if re.fullmatch(_NAME, name):
        return name
    raise InputError(
        f"not the name of a log key: {name!r}",
        at=at,
        mend="Use an address without scheme, spaces and plus: archive.example/log.",
    )


def parse_verifying_key(text: str, *, at: str, kind: bytes = ED25519) -> VerifyingKey:
    """Return the key that a vkey line names.

    Raises:
        InputError: `text` is no such line, or its key is not one of Ed25519 for that `kind`.
    """
    line = text.strip()
    if match := _VKEY.fullmatch(line):
        kind_and_key = base64.b64decode(match[2])
        key = VerifyingKey(match[1], kind_and_key[1:], kind)
        if len(key.public) == 32 and key.text == line:
            return key
    raise InputError(
        f"not {_KINDS[kind]} as signed notes write it",
        at=at,
        mend="It is one line, NAME+8 hex digits+base64: bring it back from a copy.",
    )


def sign_note(text: str, *keys: SigningKey) -> bytes:
    """Return `text`, which ends in a newline, as a note that each of `keys` has signed."""
    lines = (
        signature_line(key.name, key.verifying.key_id + key.private.sign(text.encode()))
        for key in keys
    )
    return f"{text}\n{''.join(lines)}".encode()


def signature_line(name: str, signature: bytes) -> str:
    """Return the line of a note that holds a signature, which begins with the id of its key."""
    return f"— {name} {to_base64(signature)}\n"


def open_note(note: bytes, key: VerifyingKey, *, at: str) -> str:
    """Return the text of a note that `key` has signed; other keys' signatures are passed over.

    Raises:
        FaultError: It is no note, or the key's signature is missing or wrong.
    """
    return open_note_of(note, [key], at=at)[0]


def open_note_of(
    note: bytes, keys: Sequence[VerifyingKey], *, at: str
) -> tuple[str, list[VerifyingKey]]:
    """Return the text of a note, and which of `keys` have signed it: at least one.

    Raises:
        FaultError: It is no note, none of the keys has signed it, or a signature is wrong.
    """
    text, signatures = split_note(note, at=at)
    signers = [key for key in keys if (key.name, key.key_id) in signatures]
    if not signers:
        names = " or ".join(f"{key.name}+{key.key_id.hex()}" for key in keys)
        raise FaultError(
            f"not signed by the key {names}",
            at=at,
            mend="It belongs to another log, or the key was replaced: bring back what belongs here.",
        )
    try:
        for key in signers:
            for signature in signatures[key.name, key.key_id]:
                Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text.encode())
    except InvalidSignature as error:
        raise FaultError("its signature is wrong", at=at, mend=_BRING_BACK) from error
    return text, signers


def split_note(note: bytes, *, at: str) -> tuple[str, dict[tuple[str, bytes], list[bytes]]]:
    """Return the text of a note, and its signatures by name and id of the key, none checked.

    Raises:
        FaultError: It is no note.
    """
    try:
        match = _NOTE.fullmatch(note.decode()) if len(note) <= MAX_NOTE_BYTES else None
    except UnicodeDecodeError:
        match = None
    if match is None:
        raise FaultError("not a signed note", at=at, mend=_BRING_BACK)
    signatures: dict[tuple[str, bytes], list[bytes]] = {}
    for name, encoded in _SIGNATURE.findall(match[2]):
        raw = base64.b64decode(encoded)
        if to_base64(raw) != encoded:  # bits that mean nothing were changed
            raise FaultError("not a signed note", at=at, mend=_BRING_BACK)
        signatures.setdefault((name, raw[:4]), []).append(raw[4:])
    return match[1], signatures


def with_one_signature(note: bytes, key: VerifyingKey, *, at: str) -> str:
    """Return a note that `key` has signed, without the signatures of others.

    Raises:
        FaultError: It is no note, or the key's signature is missing or wrong.
    """
    text = open_note(note, key, at=at)
    signature = split_note(note, at=at)[1][key.name, key.key_id][0]
    return f"{text}\n{signature_line(key.name, key.key_id + signature)}"


def parse_checkpoint(text: str, *, at: str) -> Checkpoint:
    """Return the checkpoint that the text of a note states.

    Raises:
        FaultError: It states none.
    """
    match = _CHECKPOINT.fullmatch(text)
    if match is None:
        raise FaultError("not a checkpoint", at=at, mend=_BRING_BACK)
    return Checkpoint(
        origin=match[1],
        size=int(match[2]),
        root=base64.b64decode(match[3]),
        extensions=tuple(match[4].split("\n")[:-1]),
    )


def to_base64(content: bytes) -> str:
    """Return bytes as notes and vkeys write them."""
    return base64.b64encode(content).decode()
