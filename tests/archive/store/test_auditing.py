"""An audit reads everything that is kept, records each result, and goes on where it was stopped."""

import json
from pathlib import Path

import pytest

from archive.store.auditing import Pace
from tests.conftest import Emeritus
from tests.support import forked
from tests.support.killing import COMMIT
from tests.support.rot import find, flip_bit, logged


def test_an_audit_reads_objects_and_weight_files_and_is_logged(
    emeritus: Emeritus, sealed: Path
) -> None:
    weights = sealed / "weights.bin"
    weights.write_bytes(bytes(1000))
    emeritus("weights", "register", "halcyon-2", weights)

    done = emeritus("preserve", "audit", "--json")

    rows = emeritus("preserve", "list", "--json").json["objects"]
    (entry,) = logged(sealed, "audit")
    assert (done.exit_code, done.json["sound"], done.json["resumed"]) == (0, True, False)
    assert (done.json["objects"], done.json["weight_files"]) == (5, 1)
    assert (entry["id"], entry["checked"], entry["faulty"]) == (done.json["audit"], 7, 0)
    assert all(row["last_audit"]["sound"] for row in rows)
    assert all(row["bytes"] > 1000 for row in rows)


def test_every_fault_is_named_and_the_rest_is_read(emeritus: Emeritus, sealed: Path) -> None:
    weights = sealed / "weights.bin"
    weights.write_bytes(bytes(1000))
    emeritus("weights", "register", "halcyon-2", weights)
    flip_bit(weights)
    flip_bit(find(sealed / "store", "content"))
    flip_bit(find(sealed / "store", "layout"))

    done = emeritus("preserve", "audit", "--json")

    assert (done.exit_code, done.json["objects"], done.json["weight_files"]) == (1, 5, 1)
    named = {(fault["code"], Path(fault["path"]).name) for fault in done.json["faults"]}
    assert named == {("E092", "record.json"), ("E070", "ocfl_layout.json"), (None, "weights.bin")}
    listed = emeritus("preserve", "list", "--json").json["objects"]
    assert [row["last_audit"]["sound"] for row in listed].count(False) == 1


def test_an_inventory_that_was_rewritten_with_all_its_digests_is_found(
    emeritus: Emeritus, sealed: Path
) -> None:
    """Valid by OCFL, and not what was sealed: who changes a file can change its manifest too."""
    thing = next((sealed / "store").glob("*/*/*/*/v2")).parent
    inventory = json.loads((thing / "inventory.json").read_bytes())
    inventory["versions"]["v2"]["message"] = "forged"
    from tests.support.objects import put_inventory

    for folder in (thing, thing / "v2"):
        put_inventory(folder, json.dumps(inventory).encode())

    done = emeritus("preserve", "audit", "--json")

    assert {fault["code"] for fault in done.json["faults"]} == {"MISSING"}
    assert "as it was sealed" in done.json["faults"][0]["message"]


def test_what_ocfl_has_no_rule_for_is_called_changed(emeritus: Emeritus, sealed: Path) -> None:
    layout = sealed / "store/ocfl_layout.json"
    layout.write_text(layout.read_text().replace("description", "descriptiom"))

    done = emeritus("preserve", "audit", "--json")

    (fault,) = done.json["faults"]
    assert (fault["path"], "preserve seal" in done.stderr) == ("ocfl_layout.json", True)
    assert fault["code"] in {"CHANGED", "E070"}


@pytest.mark.parametrize("rate", ["nan", "inf", "-inf", "0"])
def test_what_is_no_rate_is_refused(emeritus: Emeritus, sealed: Path, rate: str) -> None:
    refused = emeritus("preserve", "audit", "--rate", rate)

    assert (refused.exit_code, "rate" in refused.stderr) == (2, True)
    assert logged(sealed, "audit") == []


@pytest.mark.parametrize("commit", [1, 5, 9])
def test_an_audit_that_was_killed_goes_on_where_it_was(
    emeritus: Emeritus, sealed: Path, commit: int
) -> None:
    command = ("--workspace", sealed, "preserve", "audit")
    forked.emeritus_until(
        commit, *command, acts=[COMMIT], environment={}, output=sealed.parent / "output"
    )
    done_before = sum(
        row["last_audit"] is not None
        for row in emeritus("preserve", "list", "--json").json["objects"]
    )

    done = emeritus("preserve", "audit", "--json")

    assert (done.exit_code, done.json["resumed"], done.json["objects"]) == (0, True, 5)
    assert len(logged(sealed, "audit")) == 1
    assert done_before == {1: 0, 5: 1, 9: 3}[commit]
    assert emeritus("preserve", "audit", "--json").json["resumed"] is False


def test_a_store_that_is_not_there_is_a_fault(emeritus: Emeritus, sealed: Path) -> None:
    (sealed / "store").rename(sealed / "elsewhere")

    done = emeritus("preserve", "audit", "--json")

    assert (done.exit_code, {fault["code"] for fault in done.json["faults"]}) == (1, {"MISSING"})
    assert not (sealed / "store").exists()


def test_reading_keeps_to_its_pace() -> None:
    """A pause is not made up for: it would be paid back by a burst."""
    now, slept = [0.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    pace = Pace(100, clock=lambda: now[0], sleep=sleep)
    pace(50)
    now[0] += 10
    pace(100)

    assert slept == [0.5, 1.0]
