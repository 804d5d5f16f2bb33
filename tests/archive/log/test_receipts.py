"""Receipts, verified as a stranger would: by docs/verify_receipt.py alone."""

import base64
import json
import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from archive.log import merkle
from archive.log.notes import VerifyingKey
from archive.log.tiles import stored_hashes
from tests.conftest import Emeritus, run
from tests.support.logs import grow, sql
from tests.support.naive_tree import naive_root

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "docs/verify_receipt.py"
STRANGER = runpy.run_path(str(SCRIPT))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder: a workspace whose key was rotated, a checkpoint kept before, and a receipt."""
    folder = tmp_path_factory.mktemp("house")
    root, kept = folder / "workspace", folder / "kept"
    assert run("init", root, "--person", "ana=Ana Ruiz").exit_code == 0
    shutil.copy(root / "keys/log.pub", folder / "first.pub")
    grow(root, 5)
    shutil.copy(root / "log/checkpoint", kept)
    for arguments in (
        ("key", "rotate", "--by", "ana"),
        ("log", "receipt", "3", "--with-content", "--from", kept, "--out", folder / "receipt"),
        ("log", "receipt", "decision", "act-3", "--out", folder / "brief"),
    ):
        done = run("--workspace", root, *arguments)
        assert done.exit_code == 0, done.stderr
    return folder


def stranger(receipt: Path, vkey: str, *kept: Path) -> subprocess.CompletedProcess[str]:
    """Run the script where emeritus cannot be imported."""
    code = (
        "import runpy, sys; sys.modules.update(dict.fromkeys(['archive', 'interviews', 'blog']));"
        "sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    command = [sys.executable, "-I", "-c", code, str(SCRIPT), str(receipt), vkey, *map(str, kept)]
    return subprocess.run(  # noqa: S603  # our own script
        command, cwd=receipt.parent, capture_output=True, text=True, check=False, env={}, timeout=60
    )


def first_key(house: Path) -> str:
    return (house / "first.pub").read_text().strip()


def verify(document: dict[str, Any] | str, vkey: str, kept: str | None = None) -> None:
    raw = document if isinstance(document, str) else written(document)
    STRANGER["verify"](raw, vkey, kept)


def written(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def test_a_stranger_verifies_a_receipt_with_the_first_public_key_alone(house: Path) -> None:
    brief = stranger(house / "brief", first_key(house))
    whole = stranger(house / "receipt", first_key(house), house / "kept")
    later = stranger(house / "brief", (house / "workspace/keys/log.pub").read_text().strip())

    assert (brief.returncode, whole.returncode, later.returncode) == (0, 0, 0), whole.stderr
    assert whole.stdout.startswith("The receipt holds. entry 3 of 7: ")


def test_a_receipt_holds_the_content_only_where_that_was_asked_for(house: Path) -> None:
    brief = json.loads((house / "brief").read_bytes())
    whole = json.loads((house / "receipt").read_bytes())

    assert (brief["salt"], brief["content"], brief["grew_from"]) == (None, None, None)
    assert json.loads(whole["content"]) == {"number": 3}
    assert "ana" not in (house / "receipt").read_text()
    assert "operator's clock only" in brief["does_not_show"]


def test_a_receipt_follows_its_schema(house: Path) -> None:
    schema = json.loads((ROOT / "archive/schemas/receipt.schema.json").read_bytes())
    Draft202012Validator.check_schema(schema)

    for name in ("brief", "receipt"):
        faults = list(
            Draft202012Validator(schema).iter_errors(json.loads((house / name).read_bytes()))
        )
        assert faults == []


def another_entry(receipt: dict[str, Any]) -> None:
    receipt["leaf"] = receipt["leaf"].replace("act-3", "act-4")


def another_content(receipt: dict[str, Any]) -> None:
    receipt["content"] = '{"number":4}'


def another_proof(receipt: dict[str, Any]) -> None:
    receipt["proof"][1] = base64.b64encode(bytes(32)).decode()


def longer_proof(receipt: dict[str, Any]) -> None:
    receipt["proof"].append(base64.b64encode(bytes(32)).decode())


def another_checkpoint(receipt: dict[str, Any]) -> None:
    receipt["checkpoint"] = receipt["checkpoint"].replace("\n7\n", "\n8\n")


def removed_entry(receipt: dict[str, Any]) -> None:
    receipt["index"] = 2


def after_the_end(receipt: dict[str, Any]) -> None:
    receipt["index"] = 7


def no_rotation(receipt: dict[str, Any]) -> None:
    receipt["rotations"] = []


def another_successor(receipt: dict[str, Any]) -> None:
    (rotation,) = receipt["rotations"]
    rotation["content"] = rotation["content"].replace('"new":"', '"new":"x')


def stronger_words(receipt: dict[str, Any]) -> None:
    receipt["shows"] += " All of it is true."


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (another_entry, "the entry is not in the log"),
        (another_content, "about another content"),
        (another_proof, "the entry is not in the log"),
        (longer_proof, "the entry is not in the log"),
        (another_checkpoint, "InvalidSignature"),
        (removed_entry, "the entry is not in the log"),
        (after_the_end, "the log ends before this entry"),
        (no_rotation, "of another key"),
        (another_successor, "about another content"),
        (stronger_words, "its words were changed"),
    ],
)
def test_a_stranger_refuses_a_receipt_that_was_changed(
    house: Path, tmp_path: Path, change: Callable[[dict[str, Any]], None], message: str
) -> None:
    document = json.loads((house / "receipt").read_bytes())
    change(document)
    (tmp_path / "receipt").write_text(written(document))

    refused = stranger(tmp_path / "receipt", first_key(house), house / "kept")

    assert refused.returncode == 1
    assert "REFUSED: " in refused.stderr
    assert message in refused.stderr


def test_a_stranger_refuses_another_key(house: Path) -> None:
    name = first_key(house).split("+")[0]
    public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()

    refused = stranger(house / "brief", VerifyingKey(name, public).text)

    assert (refused.returncode, "of another key" in refused.stderr) == (1, True)


def rewrite(root: Path) -> None:
    sql(root, """UPDATE log_entry SET subject = 'another' WHERE "index" = 1""")


def remove(root: Path) -> None:
    sql(root, 'DELETE FROM log_entry WHERE "index" = 1')
    sql(root, 'UPDATE log_entry SET "index" = "index" - 1 WHERE "index" > 1')


def cut(root: Path) -> None:
    sql(root, 'DELETE FROM log_entry WHERE "index" > 1')


@pytest.mark.parametrize("history", [rewrite, remove, cut], ids=["fork", "removed", "cut tail"])
def test_a_history_that_was_rewritten_and_signed_anew_is_refused(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, history: Callable[[Path], None]
) -> None:
    """The one who kept a checkpoint gets no receipt that holds, also from the log's own key."""
    grow(workspace, 4)
    shutil.copy(workspace / "log/checkpoint", tmp_path / "kept")
    history(workspace)
    shutil.rmtree(workspace / "log")
    grow(workspace, 1)

    refused = emeritus("log", "receipt", "0", "--from", tmp_path / "kept")
    forged = emeritus("log", "receipt", "0").json
    size = int(forged["checkpoint"].splitlines()[1])
    hashes = stored_hashes(workspace / "log", size)
    proof = merkle.consistency_proof(4, size, hashes) if size >= 4 else []
    forged["grew_from"] = {"size": 4, "proof": [base64.b64encode(h).decode() for h in proof]}
    (tmp_path / "forged").write_text(written(forged))
    judged = stranger(
        tmp_path / "forged", (workspace / "keys/log.pub").read_text().strip(), tmp_path / "kept"
    )

    assert (refused.exit_code, judged.returncode) == (1, 1)
    assert "the log did not grow from its 4 entries" in refused.stderr
    assert "a fork" in judged.stderr or "its tail was cut" in judged.stderr


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_byte_of_a_receipt_can_be_changed(house: Path, data: st.DataObject) -> None:
    raw = (house / "receipt").read_bytes()
    kept = (house / "kept").read_text()
    at = data.draw(st.integers(0, len(raw) - 1))
    changed = bytearray(raw)
    changed[at] ^= data.draw(st.integers(1, 255))

    with pytest.raises(Exception):  # noqa: B017, PT011  # of whatever kind: the script says REFUSED
        verify(bytes(changed).decode(), first_key(house), kept)


