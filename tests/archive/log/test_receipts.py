"""Receipts, verified as a stranger would: by the two scripts in docs/ alone."""

import ast
import base64
import json
import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from itertools import product
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
from tests.support.timestamps import authority
from tests.support.witnesses import Witness

ROOT = Path(__file__).parents[3]
SHORT, FULL = ROOT / "docs/verify_receipt.py", ROOT / "docs/verify_receipt_in_full.py"
WITNESS, AUTHORITY = Witness.new(), authority()
JUNE, JULY = datetime(2025, 6, 15, tzinfo=UTC), datetime(2025, 7, 1, tzinfo=UTC)
sys.path.insert(0, str(ROOT / "docs"))  # as for who runs a script that lies there
BRIEFLY, STRANGER = runpy.run_path(str(SHORT)), runpy.run_path(str(FULL))
sys.path.remove(str(ROOT / "docs"))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder: a workspace whose key was rotated, a checkpoint kept before, and receipts.

    `witnessed` is made after a witness and an authority have seen that checkpoint.
    """
    folder = tmp_path_factory.mktemp("house")
    root, kept = folder / "workspace", folder / "kept"
    assert run("init", root, "--person", "ana=Ana Ruiz").exit_code == 0
    shutil.copy(root / "keys/log.pub", folder / "first.pub")
    grow(root, 5)
    shutil.copy(root / "log/checkpoint", kept)
    note = kept.read_bytes()
    (folder / "cosigned").write_bytes(WITNESS.cosigned(note, at=int(JUNE.timestamp())))
    (folder / "answer").write_bytes(AUTHORITY.answer(note, at=JULY))
    (folder / "root.pem").write_bytes(AUTHORITY.root_pem)
    for arguments in (
        ("key", "rotate", "--by", "ana"),
        ("log", "receipt", "3", "--with-content", "--from", kept, "--out", folder / "receipt"),
        ("log", "receipt", "decision", "act-3", "--out", folder / "brief"),
        ("log", "witness", "add", folder / "cosigned", "--key", WITNESS.vkey),
        (
            "log", "witness", "add", kept,
            "--timestamp", folder / "answer", "--certificate", folder / "root.pem",
        ),
        ("log", "receipt", "3", "--out", folder / "witnessed"),
        ("log", "receipt", "6", "--out", folder / "later"),
    ):  # fmt: skip
        done = run("--workspace", root, *arguments)
        assert done.exit_code == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def unrotated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder: a workspace with its first key, a checkpoint of it, and a receipt from that."""
    folder = tmp_path_factory.mktemp("unrotated")
    root = folder / "workspace"
    assert run("init", root, "--person", "ana=Ana Ruiz").exit_code == 0
    grow(root, 5)
    shutil.copy(root / "log/checkpoint", folder / "kept")
    grow(root, 3)
    arguments = ("3", "--with-content", "--from", folder / "kept", "--out", folder / "receipt")
    done = run("--workspace", root, "log", "receipt", *arguments)
    assert done.exit_code == 0, done.stderr
    shutil.copy(root / "keys/log.pub", folder / "first.pub")
    return folder


@pytest.fixture(scope="module")
def cosigned(house: Path) -> str:
    """A receipt with a cosignature and no timestamp, which the script does not check."""
    document = json.loads((house / "witnessed").read_bytes())
    stamp = document["witnesses"].pop()
    sentence = f" By the clock of {stamp['name']} the log had this entry by {stamp['at']}."
    document["shows"] = document["shows"].removesuffix(sentence)
    return written(document)


