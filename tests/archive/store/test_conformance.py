"""Each rule of OCFL over an inventory has its code, and nothing but that code."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.store.conformance import examine, is_rfc3339

A, B = "a" * 128, "b" * 128
Document = dict[str, Any]


def sound() -> Document:
    """An inventory of two versions that keeps every rule."""
    about = {
        "created": "2026-11-23T15:00:00Z",
        "message": "why",
        "user": {"name": "Ana Ruiz", "address": "mailto:ana@halcyon.example"},
    }
    return {
        "digestAlgorithm": "sha512",
        "head": "v2",
        "id": "urn:x:1",
        "manifest": {A: ["v1/content/a.txt"], B: ["v2/content/sub/b.txt"]},
        "type": "https://ocfl.io/1.1/spec/#inventory",
        "versions": {
            "v1": {**about, "state": {A: ["a.txt"]}},
            "v2": {**about, "state": {A: ["a.txt"], B: ["sub/b.txt"]}},
        },
    }


def codes(content: bytes, spec: str = "1.1") -> set[str]:
    return {fault.code for fault in examine(content, spec=spec).faults}


def put(*keys: str, value: object) -> Callable[[Document], None]:
    """Put `value` where the keys lead."""

    def edit(document: Document) -> None:
        for key in keys[:-1]:
            document = document[key]
        document[keys[-1]] = value

    return edit


def drop(*keys: str) -> Callable[[Document], None]:
    """Take away what stands where the keys lead."""

    def edit(document: Document) -> None:
        for key in keys[:-1]:
            document = document[key]
        del document[keys[-1]]

    return edit


def renamed(**names: str) -> Callable[[Document], None]:
    """Give the versions other names, and their folders too."""

    def edit(document: Document) -> None:
        document["manifest"] = {
            digest: [names.get(path[:2], path[:2]) + path[2:] for path in paths]
            for digest, paths in document["manifest"].items()
        }
        versions = document["versions"]
        document["versions"] = {names.get(name, name): versions[name] for name in versions}
        document["head"] = names.get(document["head"], document["head"])

    return edit


CASES: list[tuple[str, Callable[[Document], None], set[str]]] = [
    ("nothing wrong", put("head", value="v2"), set()),
    ("unknown key", put("note", value=""), {"E102"}),
    ("no id", drop("id"), {"E036"}),
    ("no type", drop("type"), {"E036"}),
    ("no algorithm", drop("digestAlgorithm"), {"E036"}),
    ("no head", drop("head"), {"E036"}),
    ("no manifest", drop("manifest"), {"E041"}),
    ("no versions", drop("versions"), {"E041", "E043"}),
    ("id is a number", put("id", value=7), {"E037"}),
    ("id is empty", put("id", value=""), {"E037"}),
    ("id is no URI", put("id", value="object-1"), {"W005"}),
    ("type of another version", put("type", value="https://ocfl.io/1.0/spec/#inventory"), {"E038"}),
    ("type is no inventory", put("type", value="Object"), {"E038"}),
    ("algorithm not allowed", put("digestAlgorithm", value="md5"), {"E025"}),
    ("head is a number", put("head", value=2), {"E040"}),
    ("head is not the last", put("head", value="v1"), {"E040"}),
    ("head does not exist", put("head", value="v3"), {"E040"}),
    ("content directory with a slash", put("contentDirectory", value="a/b"), {"E017"}),
    ("content directory is a number", put("contentDirectory", value=1), {"E017"}),
    ("content directory is the parent", put("contentDirectory", value=".."), {"E018"}),
    ("content directory is empty", put("contentDirectory", value=""), {"E108"}),
    ("manifest is a list", put("manifest", value=[]), {"E106"}),
    ("digest of another length", put("manifest", "c" * 64, value=["v1/content/c"]), {"E039", "E107"}),
    ("manifest entry is a string", put("manifest", A, value="v1/content/a.txt"), {"E092"}),
    ("manifest entry lists nothing", put("manifest", A, value=[]), {"E092"}),
    ("manifest entry unused", put("manifest", "c" * 128, value=["v1/content/c"]), {"E107"}),
    ("digest twice in other case", put("manifest", A.upper(), value=["v1/content/a.txt"]), {"E096"}),
    ("content path absolute", put("manifest", A, value=["/v1/content/a.txt"]), {"E100"}),
    ("content path leads up", put("manifest", A, value=["v1/content/../a.txt"]), {"E099"}),
    ("content path twice", put("manifest", A, value=["v1/content/a"] * 2), {"E101"}),
    ("content path of two", put("manifest", A, value=["v2/content/sub/b.txt"]), {"E101"}),
    ("content path in a file", put("manifest", A, value=["v2/content/sub"]), {"E101"}),
    ("content path outside the versions", put("manifest", A, value=["a.txt"]), {"E042"}),
    ("content path beside the content", put("manifest", A, value=["v1/data/a.txt"]), {"E042"}),
    ("content path of no version", put("manifest", A, value=["v3/content/a.txt"]), {"E042"}),
    ("content path by another name", put("manifest", A, value=["v01/content/a"]), {"E014", "E042"}),
    ("content path with backslashes", put("manifest", A, value=["v1\\content\\a"]), {"E042"}),
    ("versions is a list", put("versions", value=[]), {"E044"}),
    ("no version at all", put("versions", value={}), {"E008"}),
    ("versions start at two", renamed(v1="v2", v2="v3"), {"E009"}),
    ("version left out", renamed(v2="v3"), {"E010"}),
    ("version without its v", renamed(v1="1"), {"E104", "E009"}),
    ("version without a number", renamed(v2="vx"), {"E105", "E040"}),
    ("version zero", renamed(v1="v0"), {"E105", "E009"}),
    ("padded with zeros", renamed(v1="v01", v2="v02"), {"W001"}),
    ("padding given up", renamed(v1="v01"), {"W001", "E011", "E013"}),
    ("padding begun late", renamed(v2="v02"), {"W001", "E012"}),
    ("padding changed", renamed(v1="v01", v2="v002"), {"W001", "E012"}),
    ("version is a list", put("versions", "v1", value=[]), {"E047"}),
    ("unknown key of a version", put("versions", "v1", "type", value="Version"), {"E102"}),
    ("no time", drop("versions", "v1", "created"), {"E048"}),
    ("time is a number", put("versions", "v1", "created", value=5), {"E049"}),
    ("time without an offset", put("versions", "v1", "created", value="2019-01-01T02:03:04"), {"E049"}),
    ("no state", drop("versions", "v1", "state"), {"E048"}),
    ("state is a list", put("versions", "v1", "state", value=[]), {"E050"}),
    ("state entry is a string", put("versions", "v1", "state", A, value="a.txt"), {"E050", "E051"}),
    ("state entry of a number", put("versions", "v1", "state", A, value=[1]), {"E050", "E051"}),
    ("only entry of a digest is a string", put("versions", "v2", "state", B, value="b"), {"E050", "E051"}),
    ("state digest unknown", put("versions", "v1", "state", "c" * 128, value=["c"]), {"E050"}),
    ("state digest in other case", put("versions", "v1", "state", value={A.upper(): ["a"]}), {"E050"}),
    ("logical path absolute", put("versions", "v1", "state", A, value=["/a"]), {"E053"}),
    ("logical path leads up", put("versions", "v1", "state", A, value=["../a"]), {"E052"}),
    ("logical path twice", put("versions", "v1", "state", A, value=["a", "a"]), {"E095"}),
    ("logical path in a file", put("versions", "v1", "state", A, value=["a", "a/b"]), {"E095"}),
    ("no message", drop("versions", "v1", "message"), {"W007"}),
    ("message is a list", put("versions", "v1", "message", value=[]), {"E094"}),
    ("no user", drop("versions", "v1", "user"), {"W007"}),
    ("user is a string", put("versions", "v1", "user", value="Ana"), {"E054"}),
    ("user without a name", drop("versions", "v1", "user", "name"), {"E054"}),
    ("user without an address", drop("versions", "v1", "user", "address"), {"W008"}),
    ("address is a number", put("versions", "v1", "user", "address", value=1), {"E054"}),
    ("address is no URI", put("versions", "v1", "user", "address", value="somewhere"), {"W009"}),
    ("unknown key of a user", put("versions", "v1", "user", "orcid", value=""), {"E102"}),
    ("fixity is null", put("fixity", value=None), {"E111"}),
    ("fixity by no known algorithm", put("fixity", value={"crc32": {}}), {"E056"}),
    ("fixity block is a list", put("fixity", value={"md5": []}), {"E057"}),
    ("fixity entry is a string", put("fixity", value={"md5": {"0c": "v1/content/a"}}), {"E057"}),
    ("fixity digest twice", put("fixity", value={"md5": {"c": ["a"], "C": ["a"]}}), {"E097"}),
    ("fixity path leads up", put("fixity", value={"md5": {"c": ["v1/../a"]}}), {"E099"}),
    ("fixity path absolute", put("fixity", value={"md5": {"c": ["/v1/a"]}}), {"E100"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("edit", "expected"), [pytest.param(edit, found, id=name) for name, edit, found in CASES]
)
def test_a_broken_rule_has_its_code(edit: Callable[[Document], None], expected: set[str]) -> None:
    document = sound()
    edit(document)

    assert codes(json.dumps(document).encode()) == expected


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b'{"id": ', id="half"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'{"id": "\xff"}', id="not UTF-8"),
        pytest.param(b"\xef\xbb\xbf{}", id="byte order mark"),
        pytest.param(b'{"id": NaN}', id="NaN"),
        pytest.param(b"[" * 100_000, id="too deep"),
        pytest.param(b'{"head": ' + b"9" * 5000 + b"}", id="a number of 5000 digits"),
    ],
)
def test_what_is_no_json_object_is_one_fault(content: bytes) -> None:
    examined = examine(content, spec="1.1")

    assert [fault.code for fault in examined.faults] == ["E033"]
    assert examined.inventory is None


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        pytest.param('"head": "v2"', {"E033"}, id="a key"),
        pytest.param(f'"{A}": ["v1/content/a.txt"]', {"E096"}, id="a digest of the manifest"),
        pytest.param(f'"{B}": ["sub/b.txt"]', {"E050"}, id="a digest of a state"),
    ],
)
def test_a_key_that_stands_twice_is_found(key: str, expected: set[str]) -> None:
    text = json.dumps(sound())
    assert key in text

    assert codes(text.replace(key, f"{key}, {key}", 1).encode()) == expected


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        pytest.param(put("manifest", value=[]), {"E106", "E041"}, id="manifest is a list"),
        pytest.param(
            put("manifest", "c" * 128, value=["v1/content/c"]), {"E107", "E050"}, id="unused"
        ),
        pytest.param(put("fixity", value=None), {"E111", "E056"}, id="fixity is null"),
    ],
)
def test_an_inventory_by_1_0_also_gets_the_codes_of_1_0(
    edit: Callable[[Document], None], expected: set[str]
) -> None:
    document = {**sound(), "type": "https://ocfl.io/1.0/spec/#inventory"}
    edit(document)

    assert codes(json.dumps(document).encode(), "1.0") == expected


@pytest.mark.parametrize(
    ("text", "is_time"),
    [
        ("2026-11-23T15:00:00Z", True),
        ("2021-03-31T08:22:37.241208990-05:00", True),
        ("2016-12-31t23:59:60z", True),
        ("2026-11-23T15:00Z", False),
        ("2026-11-23T15:00:00", False),
        ("2026-02-31T15:00:00Z", False),
        ("2026-11-23T25:00:00Z", False),
        ("2026-11-23T15:00:61Z", False),
        ("2026-11-23T15:00:00+24:00", False),
        ("20261123T150000Z", False),
        ("2026-11-23", False),
    ],
)
def test_a_time_is_rfc_3339_with_seconds_and_offset(text: str, is_time: bool) -> None:  # noqa: FBT001  # a table's column
    assert is_rfc3339(text) == is_time


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sampled_from([*sound(), "fixity", "contentDirectory"]), JSON)
def test_any_value_of_any_key_is_examined_to_the_end(key: str, value: object) -> None:
    """Nothing that JSON can say stops the examination."""
    document = {**sound(), key: value}

    examined = examine(json.dumps(document).encode(), spec="1.1")

    assert all(fault.code[0] in "EW" and fault.message for fault in examined.faults)


@given(st.sampled_from([*sound()["versions"]["v1"]]), JSON)
def test_any_value_in_a_version_is_examined_to_the_end(key: str, value: object) -> None:
    document = sound()
    document["versions"]["v1"][key] = value

    examined = examine(json.dumps(document).encode(), spec="1.1")

    assert examined.inventory is not None