@given(st.integers(1, 70), st.data())
def test_the_strangers_proofs_are_those_of_the_definition(size: int, data: st.DataObject) -> None:
    entries = [b"entry %d" % number for number in range(size)]
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))

    def subtree(height: int, number: int) -> bytes:
        return naive_root(entries[number << height : (number + 1) << height])

    inclusion = merkle.inclusion_proof(index, size, subtree)
    consistency = merkle.consistency_proof(old, size, subtree)
    roots = (naive_root(entries[:old]), naive_root(entries))

    leaf = merkle.leaf_hash(entries[index])
    assert STRANGER["included"](leaf, index, size, inclusion) == roots[1]
    assert STRANGER["grown"](old, size, consistency, roots[0]) == roots


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["9"], 2, "9: the log has no such entry"),
        (["9" * 50], 2, "the log has no such entry"),
        (["release"], 2, "which one?"),
        (["release", "nobody"], 2, "nobody: the log has no entry 'release' of it"),
        (["0", "--from", "nowhere"], 2, "nowhere: cannot be read"),
        (["0", "--out", "emeritus.toml"], 2, "emeritus.toml: is there already"),
        (["0", "--with-content"], 1, "entry 0: its content was destroyed"),
    ],
)
def test_what_cannot_be_proven_is_refused(
    emeritus: Emeritus, workspace: Path, arguments: list[str], code: int, message: str
) -> None:
    grow(workspace, 1)
    sql(workspace, "UPDATE log_entry SET salt = NULL, content = NULL")
    before = (workspace / "emeritus.toml").read_bytes()

    refused = emeritus("log", "receipt", *arguments)

    assert (refused.exit_code, refused.stdout) == (code, "")
    assert message in refused.stderr
    assert (workspace / "emeritus.toml").read_bytes() == before


def test_an_entry_that_is_not_signed_yet_has_no_receipt(
    emeritus: Emeritus, workspace: Path, tmp_path: Path
) -> None:
    shutil.copytree(workspace / "log", tmp_path / "older")
    grow(workspace, 1)
    shutil.rmtree(workspace / "log")
    os.rename(tmp_path / "older", workspace / "log")  # noqa: PTH104  # shorter

    refused = emeritus("log", "receipt", "0")

    assert (refused.exit_code, "entry 0: not signed yet" in refused.stderr) == (1, True)
