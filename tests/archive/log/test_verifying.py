"""`emeritus log verify`: everything is recomputed, and what is wrong is named."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.log.notes import Checkpoint, SigningKey, VerifyingKey, sign_note
from archive.workspace.workspace import Workspace
from tests.conftest import Emeritus
from tests.support.logs import grow, sql

SIZE = 300


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose log has 300 entries; never written to."""
    from tests.conftest import run

    root = tmp_path_factory.mktemp("filled") / "workspace"
    assert run("init", root, "--person", "ana=Ana Ruiz").exit_code == 0
    grow(root, SIZE)
    return root


@pytest.fixture
def root(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, which is the current folder."""
    shutil.copytree(filled, tmp_path / "workspace")
    monkeypatch.chdir(tmp_path / "workspace")
    return tmp_path / "workspace"


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def test_a_sound_log_is_valid_and_grew_from_what_was_kept(
    emeritus: Emeritus, root: Path, tmp_path: Path
) -> None:
    kept = [tmp_path / "first", tmp_path / "second"]
    shutil.copy(root / "log/checkpoint", kept[0])
    grow(root, 250)
    shutil.copy(root / "log/checkpoint", kept[1])
    grow(root, 5)

    verified = emeritus("log", "verify", "--from", kept[0], "--from", kept[1], "--json")

    found = verified.json
    assert (verified.exit_code, found["valid"], found["errors"]) == (0, True, [])
    assert (found["size"], found["entries"], len(found["keys"])) == (555, 555, 1)
    assert [item["size"] for item in found["consistent_with"]] == [300, 550]


def test_an_entry_whose_content_was_destroyed_is_counted_and_the_log_holds(
    emeritus: Emeritus, root: Path
) -> None:
    sql(root, 'UPDATE log_entry SET salt = NULL, content = NULL WHERE "index" = 7')

    verified = emeritus("log", "verify", "--json")

    assert (verified.exit_code, verified.json["destroyed"]) == (0, 1)


def change_content(root: Path) -> None:
    sql(root, """UPDATE log_entry SET content = '{"number":8}' WHERE "index" = 7""")


def change_entry(root: Path) -> None:
    sql(root, """UPDATE log_entry SET subject = 'another' WHERE "index" = 270""")


def remove_entry(root: Path) -> None:
    sql(root, 'DELETE FROM log_entry WHERE "index" = 17')


def cut_tail(root: Path) -> None:
    sql(root, 'DELETE FROM log_entry WHERE "index" >= 290')


def damage_bundle(root: Path) -> None:
    flip(root / "log/tile/entries/000", 30)


def cut_bundle(root: Path) -> None:
    path = root / "log/tile/entries/001.p/44"
    path.write_bytes(path.read_bytes()[:-1])


def damage_hash(root: Path) -> None:
    flip(root / "log/tile/0/001.p/44", 32 * 3)


def damage_upper_hash(root: Path) -> None:
    flip(root / "log/tile/1/000.p/1", 0)


def lose_tile(root: Path) -> None:
    (root / "log/tile/0/000").unlink()


def lose_checkpoint(root: Path) -> None:
    (root / "log/checkpoint").unlink()


def change_checkpoint(root: Path) -> None:
    path = root / "log/checkpoint"
    path.write_bytes(path.read_bytes().replace(b"\n300\n", b"\n299\n"))


def put_another_key(root: Path) -> None:
    name = (root / "keys/log.pub").read_text().split("+")[0]
    public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    (root / "keys/log.pub").write_text(VerifyingKey(name, public).text)


@pytest.mark.parametrize(
    ("damage", "file", "message", "index"),
    [
        (change_content, "emeritus.db", "entry 7: its log entry is not what was recorded", 7),
        (change_entry, "emeritus.db", "entry 270 is not the one that was signed", 270),
        (remove_entry, "emeritus.db", "entry 17 is not there, but signed", 17),
        (cut_tail, "emeritus.db", "entries from 290 to 299 are not there, but signed", 290),
        (damage_bundle, "log/tile/entries/000", "entry 0 is not the one that was signed", 0),
        (cut_bundle, "log/tile/entries/001.p/44", "a bundle of entries is damaged", 256),
        (damage_hash, "log/tile/0/001.p/44", "the hash of entry 259 is wrong", 259),
        (damage_upper_hash, "log/tile/1/000.p/1", "the entries from 0 to 255 is wrong", 0),
        (lose_tile, "log/tile/0/000", "a tile is missing", 0),
        (lose_checkpoint, "log/checkpoint", "is not there", None),
        (change_checkpoint, "log/checkpoint", "its signature is wrong", None),
        (put_another_key, "log/checkpoint", "not signed by the key", None),
    ],
)
def test_what_was_damaged_is_named_with_its_file_and_entry(
    emeritus: Emeritus,
    root: Path,
    damage: Callable[[Path], None],
    file: str,
    message: str,
    index: int | None,
) -> None:
    damage(root)

    verified = emeritus("log", "verify", "--json")

    (found,) = verified.json["errors"]
    assert (verified.exit_code, verified.json["valid"]) == (1, False)
    assert found["file"].endswith(file)
    assert message in found["message"]
    assert found["index"] == index


def test_a_finding_names_the_database_that_keeps_the_record(
    emeritus: Emeritus, opened: Workspace
) -> None:
    """Also where that is PostgreSQL."""
    grow(opened.root, 3)
    sql(opened.root, """UPDATE log_entry SET subject = 'another' WHERE "index" = 1""")

    verified = emeritus("log", "verify", "--json")

    assert [found["file"] for found in verified.json["errors"]] == [opened.database.name]


def resigned(root: Path, checkpoint: Checkpoint) -> bytes:
    """Sign a checkpoint as the holder of the log's own key would."""
    from archive.log.keys import read_signing_key

    return sign_note(checkpoint.text, read_signing_key(root / "keys"))


def longer(root: Path) -> bytes:
    origin = (root / "keys/log.pub").read_text().split("+")[0]
    return resigned(root, Checkpoint(origin=origin, size=301, root=bytes(32)))


def forked(root: Path) -> bytes:
    origin = (root / "keys/log.pub").read_text().split("+")[0]
    return resigned(root, Checkpoint(origin=origin, size=290, root=bytes(32)))


def of_another_log(root: Path) -> bytes:
    return resigned(root, Checkpoint(origin="another.example", size=3, root=bytes(32)))


def by_another_key(root: Path) -> bytes:
    origin = (root / "keys/log.pub").read_text().split("+")[0]
    key = SigningKey(origin, Ed25519PrivateKey.generate())
    return sign_note(Checkpoint(origin=origin, size=3, root=bytes(32)).text, key)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (longer, "of a longer log: 301 entries were signed, 300 are signed now"),
        (forked, "a fork: the log of now did not grow from its 290 entries"),
        (of_another_log, "of another log: another.example"),
        (by_another_key, "not signed by the key"),
        (lambda _root: b"noise", "not a signed note"),
    ],
    ids=["longer log", "fork", "another log", "wrong key", "noise"],
)
def test_a_kept_checkpoint_from_which_the_log_did_not_grow_is_refused(
    emeritus: Emeritus, root: Path, tmp_path: Path, make: Callable[[Path], bytes], message: str
) -> None:
    (tmp_path / "kept").write_bytes(make(root))

    verified = emeritus("log", "verify", "--from", tmp_path / "kept", "--json")

    (found,) = verified.json["errors"]
    assert verified.exit_code == 1
    assert found["file"].endswith("kept")
    assert message in found["message"]


