"""Sealing: what is kept of the present state, and what a crash may leave of it."""

import json
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.canonical import canonical_bytes, salted_digest
from archive.log.entries import LogEntry
from archive.store import sealing
from archive.store.kinds import SCHEMAS_OBJECT
from archive.store.layout import Layout
from archive.store.seals import Seal
from archive.workspace.workspace import open_workspace
from tests.conftest import Emeritus
from tests.support import forked
from tests.support.killing import COMMIT, FILE_ACTS
from tests.support.schemas import validate_by
from tests.support.shapes import write_object

ROOT = Path(__file__).parents[3]

ROOT = Path(__file__).parents[3]


def records(store: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_bytes()) for path in store.rglob("v1/content/record.json")]


@pytest.fixture
def described(emeritus: Emeritus, workspace: Path) -> Path:
    """The workspace with everything on record that the archive's kinds can hold."""
    (workspace / "policy.md").write_text("For *research*.")
    for line in (
        ["model", "lifecycle", "halcyon-2", "--event", "retired", "--date", "2036", "--source", "x"],
        ["promise", "add", "halcyon-2", "Keep the weights", "--due", "2046-01", "--by", "ana"],
        ["policy", "set", "halcyon-2", "--summary", "For research.", "--wording", "policy.md",
         "--how-to-ask", "Write.", "--by", "ana"],
        ["weights", "register", "halcyon-2", "policy.md"],
        ["weights", "hold", "halcyon-2", "--custodian", "Library", "--where", ".", "--by", "ana"],
        ["weights", "verify", "halcyon-2", "--copy", "."],
    ):  # fmt: skip
        assert emeritus(*line).exit_code == 0
    return workspace


def test_every_sealed_record_meets_its_published_schema(
    emeritus: Emeritus, described: Path
) -> None:
    emeritus("preserve", "seal")

    in_the_store = [*described.rglob("content/schemas/*.json")]
    assert len(records(described / "store")) == 5
    for record in records(described / "store"):
        validate_by(in_the_store, record)


@pytest.mark.usefixtures("described")
def test_a_state_is_sealed_once(emeritus: Emeritus) -> None:
    first = emeritus("preserve", "seal", "--json").json
    second = emeritus("preserve", "seal", "--json").json
    emeritus("model", "edit", "halcyon-2", "--maker", "Halcyon Labs")
    third = emeritus("preserve", "seal", "model", "halcyon-2", "--json").json

    assert {row["version"] for row in first["sealed"]} == {1}
    assert second == {"sealed": [], "unchanged": len(first["sealed"])}
    assert [(row["id"], row["version"]) for row in third["sealed"]] == [("halcyon-2", 2)]


def test_every_schema_of_the_house_stands_in_the_store(emeritus: Emeritus, described: Path) -> None:
    emeritus("preserve", "seal")

    sealed = {path.name for path in described.rglob("content/schemas/*.json")}
    assert sealed == {path.name for path in ROOT.glob("*/schemas/*.schema.json")}
    assert SCHEMAS_OBJECT in emeritus("preserve", "list").stdout


def test_a_seal_is_logged_by_a_digest_that_can_be_recomputed(
    emeritus: Emeritus, described: Path
) -> None:
    emeritus("preserve", "seal", "model", "halcyon-2")

    (seal,) = emeritus("preserve", "list", "--json").json["seals"]
    opened = open_workspace(described)
    with opened.database.reading() as session:
        entry = session.get_one(LogEntry, 2)  # after a policy and a holding
    opened.close()
    assert (entry.kind, entry.subject) == ("seal", seal["id"])
    assert entry.digest == salted_digest(entry.salt or b"", canonical_bytes(seal))


def test_one_changed_byte_is_named(emeritus: Emeritus, described: Path) -> None:
    emeritus("preserve", "seal")
    (policy,) = described.rglob("content/policy.md")
    policy.write_bytes(b"For *reseorch*.")

    result = emeritus("preserve", "verify", "--json")

    (error,) = result.json["errors"]
    assert (result.exit_code, result.json["valid"], error["code"]) == (1, False, "E092")
    assert error["path"].endswith("v1/content/policy.md")


def lose_store(workspace: Path) -> None:
    shutil.rmtree(workspace / "store")


