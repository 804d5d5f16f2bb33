"""Every code of OCFL 1.1 has its case, and ocfl-py, called as a process, gives the same verdicts."""

import hashlib
import json
import random
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from archive.store.verifying import verify
from tests.archive.store.test_conformance import CASES, A, B, sound
from tests.archive.store.test_oracle import ORACLES, has_ocfl_py
from tests.archive.store.test_verifying import ROOT_DAMAGES
from tests.support.damages import DAMAGES, at
from tests.support.mutations import mutate
from tests.support.objects import edit_inventory, put_inventory
from tests.support.shapes import FIRST, SHAPES, write_object, write_root

NUMBERS = set(range(1, 113)) - {65, 68, 86, 91, 109}  # which 1.1 does not have
CODES = {f"E{number:03}" for number in NUMBERS} | {f"W{number:03}" for number in range(1, 17)}
CODES.remove("W006")

NOT_GIVEN: Mapping[str, str] = {
    "E002": "the same sentence as E003, E005 and E006",
    "E004": "the same sentence as E005 and E006",
    "E021": "the default of a key; what stands elsewhere is E023 and E042",
    "E022": "binds who reads",
    "E026": "the same as E056, of which it is the reason",
    "E027": "binds who reads",
    "E028": "binds who reads",
    "E029": "a digest that is not hex is not that of the file: E093",
    "E030": "a digest that is not hex: E039 in the manifest, E093 in fixity",
    "E031": "a digest that is not hex: E039 in the manifest, E093 in fixity",
    "E032": "a digest that is not hex is not that of the file: E093",
    "E034": "an inventory of another name is none: E063, and E001 for the file",
    "E035": "another separator is part of a name: E042",
    "E045": "the same sentence as E044",
    "E055": "a block of another name is an unknown key: E102",
    "E062": "an order of acts, which leaves no trace but E060",
    "E074": "of several roots",
    "E075": "the same sentence as E076, E078 and E079",
    "E077": "the same sentence as E078 and E079",
    "E082": "an object within an object is a strange folder in it: E001",
    "E084": "the same as E072",
    "E085": "a folder that ends in no object is empty or holds a file: E072, E073",
    "E087": "binds who reads",
    "E088": "the same as E072 and E073",
    "E089": "of what cannot be told from the bytes",
    "E098": "binds who reads",
    "W012": "of what cannot be told from the bytes",
    "W014": "one layout is known, and what is not by it is E083",
}
"""The codes that no file system can show, or that say again what another code says."""

THREE = ({"a": b"a"}, {"a": b"b"}, {"a": b"c"})


def second_content_directory(folder: Path) -> None:
    thing = write_object(folder, THREE)
    edit_inventory(thing / "v2", lambda inventory: inventory.update(contentDirectory="data"))


def without_message(inventory: dict[str, dict[str, dict[str, object]]]) -> None:
    inventory["versions"]["v1"]["message"] = "another"


def stray_extension(folder: Path) -> None:
    root = write_root(folder, "1.0")
    write_object(root / "a", specs=["1.0"])
    (root / "extensions").mkdir()
    (root / "extensions/x").write_text("")


def empty_content(folder: Path) -> None:
    (write_object(folder, [{}]) / "v1/content").mkdir()


def more_folders(folder: Path) -> None:
    thing = write_object(folder, [FIRST])
    (thing / "v1/more").mkdir()
    (thing / "extensions/our-own").mkdir(parents=True)


def other_metadata(folder: Path) -> None:
    edit_inventory(write_object(folder, THREE) / "v1", without_message)


def two_depths(folder: Path) -> None:
    root = write_root(folder)
    write_object(root / "a")
    write_object(root / "b/c", object_id="urn:x:2")
    (root / "extensions/our-own").mkdir(parents=True)


OTHERS: list[tuple[str, Callable[[Path], object], set[tuple[str, str]]]] = [
    (
        "another content directory in the middle",
        second_content_directory,
        at("v2/inventory.json", "E020", "E042"),
    ),
    ("a file among the extensions of 1.0", stray_extension, at("extensions/x", "E086", "E112")),
    ("an empty content folder", empty_content, at("v1/content", "W003")),
    (
        "folders of no use",
        more_folders,
        at("v1/more", "W002") | at("extensions/our-own", "W013"),
    ),
    ("another message in an earlier inventory", other_metadata, at("v1/inventory.json", "W011")),
    (
        "objects at two depths",
        two_depths,
        at(".", "W015") | at("extensions/our-own", "W016"),
    ),
    (
        "by sha256",
        partial(write_object, states=[FIRST], algorithms=["sha256"]),
        at("inventory.json", "W004"),
    ),
    (
        "no inventories in the versions",
        partial(write_object, states=[FIRST], inventories=False),
        at("v1", "W010"),
    ),
]


@pytest.mark.parametrize(
    ("write", "expected"), [pytest.param(write, found, id=name) for name, write, found in OTHERS]
)
def test_what_is_written_wrong_has_its_codes_and_no_others(
    tmp_path: Path, write: Callable[[Path], object], expected: set[tuple[str, str]]
) -> None:
    write(tmp_path / "thing")

    report = verify(tmp_path / "thing")

    assert {(one.code, one.path) for one in (*report.errors, *report.warnings)} == expected


def test_every_code_of_the_specification_has_a_case_or_a_reason() -> None:
    given = {code for _name, _edit, codes in CASES for code in codes}
    given |= {code for damage in DAMAGES for code, _path in damage.errors}
    tables = [*ROOT_DAMAGES, *OTHERS]
    given |= {code for _name, _change, found in tables for code, _path in found}

    assert sorted(CODES - given) == sorted(NOT_GIVEN)


