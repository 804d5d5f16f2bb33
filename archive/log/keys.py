"""The log's key in a workspace: `log.key` signs its checkpoints, `log.pub` lets others check.

`log.pub` is one vkey line: the key's name, which is also the log's origin, and the public key.
`next.key` and `next.pub` are there while a key is being rotated: they take the others' places.
"""

from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.errors import InputError
from archive.files import publish, read_bounded, sync_folder
from archive.log.notes import SigningKey, VerifyingKey, check_key_name, parse_verifying_key

PRIVATE = "log.key"
PUBLIC = "log.pub"
NEXT_PRIVATE = "next.key"
NEXT_PUBLIC = "next.pub"

LONGEST_KEY = 1 << 16  # bytes


def make_signing_key(folder: Path, *, name: str) -> SigningKey:
    """Make the log's key in `folder`, which stands; a key that is there already is kept.

    Raises:
        InputError: No key can have that name, or what stands there is not a key.
        OSError: The disk refused.
    """
    if (folder / PUBLIC).exists():
        return read_signing_key(folder)
    return _make(folder / PRIVATE, folder / PUBLIC, name)


def make_next_key(folder: Path, *, name: str) -> SigningKey:
    """Make the key that is to take over; one that a kill has left is used.

    Raises:
        InputError: What stands there is not a key.
        OSError: The disk refused.
    """
    return _make(folder / NEXT_PRIVATE, folder / NEXT_PUBLIC, name)


def read_signing_key(folder: Path) -> SigningKey:
    """Return the log's key.

    Raises:
        InputError: It is missing, unreadable or damaged, or its two files do not belong together.
    """
    for last_try in (False, True):  # another process may be putting a new pair there
        verifying = read_verifying_key(folder)
        key = SigningKey(verifying.name, _read_private(folder / PRIVATE))
        if key.verifying in {verifying, read_next_key(folder)}:
            return key
        if last_try:
            break
    raise InputError(
        f"not the private key of {PUBLIC}",
        at=str(folder / PRIVATE),
        mend="Bring both files back from one backup.",
    )


def read_next_key(folder: Path) -> VerifyingKey | None:
    """Return the public half of the key that is to take over; None: none is.

    Raises:
        InputError: It is unreadable or damaged.
    """
    path = folder / NEXT_PUBLIC
    try:
        return parse_verifying_key(_content(path).decode(errors="replace"), at=str(path))
    except FileNotFoundError:
        return None


def read_next_signing_key(folder: Path) -> SigningKey:
    """Return the key that is to take over.

    Raises:
        InputError: It is missing, unreadable or damaged.
    """
    return SigningKey(read_verifying_key(folder).name, _read_private(folder / NEXT_PRIVATE))


def take_over(folder: Path) -> None:
    """Put the next key in the place of the log's, whose private half is gone then.

    Killed at any point, it is finished by the next call.
    """
    if (folder / NEXT_PRIVATE).exists():
        (folder / NEXT_PRIVATE).replace(folder / PRIVATE)
        sync_folder(folder)
    (folder / NEXT_PUBLIC).replace(folder / PUBLIC)
    sync_folder(folder)


def read_verifying_key(folder: Path) -> VerifyingKey:
    """Return the public half of the log's key.

    Raises:
        InputError: It is missing, unreadable or damaged.
    """
    path = folder / PUBLIC
    return parse_verifying_key(_read(path).decode(errors="replace"), at=str(path))


def _make(private: Path, public: Path, name: str) -> SigningKey:
    check_key_name(name, at=str(public))
    for left_by_a_kill in private.parent.glob(f".{private.stem}.*.{'[0-9a-f]' * 8}"):
        left_by_a_kill.unlink()
    if not private.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        publish(private, pem, mode=0o600)
    key = SigningKey(name, _read_private(private))
    publish(public, f"{key.verifying.text}\n".encode())
    return key


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
        return _content(path)
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


def _content(path: Path) -> bytes:
    try:
        return read_bounded(path.resolve(), LONGEST_KEY)
    except ValueError as error:
        raise InputError(
            f"no key: {error}", at=str(path), mend="Bring it back from a backup."
        ) from error