def stranger(
    receipt: Path, vkey: str, *kept: Path | str, script: Path = FULL
) -> subprocess.CompletedProcess[str]:
    """Run the script where emeritus cannot be imported."""
    code = (
        "import runpy, sys; sys.modules.update(dict.fromkeys(['archive', 'interviews', 'blog']));"
        "sys.path.insert(0, sys.argv[1]); sys.argv = sys.argv[2:];"
        "runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    arguments = (script.parent, script, receipt, vkey, *kept)
    command = [sys.executable, "-I", "-B", "-c", code, *map(str, arguments)]
    return subprocess.run(  # noqa: S603  # our own script
        command, cwd=receipt.parent, capture_output=True, text=True, check=False, env={}, timeout=60
    )


def first_key(house: Path) -> str:
    return (house / "first.pub").read_text().strip()


def verify(raw: str, vkey: str, kept: str | None = None, *trusted: str) -> str:
    return str(STRANGER["verify"](raw, vkey, kept, trusted))


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

    for name in ("brief", "receipt", "witnessed"):
        faults = list(
            Draft202012Validator(schema).iter_errors(json.loads((house / name).read_bytes()))
        )
        assert faults == []


def test_a_receipt_of_version_1_holds(house: Path) -> None:
    document = json.loads((house / "brief").read_bytes())
    del document["witnesses"]
    document["$schema"] = document["$schema"].replace("/2", "/1")

    assert verify(written(document), first_key(house)).startswith("The receipt holds.")


def test_a_stranger_checks_a_cosignature_with_the_witness_s_key(house: Path) -> None:
    trusting = stranger(house / "witnessed", first_key(house), "--witness", WITNESS.vkey)
    distrusting = stranger(house / "witnessed", first_key(house))
    of_another = stranger(
        house / "witnessed", first_key(house), "--witness", Witness.new(WITNESS.name).vkey
    )
    of_none = stranger(house / "brief", first_key(house), "--witness", WITNESS.vkey)

    words = f"By the clock of {WITNESS.name} the log had this entry by 2025-06-15T00:00:00.000000Z."
    assert f"Checked: {words}" in trusting.stdout
    assert f"NOT CHECKED, give --witness VKEY: {words}" in distrusting.stdout
    assert (trusting.returncode, distrusting.returncode) == (0, 0), trusting.stderr
    assert (of_another.returncode, of_none.returncode) == (1, 1)
    assert "this witness has not cosigned it" in of_another.stderr


def test_a_receipt_says_what_a_witness_adds_and_what_none_does(house: Path) -> None:
    witnessed = json.loads((house / "witnessed").read_bytes())
    later = json.loads((house / "later").read_bytes())

    assert [row["kind"] for row in witnessed["witnesses"]] == ["cosignature", "timestamp"]
    assert witnessed["shows"].endswith(
        f" By the clock of {WITNESS.name} the log had this entry by 2025-06-15T00:00:00.000000Z."
        " By the clock of CN=Hour Glass the log had this entry by 2025-07-01T00:00:00.000000Z."
    )
    assert "not later than the witnesses say" in witnessed["does_not_show"]
    assert (later["index"], later["witnesses"]) == (6, [])  # of after what they have seen
    assert "no outside witness has signed" in later["does_not_show"]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_a_stranger_is_told_how_openssl_checks_a_timestamp(house: Path, tmp_path: Path) -> None:
    receipt = tmp_path / "a receipt"
    shutil.copy(house / "witnessed", receipt)

    told = stranger(receipt, first_key(house))

    commands = told.stdout[told.stdout.index("openssl ts -verify") :]
    (tmp_path / "commands").write_text(f"set -e\n{commands}")
    done = subprocess.run(  # what the script says
        ["sh", "commands"],  # noqa: S607  # as it is installed
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "NOT CHECKED: a timestamp of 2025-07-01T00:00:00.000000Z" in told.stdout
    assert done.returncode == 0, done.stderr
    assert "Verification: OK" in done.stdout
    assert "Time stamp: Jul  1 00:00:00 2025 GMT" in done.stdout

    changed = (tmp_path / "a receipt.1.note").read_bytes().replace(b"\n5\n", b"\n6\n")
    (tmp_path / "a receipt.1.note").write_bytes(changed)
    refused = subprocess.run(  # what the script says
        ["sh", "commands"],  # noqa: S607  # as it is installed
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert refused.returncode != 0


def test_each_witness_is_named_once_by_the_first_time_at_which_it_saw_the_entry(
    emeritus: Emeritus, workspace: Path, tmp_path: Path
) -> None:
    grow(workspace, 2)
    others = [Witness.new(f"other.example/{number}") for number in range(3)]
    for witness, day in [
        (WITNESS, 9),
        (WITNESS, 3),
        (WITNESS, 5),
        *zip(others, (4, 1, 8), strict=True),
    ]:
        at = int(datetime(2025, 6, day, tzinfo=UTC).timestamp())
        note = (workspace / "log/checkpoint").read_bytes()
        (tmp_path / "cosigned").write_bytes(witness.cosigned(note, at=at))
        added = emeritus("log", "witness", "add", tmp_path / "cosigned", "--key", witness.vkey)
        assert added.exit_code == 0, added.stderr

    found = emeritus("log", "receipt", "1").json["witnesses"]

    assert [(row["name"], row["at"][:10]) for row in found] == [
        ("other.example/1", "2025-06-01"),
        (WITNESS.name, "2025-06-03"),
        ("other.example/0", "2025-06-04"),
    ]


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


def another_name(receipt: dict[str, Any]) -> None:
    receipt["witnesses"][0]["name"] = "library.example"
    receipt["shows"] = receipt["shows"].replace(WITNESS.name, "library.example")


def another_kind(receipt: dict[str, Any]) -> None:
    receipt["witnesses"][0]["kind"] = "timestamp"


def earlier(receipt: dict[str, Any]) -> None:
    receipt["witnesses"][0]["at"] = "2024-06-15T00:00:00.000000Z"
    receipt["shows"] = receipt["shows"].replace("2025-06-15", "2024-06-15")


def another_witness(receipt: dict[str, Any]) -> None:
    receipt["witnesses"][0]["key"] = Witness.new(WITNESS.name).vkey


def another_cosignature(receipt: dict[str, Any]) -> None:
    row = receipt["witnesses"][0]
    raw = bytearray(base64.b64decode(row["evidence"]))
    raw[-1] ^= 1
    row["evidence"] = base64.b64encode(raw).decode()


def another_witnessed_checkpoint(receipt: dict[str, Any]) -> None:
    row = receipt["witnesses"][0]
    row["checkpoint"], row["proof"] = receipt["checkpoint"], []


def another_growth(receipt: dict[str, Any]) -> None:
    receipt["witnesses"][0]["proof"].pop()


def no_witness(receipt: dict[str, Any]) -> None:
    del receipt["witnesses"][0]


def only_its_words(receipt: dict[str, Any]) -> None:
    receipt["shows"] += receipt["shows"][-80:]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (another_name, "not what the witness has signed"),
        (another_kind, "not what the witness has signed"),
        (earlier, "not what the witness has signed"),
        (another_witness, "this witness has not cosigned it"),
        (another_cosignature, "InvalidSignature"),
        (another_witnessed_checkpoint, "InvalidSignature"),
        (another_growth, "a fork"),
        (no_witness, "its words were changed"),
        (only_its_words, "its words were changed"),
    ],
)
def test_a_stranger_refuses_a_witness_that_was_changed(
    house: Path, tmp_path: Path, change: Callable[[dict[str, Any]], None], message: str
) -> None:
    document = json.loads((house / "witnessed").read_bytes())
    change(document)
    (tmp_path / "receipt").write_text(written(document))

    refused = stranger(tmp_path / "receipt", first_key(house), "--witness", WITNESS.vkey)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert message in refused.stderr


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
    key = (workspace / "keys/log.pub").read_text().strip()

    assert refused.exit_code == 1
    assert "the log did not grow from its 4 entries" in refused.stderr
    for script in (SHORT, FULL):
        judged = stranger(tmp_path / "forged", key, tmp_path / "kept", script=script)
        assert judged.returncode == 1
        assert "a fork" in judged.stderr or "its tail was cut" in judged.stderr


@pytest.mark.parametrize("history", [rewrite, remove, cut], ids=["fork", "removed", "cut tail"])
def test_a_history_that_was_rewritten_after_a_witness_saw_it_is_refused(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, history: Callable[[Path], None]
) -> None:
    """Who knows the witness's key alone, and kept nothing, is not deceived."""
    grow(workspace, 4)
    note = (workspace / "log/checkpoint").read_bytes()
    (tmp_path / "cosigned").write_bytes(WITNESS.cosigned(note, at=int(JUNE.timestamp())))
    added = emeritus("log", "witness", "add", tmp_path / "cosigned", "--key", WITNESS.vkey)
    true = emeritus("log", "receipt", "0").json
    history(workspace)
    shutil.rmtree(workspace / "log")
    grow(workspace, 1)

    refused = emeritus("log", "receipt", "0")
    sql(workspace, "DELETE FROM log_witness")
    forged = emeritus("log", "receipt", "0").json
    (tmp_path / "without").write_text(written(forged))
    size = int(forged["checkpoint"].splitlines()[1])
    hashes = stored_hashes(workspace / "log", size)
    proof = merkle.consistency_proof(4, size, hashes) if size >= 4 else []
    forged["witnesses"] = true["witnesses"]
    forged["witnesses"][0]["proof"] = [base64.b64encode(one).decode() for one in proof]
    forged |= {name: true[name] for name in ("shows", "does_not_show")}
    (tmp_path / "forged").write_text(written(forged))
    key = (workspace / "keys/log.pub").read_text().strip()
    judged = stranger(tmp_path / "forged", key, "--witness", WITNESS.vkey)
    omitted = stranger(tmp_path / "without", key, "--witness", WITNESS.vkey)

    assert (added.exit_code, refused.exit_code) == (0, 1)
    assert "the log did not grow from its 4 entries" in refused.stderr
    assert (judged.returncode, omitted.returncode) == (1, 1)
    assert "a fork" in judged.stderr or "its tail was cut" in judged.stderr
    assert "this witness has not cosigned it" in omitted.stderr


@pytest.mark.parametrize("bits", [1, pytest.param(8, marks=pytest.mark.slow)])
def test_no_bit_of_a_cosigned_receipt_can_be_changed(cosigned: str, house: Path, bits: int) -> None:
    """One bit of every byte, or all of them."""
    raw, key = cosigned.encode(), first_key(house)
    held = []
    for at, bit in product(range(len(raw)), range(bits)):
        changed = bytearray(raw)
        changed[at] ^= 1 << (at + bit) % 8
        with suppress(Exception):  # of whatever kind: the script says REFUSED
            held.append((at, bit, verify(bytes(changed).decode(), key, None, WITNESS.vkey)))

    assert held == []


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

    start, end = merkle.leaf_hash(entries[index]), size - 1
    path = [base64.b64encode(sibling).decode() for sibling in inclusion]
    growth = [base64.b64encode(sibling).decode() for sibling in consistency]
    assert BRIEFLY["climbed"](index, end, path, start)[1] == roots[1]
    BRIEFLY["follows"](old, roots[0], size, roots[1], growth)
    with pytest.raises(ValueError, match="a fork"):
        BRIEFLY["follows"](old, bytes(32), size, roots[1], growth)
    for wrong in ([*growth, base64.b64encode(start).decode()], growth[:-1]):
        if wrong != growth:
            with pytest.raises((ValueError, IndexError)):
                BRIEFLY["follows"](old, roots[0], size, roots[1], wrong)


def test_the_short_script_is_short_and_needs_only_cryptography() -> None:
    text = SHORT.read_text()
    tree = ast.parse(text)
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [str(node.module)]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    code = text[text.index("\n\n\n") :]  # what follows the imports

    assert imported - sys.stdlib_module_names == {"cryptography"}
    assert len([line for line in code.splitlines() if line]) <= 46


def test_the_short_script_verifies_a_receipt_from_a_kept_checkpoint(unrotated: Path) -> None:
    receipt, key = unrotated / "receipt", first_key(unrotated)

    whole = stranger(receipt, key, unrotated / "kept", script=SHORT)
    alone = stranger(receipt, key, script=SHORT)

    assert (whole.returncode, alone.returncode) == (0, 0), whole.stderr
    assert whole.stdout.startswith("The receipt holds: entry 3 of 8. ")
    assert "operator's clock only" in whole.stdout


def test_the_short_script_asks_for_a_receipt_that_proves_growth_from_a_checkpoint(
    unrotated: Path, tmp_path: Path
) -> None:
    receipt = json.loads((unrotated / "receipt").read_bytes())
    (tmp_path / "receipt").write_text(written({**receipt, "grew_from": None}))

    refused = stranger(tmp_path / "receipt", first_key(unrotated), unrotated / "kept", script=SHORT)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        "REFUSED: ValueError: no proof for a checkpoint: have it made with --from it\n"
    )


