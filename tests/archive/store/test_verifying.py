"""Verifying names what is wrong with an object or a root: its code, and where."""

import hashlib
import json
import os
import shutil
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.errors import InputError
from archive.store.digests import ALGORITHMS
from archive.store.inventory import DECLARATION, INVENTORY, SIDECAR
from archive.store.layout import CONFIG_FILE, LAYOUT_FILE
from archive.store.reading import LONGEST_INVENTORY
from archive.store.verifying import verify
from tests.support.damages import DAMAGES, SECOND_STATE, Damage, at
from tests.support.objects import (
    FOUR_FILES,
    edit_inventory,
    object_folder,
    put_inventory,
    write_version,
)

OTHER = "urn:uuid:01939f6e-5c00-7000-8000-00000000000f"


@pytest.fixture(scope="module")
def sound_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with an object of two versions: the first has four files, the second one more."""
    folder = tmp_path_factory.mktemp("sound") / "store"
    write_version(folder, FOUR_FILES)
    write_version(folder, SECOND_STATE)
    return folder


@pytest.fixture
def store(sound_store: Path, tmp_path: Path) -> Path:
    """A copy of it to damage."""
    return Path(shutil.copytree(sound_store, tmp_path / "store"))


@pytest.fixture
def thing(store: Path) -> Path:
    """The object."""
    return object_folder(store)


def errors(path: Path) -> set[tuple[str, str]]:
    return {(finding.code, finding.path) for finding in verify(path).errors}


def warnings(path: Path) -> set[tuple[str, str]]:
    return {(finding.code, finding.path) for finding in verify(path).warnings}


def test_what_we_write_is_valid_and_has_no_warnings(store: Path, thing: Path) -> None:
    for path in (store, thing):
        report = verify(path)

        assert report.to_json() == {"valid": True, "errors": [], "warnings": []}
        assert report.to_text() == "valid: 1 object verified, errors 0, warnings 0"


@pytest.mark.parametrize(
    "name",
    [
        DECLARATION,
        INVENTORY,
        SIDECAR,
        "v1/inventory.json",
        "v1/inventory.json.sha512",
        "v1/content/README.txt",
        "v1/content/raw/0.json",
        "v2/inventory.json",
        "v2/inventory.json.sha512",
        "v2/content/sub/new.txt",
    ],
)
def test_one_changed_byte_in_any_file_is_named(thing: Path, name: str) -> None:
    content = bytearray((thing / name).read_bytes())
    content[len(content) // 2] ^= 1
    (thing / name).write_bytes(content)

    report = verify(thing)

    named = {finding.path.removesuffix(".sha512") for finding in report.errors}
    assert not report.valid
    assert name.removesuffix(".sha512") in named


@pytest.mark.parametrize("damage", DAMAGES, ids=[damage.name for damage in DAMAGES])
def test_each_damage_has_its_codes_and_no_others(thing: Path, damage: Damage) -> None:
    damage.do(thing)

    assert errors(thing) == damage.errors


def test_one_fault_does_not_hide_another(thing: Path) -> None:
    (thing / "x").write_text("")
    (thing / "v1/content/README.txt").write_text("changed")
    edit_inventory(thing, lambda inventory: inventory.update(note=""))

    found = errors(thing)

    assert found >= at("x", "E001") | at("v1/content/README.txt", "E092") | at(INVENTORY, "E102")


def test_a_report_says_code_path_and_message(thing: Path) -> None:
    (thing / "v1/content/README.txt").write_text("changed")

    report = verify(thing)

    assert report.to_json() == {
        "valid": False,
        "errors": [
            {
                "code": "E092",
                "path": "v1/content/README.txt",
                "message": "its sha512 is not the one in the manifest",
            }
        ],
        "warnings": [],
    }
    assert report.to_text().splitlines() == [
        "E092 v1/content/README.txt: its sha512 is not the one in the manifest",
        "not valid: 1 object verified, errors 1, warnings 0",
    ]


def test_a_name_that_would_command_the_terminal_is_escaped(thing: Path) -> None:
    (thing / "\x1b[2J").write_text("")
    (thing / os.fsdecode(b"\xff")).write_text("")

    report = verify(thing)

    assert r"E001 '\x1b[2J'" in report.to_text()
    assert json.dumps(report.to_json()).encode()  # no lone surrogate stands in its way


def unversioned(thing: Path) -> None:
    (thing / "v1" / INVENTORY).unlink()
    (thing / "v1" / SIDECAR).unlink()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(lambda t: (t / "v1/more").mkdir(), at("v1/more", "W002"), id="W002"),
        pytest.param(unversioned, at("v1", "W010"), id="W010"),
        pytest.param(
            lambda t: edit_inventory(t / "v1", lambda i: i["versions"]["v1"].update(message="")),
            at("v1/inventory.json", "W011"),
            id="W011",
        ),
        pytest.param(
            lambda t: (t / "extensions/our-own").mkdir(parents=True),
            at("extensions/our-own", "W013"),
            id="W013",
        ),
    ],
)
def test_what_should_not_be_is_a_warning(
    thing: Path, change: Callable[[Path], object], expected: set[tuple[str, str]]
) -> None:
    change(thing)

    assert verify(thing).valid
    assert warnings(thing) == expected


def test_an_empty_content_folder_is_a_warning(tmp_path: Path) -> None:
    thing = by_hand(tmp_path / "object", {})
    (thing / "v1/content").mkdir()

    assert errors(thing) == set()
    assert warnings(thing) == at("v1/content", "W003")


def test_logs_and_registered_extensions_are_no_fault(thing: Path) -> None:
    (thing / "logs").mkdir()
    (thing / "logs/audit.txt").write_text("sound")
    (thing / "extensions/0009-digest-algorithms").mkdir(parents=True)

    assert verify(thing).to_json() == {"valid": True, "errors": [], "warnings": []}


def by_hand(folder: Path, files: dict[str, bytes], **changes: Any) -> Path:  # noqa: ANN401  # any JSON
    """Write an object of one version as another program might."""
    named = {hashlib.sha512(content).hexdigest(): name for name, content in files.items()}
    inventory = {
        "digestAlgorithm": "sha512",
        "head": "v1",
        "id": "urn:x:1",
        "manifest": {digest: [f"v1/content/{name}"] for digest, name in named.items()},
        "type": "https://ocfl.io/1.1/spec/#inventory",
        "versions": {
            "v1": {
                "created": "2019-01-01T02:03:04Z",
                "message": "by hand",
                "state": {digest: [name] for digest, name in named.items()},
                "user": {"name": "Ana Ruiz", "address": "mailto:ana@halcyon.example"},
            }
        },
        **changes,
    }
    spec = inventory["type"][len("https://ocfl.io/") :][:3]
    version = folder / inventory["head"]
    version.mkdir(parents=True)
    (folder / f"0=ocfl_object_{spec}").write_text(f"ocfl_object_{spec}\n")
    put_inventory(folder, json.dumps(inventory).encode())
    put_inventory(version, json.dumps(inventory).encode())
    for name, content in files.items():
        place = version / inventory.get("contentDirectory", "content") / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return folder


A = hashlib.sha512(b"a").hexdigest()


@pytest.mark.parametrize(
    ("files", "changes"),
    [
        pytest.param({"a": b"a"}, {}, id="one file"),
        pytest.param({}, {}, id="no file"),
        pytest.param({"a": b"a"}, {"type": "https://ocfl.io/1.0/spec/#inventory"}, id="OCFL 1.0"),
        pytest.param(
            {"a": b"a"},
            {"contentDirectory": "stuff", "manifest": {A: ["v1/stuff/a"]}},
            id="another content directory",
        ),
        pytest.param(
            {"a": b"a", "b": b"a"},
            {"manifest": {A: ["v1/content/a", "v1/content/b"]}},
            id="the same content twice",
        ),
        pytest.param(
            {"a": b"a"},
            {
                "fixity": {
                    "md5": {hashlib.md5(b"a", usedforsecurity=False).hexdigest(): ["v1/content/a"]},
                    "size": {"1": ["v1/content/a"]},
                }
            },
            id="fixity",
        ),
    ],
)
def test_an_object_of_another_program_is_valid(
    tmp_path: Path, files: dict[str, bytes], changes: dict[str, Any]
) -> None:
    report = verify(by_hand(tmp_path / "object", files, **changes))

    assert report.valid, report.to_text()


def test_every_digest_algorithm_of_the_specification_is_known(tmp_path: Path) -> None:
    """The digests of nothing, as the specification and extension 0009 print them."""
    empty = {
        "md5": "d41d8cd98f00b204e9800998ecf8427e",
        "sha1": "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4",
        "sha512": "cf83e1357eefb8bdf1542850d66d8007d620e405",
        "blake2b-512": "786a02f742015903c6c6fd852552d272912f4740",
        "blake2b-160": "3345524abf6bbe1809449224b5972c41790b6cf2",
        "blake2b-256": "0e5751c026e543b2e8ab2eb06099daa1d1e5df47",
        "blake2b-384": "b32811423377f52d7862286ee1a72ee540524380",
        "sha512/256": "c672b8d1ef56ed28ab87c3622c5114069bdd3ad7",
        "size": "0",
    }
    digests = {name: digest().hexdigest() for name, digest in ALGORITHMS.items()}
    fixity = {name: {digest: ["v1/content/a"]} for name, digest in digests.items()}

    report = verify(by_hand(tmp_path / "object", {"a": b""}, fixity=fixity))

    assert report.valid, report.to_text()
    assert {name: digest[:40] for name, digest in digests.items()} == empty


def restated(inventory: dict[str, Any], *, digest_of: Callable[[bytes], str]) -> None:
    """Restate an inventory of `FOUR_FILES` by sha256."""
    inventory["digestAlgorithm"] = "sha256"
    for content in FOUR_FILES.values():
        old, new = hashlib.sha512(content).hexdigest(), digest_of(content)
        for block in (inventory["manifest"], inventory["versions"]["v1"]["state"]):
            block[new] = block.pop(old)


def test_versions_by_different_algorithms_are_compared_by_their_content(thing: Path) -> None:
    edit_inventory(
        thing / "v1",
        lambda inventory: restated(inventory, digest_of=lambda c: hashlib.sha256(c).hexdigest()),
    )

    assert errors(thing) == set()
    assert warnings(thing) == at("v1/inventory.json", "W004")

    edit_inventory(thing / "v1", lambda i: i["versions"]["v1"]["state"].popitem())
    assert errors(thing) == at("v1/inventory.json", "E066", "E107")


def test_digests_by_an_earlier_algorithm_are_checked(thing: Path) -> None:
    edit_inventory(
        thing / "v1",
        lambda inventory: restated(
            inventory, digest_of=lambda c: hashlib.sha256(c + b"!").hexdigest()
        ),
    )

    assert errors(thing) == at("v1/inventory.json", "E092")


def test_no_link_is_followed_out_of_the_object(thing: Path, tmp_path: Path) -> None:
    """A folder outside is not even listed: it may be anything, or without end."""
    outside = tmp_path / "outside"
    shutil.move(thing / "v1/content/raw", outside)
    (thing / "v1/content/raw").symlink_to(outside)
    (outside / "loop").symlink_to(outside)

    found = errors(thing)

    gone = {("E023", "v1/content/raw/0.json"), ("E092", "v1/content/raw/0.json")}
    assert found == gone | at("v1/content/raw", "E090")


def test_an_inventory_that_is_a_pipe_does_not_hold_us_up(thing: Path) -> None:
    (thing / INVENTORY).unlink()
    os.mkfifo(thing / INVENTORY)

    assert errors(thing) == at(INVENTORY, "E001", "E063")


def test_an_inventory_without_end_is_not_read_to_its_end(thing: Path) -> None:
    with (thing / INVENTORY).open("wb") as file:
        file.truncate(500 << 20)

    found = verify(thing).errors

    assert [(finding.code, finding.path) for finding in found] == [("UNREAD", INVENTORY)]
    assert f"longer than {LONGEST_INVENTORY} bytes" in found[0].message


def test_a_large_file_is_read_in_flat_memory(tmp_path: Path) -> None:
    source = tmp_path / "weights.gguf"
    with source.open("wb") as file:
        file.truncate(64 << 20)
    tracemalloc.start()
    write_version(tmp_path / "store", {"weights.gguf": source})
    report = verify(tmp_path / "store")
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert report.valid
    assert peak < 8 << 20


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_verified(thing: Path) -> None:
    (thing / "v1/content/README.txt").chmod(0)
    (thing / "v1/content/turns.jsonl").write_text("changed")

    assert errors(thing) == at("v1/content/README.txt", "E092") | at(
        "v1/content/turns.jsonl", "E092"
    )


def test_a_place_without_a_folder_is_bad_input(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere", Path(__file__)):
        with pytest.raises(InputError, match="not a folder"):
            verify(path)


def test_an_almost_empty_folder_is_an_object_without_anything(tmp_path: Path) -> None:
    (tmp_path / ".keep").write_text("")

    assert errors(tmp_path) == at(".", "E003") | at(INVENTORY, "E063") | at(".keep", "E001")


def put(name: str, content: str) -> Callable[[Path], None]:
    def change(store: Path) -> None:
        (store / name).parent.mkdir(parents=True, exist_ok=True)
        (store / name).write_text(content)

    return change


def drop(name: str) -> Callable[[Path], None]:
    return lambda store: (store / name).unlink()


def twin(store: Path) -> None:
    shutil.copytree(object_folder(store), store / "ffff/twin")


def move_away(store: Path) -> None:
    (store / "ffff").mkdir()
    folder = object_folder(store)
    folder.rename(store / "ffff" / folder.name)
    shutil.rmtree(folder.parents[2])


def declare_1_0(store: Path) -> None:
    drop("0=ocfl_1.1")(store)
    put("0=ocfl_1.0", "ocfl_1.0\n")(store)


PLACE = object_folder(Path())

ROOT_DAMAGES: list[tuple[str, Callable[[Path], object], set[tuple[str, str]]]] = [
    ("no declaration", drop("0=ocfl_1.1"), at(".", "E069")),
    ("two declarations", put("0=ocfl_1.0", "ocfl_1.0\n"), at(".", "E076")),
    ("declaration of a later OCFL", lambda s: (s / "0=ocfl_1.1").rename(s / "0=ocfl_9"), at("0=ocfl_9", "E079")),
    ("declaration begins with one", lambda s: (s / "0=ocfl_1.1").rename(s / "1=ocfl_1.1"), at("1=ocfl_1.1", "E078")),
    ("declaration says something else", put("0=ocfl_1.1", "hm\n"), at("0=ocfl_1.1", "E080")),
    ("layout is half a JSON", put(LAYOUT_FILE, "{"), at(LAYOUT_FILE, "E070")),
    ("layout is a list", put(LAYOUT_FILE, "[]"), at(LAYOUT_FILE, "E070")),
    ("layout without description", put(LAYOUT_FILE, '{"extension": "x"}'), at(LAYOUT_FILE, "E070")),
    ("layout not registered", put(LAYOUT_FILE, '{"extension": "x", "description": ""}'), at(LAYOUT_FILE, "E071")),
    ("layout's parameters wrong", put(CONFIG_FILE, '{"tupleSize": 99}'), at(CONFIG_FILE, "E071")),
    ("layout's parameters missing", drop(CONFIG_FILE), at(CONFIG_FILE, "E071")),
    ("file between objects", put("aaa/x", ""), at("aaa/x", "E072")),
    ("empty folder", lambda s: (s / "aaa").mkdir(), at("aaa", "E073")),
    ("object newer than the root", declare_1_0, at(str(PLACE), "E081")),
    ("file among the extensions", put("extensions/x", ""), at("extensions/x", "E112")),
    ("id of another object", twin, at("ffff/twin", "E037", "E083")),
    ("object in another place", move_away, at(f"ffff/{PLACE.name}", "E083")),
    ("symbolic link", lambda s: (s / "aaa").symlink_to(s), at("aaa", "E090")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("damage", "expected"),
    [pytest.param(damage, expected, id=name) for name, damage, expected in ROOT_DAMAGES],
)
def test_each_damage_to_a_root_has_its_codes_and_no_others(
    store: Path, damage: Callable[[Path], object], expected: set[tuple[str, str]]
) -> None:
    damage(store)

    assert errors(store) == expected


def test_what_should_not_be_in_a_root_is_a_warning(store: Path, tmp_path: Path) -> None:
    (store / "extensions/our-own").mkdir()
    (store / LAYOUT_FILE).unlink()
    shutil.move(by_hand(tmp_path / "flat", {"a": b"a"}), store)

    assert errors(store) == set()
    assert warnings(store) == at("extensions/our-own", "W016") | at(".", "W015")


def test_files_in_a_root_that_nobody_knows_are_ignored(store: Path) -> None:
    (store / "ocfl_1.1.md").write_text("the specification")

    assert verify(store).to_json() == {"valid": True, "errors": [], "warnings": []}


def test_every_object_of_a_root_is_verified(store: Path) -> None:
    write_version(store, FOUR_FILES, OTHER)
    (object_folder(store) / "v1/content/README.txt").write_text("changed")
    (object_folder(store, OTHER) / DECLARATION).unlink()

    found = verify(store)

    assert found.objects == 2
    assert errors(store) == at(f"{PLACE}/v1/content/README.txt", "E092") | at(
        str(object_folder(Path(), OTHER)), "E003"
    )
