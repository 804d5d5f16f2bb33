"""Inventories as values."""

import hashlib
import json

from archive.store.conformance import examine
from archive.store.digests import sha512
from archive.store.inventory import Inventory, User, Version, extended, sidecar

A, B = hashlib.sha512(b"a").hexdigest(), hashlib.sha512(b"b").hexdigest()
FIRST = Version(
    created="2026-11-23T15:00:00.000000Z",
    state={A: ["a.txt", "raw/a.txt"]},
    message="first",
    user=User(name="The Halcyon Archive"),
)
SECOND = Version(created="2026-11-24T15:00:00.000000Z", state={A: ["a.txt"], B: ["b.txt"]})


def two_versions() -> Inventory:
    one = extended(None, "urn:x:1", FIRST, {A: "v1/content/a.txt"})
    return extended(one, "urn:x:1", SECOND, {B: "v2/content/b.txt"})


def test_an_inventory_reads_back_as_it_was_written() -> None:
    inventory = two_versions()

    examined = examine(inventory.to_bytes(), spec="1.1")

    assert examined.inventory == inventory
    assert {fault.code for fault in examined.faults} <= {"W007", "W008"}


def test_each_version_names_the_place_of_its_files() -> None:
    inventory = two_versions()

    assert inventory.head == "v2"
    assert inventory.files() == {"a.txt": "v1/content/a.txt", "b.txt": "v2/content/b.txt"}
    assert inventory.files("v1")["raw/a.txt"] == "v1/content/a.txt"


def test_equal_inventories_have_equal_bytes() -> None:
    turned = Inventory(
        id="urn:x:1",
        head="v2",
        versions={"v2": SECOND, "v1": FIRST},
        manifest={B: ("v2/content/b.txt",), A: ("v1/content/a.txt",)},
    )

    assert turned.to_bytes() == two_versions().to_bytes()


def test_fixity_and_another_content_directory_are_kept() -> None:
    inventory = Inventory(
        id="urn:x:1",
        head="v1",
        versions={"v1": FIRST},
        manifest={A: ["v1/data/a.txt"]},
        fixity={"md5": {"0cc175b9c0f1b6a831c399e269772661": ["v1/data/a.txt"]}},
        content_directory="data",
    )

    assert examine(inventory.to_bytes(), spec="1.1").inventory == inventory


def test_the_sidecar_states_the_digest() -> None:
    content = two_versions().to_bytes()

    digest, name = sidecar(sha512(content)).decode().split()

    assert (digest, name) == (hashlib.sha512(content).hexdigest(), "inventory.json")
    assert json.loads(content)["type"] == "https://ocfl.io/1.1/spec/#inventory"