def test_a_damaged_tile_of_an_older_checkpoint_is_named(emeritus: Emeritus, root: Path) -> None:
    grow(root, 7)
    flip(root / "log/tile/entries/001.p/44", 9)

    verified = emeritus("log", "verify", "--json")

    (found,) = verified.json["errors"]
    assert verified.exit_code == 1
    assert found["file"].endswith("/log/tile/entries/001.p/44")
    assert "is not the beginning of the tile that followed it" in found["message"]


def large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(500 * 10**6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(lambda _: None, "cannot be read: No such file", id="nothing there"),
        pytest.param(os.mkfifo, "no checkpoint: not a regular file", id="a pipe"),
        pytest.param(lambda path: path.symlink_to("/dev/zero"), "not a regular", id="endless"),
        pytest.param(large, "no checkpoint: larger than 1,048,576 bytes", id="500 MB"),
    ],
)
@pytest.mark.parametrize("command", [("verify",), ("receipt", "0")])
def test_a_kept_checkpoint_that_cannot_be_read_is_your_move(
    emeritus: Emeritus,
    root: Path,
    tmp_path: Path,
    command: tuple[str, ...],
    make: Callable[[Path], object],
    message: str,
) -> None:
    del root  # the current folder
    make(tmp_path / "kept")

    verified = emeritus("log", *command, "--from", tmp_path / "kept")

    assert (verified.exit_code, verified.stdout) == (2, "")
    assert f"{tmp_path / 'kept'}: " in verified.stderr
    assert message in verified.stderr


