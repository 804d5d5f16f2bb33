"""The log's key in a workspace: `log.key` signs its checkpoints, `log.pub` lets others check.

`log.pub` is one vkey line: the key's name, which is also the log's origin, and the public key.
"""

from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.errors import InputError
from archive.files import publish
from archive.log.notes import SigningKey, VerifyingKey, check_key_name, parse_verifying_key

PRIVATE = "log.key"
PUBLIC = "log.pub"


def make_signing_key(folder: Path, *, name: str) -> SigningKey:
    """Make the log's key in `folder`, which stands; a key that is there already is kept.

    Raises:
        InputError: No key can have that name, or what stands there is not a key.
        OSError: The disk refused.
    """
    if (folder / PUBLIC).exists():
        return read_signing_key(folder)
    check_key_name(name, at=str(folder / PUBLIC))
    if not (folder / PRIVATE).exists():
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        publish(folder / PRIVATE, pem, mode=0o600)
    key = SigningKey(name, _read_private(folder / PRIVATE))
    publish(folder / PUBLIC, f"{key.verifying.text}\n".encode())
    return key


def read_signing_key(folder: Path) -> SigningKey:
    """Return the log's key.

    Raises:
        InputError: It is missing, unreadable or damaged, or its two files do not belong together.
    """
    verifying = read_verifying_key(folder)
    key = SigningKey(verifying.name, _read_private(folder / PRIVATE))
    if key.verifying != verifying:
        raise InputError(
            f"not the private key of {PUBLIC}",
            at=str(folder / PRIVATE),
            mend="Bring both files back from one backup.",
        )
    return key


def read_verifying_key(folder: Path) -> VerifyingKey:
    """Return the public half of the log's key.

    Raises:
        InputError: It is missing, unreadable or damaged.
    """
    path = folder / PUBLIC
    return parse_verifying_key(_read(path).decode(errors="replace"), at=str(path))


def _read_private(path: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(_read(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):  # damaged; with a password; unknown
        key = None
    if isinstance(key, Ed25519PrivateKey):
        return key
    raise InputError(
        "not an Ed25519 private key without a password, in PEM",
        at=str(path),
        mend="Bring it back from a backup.",
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(
            "the log's key is not there",
            at=str(path),
            mend="Bring the folder `keys` back from a backup: another key would start another log.",
        ) from error
    except OSError as error:
        raise InputError(
            f"the log's key cannot be read: {error.strerror}",
            at=str(path),
            mend="Give yourself the right to read it.",
        ) from error
