import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from archive.errors import InputError
from archive.log.keys import make_signing_key, read_signing_key, read_verifying_key
from archive.log.notes import open_note, sign_note

NAME = "emeritus.invalid/0190"


def pem(key: Ed25519PrivateKey | X25519PrivateKey, password: bytes | None = None) -> bytes:
    locked = serialization.BestAvailableEncryption(password) if password else None
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        locked or serialization.NoEncryption(),
    )


def test_a_made_key_is_read_again_and_only_its_owner_may(tmp_path: Path) -> None:
    made = make_signing_key(tmp_path, name=NAME)

    key = read_signing_key(tmp_path)
    assert open_note(sign_note("text\n", key), made.verifying, at="note") == "text\n"
    assert stat.S_IMODE((tmp_path / "log.key").stat().st_mode) == 0o600
    assert (tmp_path / "log.pub").read_text().startswith(f"{NAME}+")


def test_a_key_that_is_there_is_never_replaced(tmp_path: Path) -> None:
    made = make_signing_key(tmp_path, name=NAME)

    again = make_signing_key(tmp_path, name="emeritus.invalid/another")

    assert again.verifying == made.verifying


def test_a_key_made_only_by_half_is_finished(tmp_path: Path) -> None:
    made = make_signing_key(tmp_path, name=NAME)
    (tmp_path / "log.pub").unlink()  # as after a crash between the two files

    assert make_signing_key(tmp_path, name=NAME).verifying == made.verifying
    assert read_verifying_key(tmp_path) == made.verifying


def test_a_name_that_no_key_can_have_leaves_no_key(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not the name of a log key"):
        make_signing_key(tmp_path, name="two words")

    assert list(tmp_path.iterdir()) == []


def lose_the_key(folder: Path) -> None:
    (folder / "log.key").unlink()


def lose_the_public_half(folder: Path) -> None:
    (folder / "log.pub").unlink()


def cut_the_key(folder: Path) -> None:
    (folder / "log.key").write_bytes((folder / "log.key").read_bytes()[:60])


def put_a_password_on_it(folder: Path) -> None:
    (folder / "log.key").write_bytes(pem(Ed25519PrivateKey.generate(), b"secret"))


def put_a_key_of_another_kind(folder: Path) -> None:
    (folder / "log.key").write_bytes(pem(X25519PrivateKey.generate()))


def put_another_key(folder: Path) -> None:
    (folder / "log.key").write_bytes(pem(Ed25519PrivateKey.generate()))


def put_a_folder_there(folder: Path) -> None:
    (folder / "log.key").unlink()
    (folder / "log.key").mkdir()


def write_noise_into_the_public_half(folder: Path) -> None:
    (folder / "log.pub").write_bytes(b"\xff\xfe\x00")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lose_the_key, "log.key: the log's key is not there"),
        (lose_the_public_half, "log.pub: the log's key is not there"),
        (cut_the_key, "log.key: not an Ed25519 private key"),
        (put_a_password_on_it, "log.key: not an Ed25519 private key without a password"),
        (put_a_key_of_another_kind, "log.key: not an Ed25519 private key"),
        (put_another_key, "log.key: not the private key of log.pub"),
        (put_a_folder_there, "log.key: the log's key cannot be read: Is a directory"),
        (write_noise_into_the_public_half, "log.pub: not an Ed25519 key"),
    ],
)
def test_a_key_that_cannot_be_used_is_named_with_its_mend(
    tmp_path: Path, damage: Callable[[Path], None], message: str
) -> None:
    make_signing_key(tmp_path, name=NAME)
    damage(tmp_path)

    with pytest.raises(InputError, match=message) as caught:
        read_signing_key(tmp_path)

    assert "ack" in caught.value.mend or "right" in caught.value.mend