def empty_store(workspace: Path) -> None:
    lose_store(workspace)
    (workspace / "store").mkdir()


def lose_objects(workspace: Path) -> None:
    declarations = (workspace / "store").rglob("0=ocfl_object_1.1")
    for top in {declaration.parents[3] for declaration in declarations}:  # two may share one
        shutil.rmtree(top)


def lose_last_version(workspace: Path) -> None:
    """An old backup of the store was brought back: valid, and a version behind."""
    shutil.rmtree(workspace / "store")
    (workspace / "backup").rename(workspace / "store")


LOSSES = [lose_store, empty_store, lose_objects, lose_last_version]


@pytest.fixture
def sealed(emeritus: Emeritus, workspace: Path) -> str:
    """The id of the object of a model that was sealed twice; `backup/` is the store before."""
    emeritus("preserve", "seal")
    shutil.copytree(workspace / "store", workspace / "backup")
    emeritus("model", "edit", "halcyon-2", "--maker", "Halcyon Labs")
    row, log = emeritus("preserve", "seal", "--json").json["sealed"]
    assert (row["kind"], log["kind"]) == ("model", "log")
    return str(row["object"])


@pytest.mark.parametrize("lose", LOSSES)
def test_a_store_that_lost_what_was_sealed_takes_nothing_more_of_it(
    emeritus: Emeritus, workspace: Path, sealed: str, lose: Callable[[Path], None]
) -> None:
    lose(workspace)
    emeritus("model", "edit", "halcyon-2", "--maker", "Another")

    result = emeritus("preserve", "seal", "model", "halcyon-2")

    assert (result.exit_code, len(emeritus("preserve", "list", "--json").json["seals"])) == (1, 6)
    assert f"{sealed}: version 2 of model halcyon-2 was sealed" in result.stderr
    assert "Bring the store back from a copy" in result.stderr


def test_one_that_is_refused_leaves_those_before_it_sealed(
    emeritus: Emeritus, workspace: Path, sealed: str
) -> None:
    """They share a transaction; what stands before the fault is said to be sealed, and is."""
    emeritus("model", "add", "aster-1", "--name", "Aster", "--participant", "anthropic:aster-1")
    emeritus("model", "add", "zinnia-1", "--name", "Zinnia", "--participant", "anthropic:zinnia-1")
    lose_last_version(workspace)

    result = emeritus("preserve", "seal")

    seals = emeritus("preserve", "list", "--json").json["seals"]
    assert (result.exit_code, f"{sealed}: version 2" in result.stderr) == (1, True), result.stderr
    assert "sealed model aster-1 as v1" in result.stderr
    assert {"aster-1"} == {"aster-1", "zinnia-1"} & {seal["subject"] for seal in seals}
    assert [record.get("name") for record in records(workspace / "store")].count("Aster") == 1
    assert not list((workspace / "store.staging").glob("*/")), "nothing is left staged"


@pytest.mark.parametrize("lose", LOSSES)
def test_verify_names_each_sealed_version_that_the_store_has_lost(
    emeritus: Emeritus, workspace: Path, sealed: str, lose: Callable[[Path], None]
) -> None:
    whole = emeritus("preserve", "verify")
    lose(workspace)

    result = emeritus("preserve", "verify", "--json")

    missing = {error["path"] for error in result.json["errors"] if error["code"] == "MISSING"}
    assert (whole.exit_code, result.exit_code, result.json["valid"]) == (0, 1, False)
    assert sealed in missing


def test_what_cannot_be_sealed_is_refused_with_its_mend(
    emeritus: Emeritus, described: Path
) -> None:
    cases = {
        ("car", "x"): "KIND: no such kind: 'car'",
        ("model", "none-such"): "none-such: no such model",
        ("model",): "preserve seal: which one?",
        ("schema", "schemas"): "KIND: no such kind: 'schema'",
    }
    for arguments, message in cases.items():
        result = emeritus("preserve", "seal", *arguments)
        assert (result.exit_code, message in result.stderr) == (2, True), result.stderr
    assert records(described / "store") == []