def test_the_short_script_points_at_the_full_one_after_a_rotation(house: Path) -> None:
    present = (house / "workspace/keys/log.pub").read_text().strip()
    name = present.split("+")[0]
    public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()

    held = stranger(house / "receipt", present, script=SHORT)
    refused = [
        stranger(house / "receipt", first_key(house), script=SHORT),
        stranger(house / "receipt", VerifyingKey(name, public).text, script=SHORT),
        stranger(house / "receipt", present, house / "kept", script=SHORT),
    ]

    assert held.returncode == 0, held.stderr
    for one in refused:
        assert (one.returncode, one.stdout) == (1, "")
        assert "after a rotation, verify_receipt_in_full.py follows the keys" in one.stderr


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"null", b"[]", b"{}", b"{", b"[" * 100_000, b'{"checkpoint": 1}'],
    ids=["empty", "not UTF-8", "null", "list", "no fields", "half", "deep", "number"],
)
def test_the_short_script_refuses_what_is_no_receipt(
    unrotated: Path, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "receipt").write_bytes(content)

    refused = stranger(tmp_path / "receipt", first_key(unrotated), script=SHORT)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("REFUSED: ")


@pytest.mark.parametrize("key", ["", "garbage"])
def test_the_short_script_says_what_a_key_is(unrotated: Path, key: str) -> None:
    receipt = next(path for path in unrotated.iterdir() if path.name.startswith("receipt"))

    refused = stranger(receipt, key, script=SHORT)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert "not by VKEY" in refused.stderr