@pytest.mark.parametrize("name", SHAPES)
def test_an_object_of_any_shape_is_valid_alone_and_in_a_root(tmp_path: Path, name: str) -> None:
    root = write_root(tmp_path / "root")
    thing = SHAPES[name](root / "object")

    for path in (thing, root):
        report = verify(path)
        assert report.valid, report.to_text()


JUDGE = """
import json, sys
import ocfl

def verdict(path):
    try:
        if ocfl.find_path_type(path) == "root":
            return ocfl.StorageRoot(root=path).validate(log_warnings=False, log_errors=False)
        return ocfl.Object().validate(path, log_warnings=False, log_errors=False)[0]
    except Exception:  # it ends on some of what is not an object
        return False

print(json.dumps([verdict(path) for path in json.load(sys.stdin)]))
"""


def judged(paths: Iterable[Path]) -> list[bool]:
    """Return whether ocfl-py finds each object or root valid, all in one process."""
    done = subprocess.run(  # noqa: S603  # the oracle's own interpreter
        [ORACLES / "python", "-c", JUDGE],
        input=json.dumps([str(path) for path in paths]),
        capture_output=True,
        text=True,
        check=True,
    )
    verdicts: list[bool] = json.loads(done.stdout.splitlines()[-1])
    return verdicts


@pytest.mark.oracle
@has_ocfl_py
def test_ocfl_py_finds_every_shape_valid_too(tmp_path: Path) -> None:
    things = {name: write(tmp_path / name) for name, write in SHAPES.items()}
    root = write_root(tmp_path / "root")
    for number, write in enumerate(SHAPES.values()):
        write(root / f"objects/{number}")
        edit_ids(root / f"objects/{number}", f"urn:x:{number}")

    assert [name for name, ok in zip(things, judged(things.values()), strict=True) if not ok] == []
    assert verify(root).valid


def edit_ids(thing: Path, object_id: str) -> None:
    """Give an object another id: no two in a root may share one."""
    for inventory in thing.rglob("inventory.json"):
        edit_inventory(inventory.parent, lambda document: document.update(id=object_id))


NOT_SEEN_BY_OCFL_PY = [
    "unknown key",
    "type of another version",  # E038: it must be the one that the object declares
    "unknown key of a version",
    "unknown key of a user",
]
"""The cases that ocfl-py lets pass, and OCFL does not."""


@pytest.mark.oracle
@has_ocfl_py
@pytest.mark.slow
def test_ocfl_py_finds_fault_with_the_inventories_that_we_find_fault_with(tmp_path: Path) -> None:
    things = {name: tmp_path / str(number) for number, (name, _edit, _codes) in enumerate(CASES)}
    for (_name, edit, _codes), thing in zip(CASES, things.values(), strict=True):
        write_case(thing, edit)

    theirs = dict(zip(things, judged(things.values()), strict=True))

    ours = {name: verify(thing).valid for name, thing in things.items()}
    assert [name for name in things if ours[name] != theirs[name]] == NOT_SEEN_BY_OCFL_PY


def write_case(thing: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    """Write an object whose inventories are as a case has them, with files of those digests."""
    document = sound()
    edit(document)
    text = json.dumps(document)
    for path, placeholder in {"v1/content/a.txt": A, "v2/content/sub/b.txt": B}.items():
        (thing / path).parent.mkdir(parents=True)
        (thing / path).write_text(path)
        digest = hashlib.sha512(path.encode()).hexdigest()
        text = text.replace(placeholder, digest).replace(placeholder.upper(), digest.upper())
    (thing / "0=ocfl_object_1.1").write_text("ocfl_object_1.1\n")
    for place in (thing, thing / "v2"):
        put_inventory(place, text.encode(), document.get("digestAlgorithm"))


REASONS: Mapping[str, str] = {
    "E102": "ocfl-py does not look for unknown keys",
    "E007": "ocfl-py reads a declaration without its end of line, and strange bytes in it",
    "E061": "ocfl-py does not look at what follows the line in a sidecar",
}
"""Where we find fault and ocfl-py does not, and by OCFL's words we are right."""


def is_reasoned(thing: Path, what: str, *, theirs: bool) -> bool:
    report = verify(thing)
    if theirs:
        return bool(report.errors) and {one.code for one in report.errors} <= REASONS.keys()
    # a digest in hex is the same digest in capitals, in a sidecar as in an inventory
    return report.valid and what.startswith("flip") and ".json.sha" in what


@pytest.mark.oracle
@has_ocfl_py
@pytest.mark.slow
@pytest.mark.parametrize("shape", ["several versions", "sha256, then sha512", "OCFL 1.0"])
@pytest.mark.parametrize("seed", range(2))
def test_any_single_change_is_judged_as_ocfl_py_does_or_for_a_reason(
    tmp_path: Path, shape: str, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311  # no secret
    sound = SHAPES[shape](tmp_path / "sound")
    things = {}
    for number in range(500):
        thing = Path(shutil.copytree(sound, tmp_path / str(number)))
        things[thing] = mutate(thing, chance)

    theirs = dict(zip(things, judged(things), strict=True))

    differences = [
        (what, verify(thing).to_text())
        for thing, what in things.items()
        if verify(thing).valid != theirs[thing]
        and not is_reasoned(thing, what, theirs=theirs[thing])
    ]
    assert differences == []