def test_a_seal_that_was_killed_anywhere_is_finished_or_undone(
    emeritus: Emeritus, described: Path
) -> None:
    """Wherever a seal dies, the next one brings the store and the database together again."""
    command = ("--workspace", described, "preserve", "seal")
    folder = described.parent
    acts = (*FILE_ACTS, COMMIT)
    emeritus("preserve", "seal")
    emeritus("model", "edit", "halcyon-2", "--maker", "Halcyon Labs")
    points = forked.points(*command, acts=acts, environment={}, folder=folder)

    for point in range(1, len(points), 6):
        emeritus("model", "edit", "halcyon-2", "--maker", f"Maker {point}")
        killed = forked.emeritus_until(
            point, *command, acts=acts, environment={}, output=folder / "output"
        )
        assert killed == -signal.SIGKILL

        assert emeritus("preserve", "verify").exit_code == 0, "the start-up check settled it"
        assert emeritus("preserve", "seal").exit_code == 0
        assert emeritus("preserve", "verify").exit_code == 0
        model = next((described / "store").rglob("v1/content/history.jsonl")).parents[2]
        sealed = json.loads(max(model.rglob("record.json"), key=newest).read_bytes())
        assert sealed["maker"] == f"Maker {point}"


def newest(path: Path) -> int:
    return int(path.parents[1].name.removeprefix("v"))


@pytest.mark.usefixtures("described")
def test_no_version_without_a_seal_is_left_by_ctrl_c(
    emeritus: Emeritus, described: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes when the second version is staged, and its seal is not noted yet."""
    made: list[object] = []

    def interrupted(**fields: Any) -> Seal:  # noqa: ANN401  # as Seal takes them
        made.append(fields)
        if len(made) == 2:
            raise KeyboardInterrupt
        return Seal(**fields)

    with monkeypatch.context() as patch:
        patch.setattr(sealing, "Seal", interrupted)
        stopped = emeritus("preserve", "seal")

    sealed = {row["id"] for row in emeritus("preserve", "list", "--json").json["objects"]}
    inventories = (described / "store").glob("*/*/*/*/inventory.json")
    assert stopped.exit_code == 130
    assert {json.loads(path.read_bytes())["id"] for path in inventories} == sealed
    assert emeritus("preserve", "seal").exit_code == 0
    assert emeritus("preserve", "verify").exit_code == 0


def test_the_list_says_how_many_acts_the_store_does_not_hold_yet(
    emeritus: Emeritus, described: Path
) -> None:
    listed = ("preserve", "list", "--json")
    before, said_before = emeritus(*listed).json["log"], emeritus("preserve", "list").stdout
    emeritus("preserve", "seal")
    sealed, said_sealed = emeritus(*listed).json["log"], emeritus("preserve", "list").stdout
    emeritus("release", "model", "halcyon-2", "--public", "--by", "ana")
    emeritus("release", "model", "halcyon-2", "--internal", "--by", "ana")
    after, said_after = emeritus(*listed).json["log"], emeritus("preserve", "list").stdout
    (log,) = (path for path in (described / "store").rglob("entries") if path.is_dir())
    shutil.rmtree(log.parents[2])

    acts = before["acts"]
    assert (before["sealed"], f"acts     {acts} of {acts} were" in said_before) == (0, True)
    assert (sealed["sealed"], "acts  " in said_sealed) == (sealed["acts"], False)
    assert after == {"acts": sealed["acts"] + 2, "sealed": sealed["acts"]}
    assert f"acts     2 of {after['acts']} were logged since the log was sealed last" in said_after
    assert emeritus(*listed).json["log"]["sealed"] is None
    assert (
        "the store holds cannot be read: emeritus preserve repair"
        in emeritus("preserve", "list").stdout
    )


def test_an_object_that_nobody_sealed_is_named_and_is_no_error(
    emeritus: Emeritus, described: Path
) -> None:
    emeritus("preserve", "seal")
    stray = write_object(described / "store" / Layout().object_path("urn:x:1"), object_id="urn:x:1")

    done = emeritus("preserve", "verify", "--json")

    path = str(stray.relative_to(described / "store"))
    found = [(row["code"], row["path"]) for row in done.json["warnings"] if row["code"][0] != "W"]
    assert (done.exit_code, done.json["valid"], found) == (0, True, [("UNSEALED", path)])
    assert f"UNSEALED {path}: an object that was never sealed here" in (
        emeritus("preserve", "verify").stdout
    )