def test_the_short_script_refuses_each_changed_byte_of_what_it_checks(unrotated: Path) -> None:
    """Of every field one bit of every byte, as the file has it."""
    raw, key = (unrotated / "receipt").read_bytes(), first_key(unrotated)
    kept = (unrotated / "kept").read_text()
    document = json.loads(raw)
    parts = {name: document[name] for name in ("leaf", "index", "salt", "content", "checkpoint")}
    values = [json.dumps(value, ensure_ascii=False) for value in parts.values()]
    values += [json.dumps(text) for text in (*document["proof"], *document["grew_from"]["proof"])]

    def check(receipt: dict[str, Any]) -> None:
        size, root = BRIEFLY["proven"](receipt, key)
        BRIEFLY["follows"](*BRIEFLY["opened"](kept, key), size, root, receipt["grew_from"]["proof"])

    check(document)
    held = []
    for value in values:
        start = raw.index(f": {value}".encode()) + 2 if value in values[:5] else 0
        start = start or raw.index(value.encode())
        for at in range(start, start + len(value.encode())):
            changed = bytearray(raw)
            changed[at] ^= 1 << at % 8
            with suppress(Exception):  # of whatever kind: the script says REFUSED
                check(json.loads(bytes(changed)))
                held.append((at, bytes(changed[at - 20 : at + 20])))

    assert len(document["proof"]) == 3
    assert held == []


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["9"], 2, "9: the log has no such entry"),
        (["9" * 50], 2, "the log has no such entry"),
        (["release"], 2, "which one?"),
        (["release", "nobody"], 2, "nobody: the log has no entry 'release' of it"),
        (["0", "--from", "nowhere"], 2, "nowhere: cannot be read"),
        (["0", "--out", "emeritus.toml"], 2, "emeritus.toml: is there already"),
        (["0", "--out", "nowhere/receipt"], 2, "nowhere/receipt: its folder is not there"),
        (["0", "--out", "emeritus.toml/receipt"], 2, "emeritus.toml/receipt: its folder is not"),
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
