"""Cosignatures: what an outside witness signs of a checkpoint, with its own time.

Pure. Format: C2SP tlog-cosignature with Ed25519 (`cosignature/v1`, signature type 0x04). The
signature that a note holds is the id of the key, the time in 8 bytes, and 64 bytes of Ed25519.
"""

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from archive.errors import FaultError, InputError
from archive.log.notes import COSIGNATURE, VerifyingKey, parse_verifying_key, split_note

_TIME_BYTES = 8
_LAST_TIME = 2**63 - 1

_MEND = "Ask the witness for another one; nothing was kept."


@dataclass(frozen=True, slots=True)
class Cosignature:
    """What one witness has signed of one checkpoint."""

    time: int  # by the witness's clock: POSIX seconds
    signature: bytes  # as the note holds it, from the id of the key on


def parse_witness_key(text: str, *, at: str) -> VerifyingKey:
    """Return the witness's key that a vkey line names.

    Raises:
        InputError: It is no such line, of another signature type, or its name cannot be printed.
    """
    key = parse_verifying_key(text, at=at, kind=COSIGNATURE)
    if key.name.isprintable():
        return key
    raise InputError(
        f"a name that cannot be printed: {key.name!r}",
        at=at,
        mend="Ask the witness for a key with another name.",
    )


def signed_message(text: str, time: int) -> bytes:
    """Return what a witness signs of a checkpoint's `text`."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def read_cosignature(note: bytes, key: VerifyingKey, *, at: str) -> Cosignature:
    """Return the earliest cosignature of `key` on a note; all that it made must verify.

    Raises:
        FaultError: It is no note, the key has not cosigned it, or a cosignature is wrong.
    """
    text, signatures = split_note(note, at=at)
    found = signatures.get((key.name, key.key_id), [])
    if not found:
        raise FaultError(
            f"not cosigned by {key.name}+{key.key_id.hex()}",
            at=at,
            mend="Give the key of a witness that has cosigned it.",
        )
    read = [_verified(text, signature, key, at) for signature in found]
    return min(read, key=lambda cosignature: cosignature.time)


def _verified(text: str, signature: bytes, key: VerifyingKey, at: str) -> Cosignature:
    time = int.from_bytes(signature[:_TIME_BYTES])
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(
            signature[_TIME_BYTES:], signed_message(text, time)
        )
    except InvalidSignature as error:
        raise FaultError("the cosignature is wrong", at=at, mend=_MEND) from error
    if time > _LAST_TIME:
        raise FaultError("the cosignature states no time", at=at, mend=_MEND)
    return Cosignature(time, key.key_id + signature)