@pytest.mark.parametrize("make", [os.mkfifo, large], ids=["a pipe", "500 MB"])
@pytest.mark.parametrize(
    ("name", "code"),
    [
        pytest.param("log/checkpoint", 1, id="the checkpoint"),
        pytest.param("log/tile/0/001.p/44", 1, id="a tile"),
        pytest.param("log/tile/0/001.p/7", 1, id="an older tile"),
        pytest.param("log/tile/entries/000", 1, id="a bundle"),
        pytest.param("keys/log.pub", 2, id="the public key"),
    ],
)
def test_what_is_no_file_of_a_log_is_found_without_waiting_or_reading_it(
    emeritus: Emeritus, root: Path, name: str, code: int, make: Callable[[Path], object]
) -> None:
    grow(root, 7)
    (root / "log/tile/0/001.p/7").write_bytes((root / "log/tile/0/001.p/44").read_bytes()[:224])
    (root / name).unlink()
    make(root / name)

    verified = emeritus("log", "verify")

    assert verified.exit_code == code
    assert name in verified.stdout + verified.stderr


def test_a_log_rewritten_and_signed_anew_is_caught_by_the_checkpoint_that_was_kept(
    emeritus: Emeritus, root: Path, tmp_path: Path
) -> None:
    """The operator's own key cannot undo what somebody outside has kept."""
    shutil.copy(root / "log/checkpoint", tmp_path / "kept")
    sql(root, """UPDATE log_entry SET subject = 'another' WHERE "index" = 17""")
    shutil.rmtree(root / "log")
    grow(root, 1)

    alone = emeritus("log", "verify")
    compared = emeritus("log", "verify", "--from", tmp_path / "kept")

    assert (alone.exit_code, compared.exit_code) == (0, 1)
    assert "kept: a fork" in compared.stdout


def test_after_an_older_log_folder_was_brought_back_the_log_goes_on(
    emeritus: Emeritus, root: Path, tmp_path: Path
) -> None:
    shutil.copytree(root / "log", tmp_path / "older")
    grow(root, 400)
    shutil.rmtree(root / "log")
    shutil.copytree(tmp_path / "older", root / "log")

    before = emeritus("log", "verify", "--json")
    grow(root, 1)
    after = emeritus("log", "verify", "--from", tmp_path / "older/checkpoint", "--json")

    assert (before.exit_code, before.json["size"], before.json["entries"]) == (0, 300, 700)
    assert (after.exit_code, after.json["size"]) == (0, 701)


@pytest.mark.slow
def test_a_hundred_thousand_entries_take_seconds(emeritus: Emeritus, root: Path) -> None:
    grow(root, 100_000 - SIZE)
    began = time.monotonic()

    verified = emeritus("log", "verify")

    seconds = time.monotonic() - began
    assert (verified.exit_code, seconds < 30) == (0, True), seconds
