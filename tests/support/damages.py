"""What can be wrong with an object on the disk, and what a verifier must say of it.

Each damage is done to an object of two versions: `FOUR_FILES`, then `SECOND_STATE`.
"""

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from archive.store.digests import sha512
from archive.store.inventory import sidecar
from tests.support.objects import FOUR_FILES, edit_inventory, put_inventory

SECOND_STATE = {**FOUR_FILES, "record.json": b"changed", "sub/new.txt": b"new"}

Inventory = dict[str, Any]


class Damage(NamedTuple):
    name: str
    do: Callable[[Path], object]  # to the folder of the object
    errors: set[tuple[str, str]]  # code and path


def in_both(edit: Callable[[Inventory], object]) -> Callable[[Path], None]:
    """Edit the object's inventory, and its copy in the last version."""

    def damage(thing: Path) -> None:
        edit_inventory(thing, edit)
        edit_inventory(thing / "v2", edit)

    return damage


def in_first(edit: Callable[[Inventory], object]) -> Callable[[Path], None]:
    """Edit the inventory of the first version."""
    return lambda thing: edit_inventory(thing / "v1", edit)


def write(name: str, content: bytes = b"") -> Callable[[Path], None]:
    def damage(thing: Path) -> None:
        (thing / name).parent.mkdir(exist_ok=True)
        (thing / name).write_bytes(content)

    return damage


def remove(name: str) -> Callable[[Path], None]:
    def damage(thing: Path) -> None:
        if (thing / name).is_dir():
            shutil.rmtree(thing / name)
        else:
            (thing / name).unlink()

    return damage


def move(name: str, to: str) -> Callable[[Path], object]:
    return lambda thing: (thing / name).rename(thing / to)


def make_folder(name: str) -> Callable[[Path], None]:
    return lambda thing: (thing / name).mkdir()


def link(name: str, to: str) -> Callable[[Path], None]:
    """Put a symbolic link in the place of a file."""

    def damage(thing: Path) -> None:
        (thing / name).unlink()
        (thing / name).symlink_to(thing / to)

    return damage


def hard_link(name: str, to: str) -> Callable[[Path], None]:
    """Put a hard link in the place of a file."""

    def damage(thing: Path) -> None:
        (thing / name).unlink()
        os.link(thing / to, thing / name)

    return damage


def put_pipe(name: str) -> Callable[[Path], None]:
    return lambda thing: os.mkfifo(thing / name)


def flip_bits(name: str) -> Callable[[Path], None]:
    def damage(thing: Path) -> None:
        (thing / name).write_bytes(bytes(byte ^ 1 for byte in (thing / name).read_bytes()))

    return damage


def half_an_inventory(thing: Path) -> None:
    put_inventory(thing, (thing / "inventory.json").read_bytes()[:200])


def last_inventory_in_first(thing: Path) -> None:
    put_inventory(thing / "v1", (thing / "v2/inventory.json").read_bytes())


def another_inventory_in_last(thing: Path) -> None:
    put_inventory(thing / "v2", (thing / "inventory.json").read_bytes() + b"\n")


def older_specification_in_last(thing: Path) -> None:
    in_both(lambda inventory: inventory.update(type="https://ocfl.io/1.0/spec/#inventory"))(thing)
    move("0=ocfl_object_1.1", "0=ocfl_object_1.0")(thing)
    (thing / "0=ocfl_object_1.0").write_text("ocfl_object_1.0\n")


def rename_logical_file(inventory: Inventory) -> None:
    state = inventory["versions"]["v1"]["state"]
    state[digest_of("README.txt")] = ["README.md"]


def swap_contents(inventory: Inventory) -> None:
    """Let the manifest give each of two files the digest of the other."""
    manifest = inventory["manifest"]
    one, other = digest_of("README.txt"), digest_of("turns.jsonl")
    manifest[one], manifest[other] = manifest[other], manifest[one]


def forget_a_file(inventory: Inventory) -> None:
    del inventory["manifest"][digest_of("turns.jsonl")]
    del inventory["versions"]["v1"]["state"][digest_of("turns.jsonl")]


def invent_a_file(inventory: Inventory) -> None:
    inventory["manifest"][digest_of("README.txt")].append("v1/content/never.txt")


def digest_of(name: str) -> str:
    return hashlib.sha512(FOUR_FILES[name]).hexdigest()


def fixity(digest: str, path: str) -> Callable[[Path], None]:
    return in_both(lambda inventory: inventory.update(fixity={"md5": {digest: [path]}}))


def missing(*paths: str) -> set[tuple[str, str]]:
    """The errors for content that the manifest names and that is not there."""
    return {(code, path) for path in paths for code in ("E023", "E092")}


def at(path: str, *codes: str) -> set[tuple[str, str]]:
    return {(code, path) for code in codes}


FIRST_FILES = [f"v1/content/{name}" for name in FOUR_FILES]
SECOND_FILES = ["v2/content/record.json", "v2/content/sub/new.txt"]
TURNS = "v1/content/turns.jsonl"
README = "v1/content/README.txt"
INVENTORY, SIDECAR = "inventory.json", "inventory.json.sha512"
FIRST = "v1/inventory.json"

DAMAGES = [
    Damage("a file in the object", write("x"), at("x", "E001")),
    Damage("a folder in the object", make_folder("x"), at("x", "E001")),
    Damage("a pipe in the object", put_pipe("x"), at("x", "E001")),
    Damage("a file named like a version", write("v3"), at("v3", "E001")),
    Damage("a second sidecar", write("inventory.json.md5"), at("inventory.json.md5", "E001")),
    Damage("no declaration", remove("0=ocfl_object_1.1"), at(".", "E003")),
    Damage("two declarations", write("0=ocfl_object_1.0", b"ocfl_object_1.0\n"), at(".", "E003")),
    Damage(
        "a declaration that begins with a one",
        move("0=ocfl_object_1.1", "1=ocfl_object_1.1"),
        at("1=ocfl_object_1.1", "E005"),
    ),
    Damage(
        "a declaration of a later OCFL",
        move("0=ocfl_object_1.1", "0=ocfl_object_9.9"),
        at("0=ocfl_object_9.9", "E006"),
    ),
    Damage(
        "a declaration that says something else",
        write("0=ocfl_object_1.1", b"hm\n"),
        at("0=ocfl_object_1.1", "E007"),
    ),
    Damage(
        "a version without its folder",
        remove("v1"),
        at("v1", "E010", "E046") | missing(*FIRST_FILES),
    ),
    Damage("a file beside the content folder", write("v1/x"), at("v1/x", "E015")),
    Damage("a pipe beside the content folder", put_pipe("v1/x"), at("v1/x", "E015")),
    Damage("a version's sidecar alone", remove(FIRST), at("v1/inventory.json.sha512", "E015")),
    Damage("no content folder", remove("v2/content"), at("v2", "E016") | missing(*SECOND_FILES)),
    Damage(
        "another content directory at first",
        in_first(lambda inventory: inventory.update(contentDirectory="data")),
        at(FIRST, "E019", "E042"),
    ),
    Damage("a file that no manifest names", write("v1/content/x"), at("v1/content/x", "E023")),
    Damage("a pipe in the content", put_pipe("v1/content/x"), at("v1/content/x", "E023")),
    Damage("a file that is missing", remove(TURNS), missing(TURNS)),
    Damage("an empty folder", make_folder("v1/content/x"), at("v1/content/x", "E024")),
    Damage(
        "an algorithm that is not allowed",
        in_both(lambda inventory: inventory.update(digestAlgorithm="md5")),
        at(INVENTORY, "E025"),
    ),
    Damage("half an inventory", half_an_inventory, at(INVENTORY, "E033")),
    Damage(
        "another id at first",
        in_first(lambda inventory: inventory.update(id="urn:x:2")),
        at(FIRST, "E037", "E110"),
    ),
    Damage("the last inventory in the first version", last_inventory_in_first, at(FIRST, "E040")),
    Damage("a version that the inventory does not name", make_folder("v3"), at("v3", "E046")),
    Damage("no sidecar", remove(SIDECAR), at(INVENTORY, "E058")),
    Damage(
        "a sidecar by another algorithm",
        move(SIDECAR, "inventory.json.sha256"),
        at(INVENTORY, "E058") | at("inventory.json.sha256", "E059"),
    ),
    Damage(
        "a sidecar of something else", write(SIDECAR, sidecar(sha512(b""))), at(SIDECAR, "E060")
    ),
    Damage(
        "a version's sidecar of something else",
        write("v1/inventory.json.sha512", sidecar(sha512(b""))),
        at("v1/inventory.json.sha512", "E060"),
    ),
    Damage("a sidecar of another form", write(SIDECAR, b"hm\n"), at(SIDECAR, "E061")),
    Damage("no inventory", remove(INVENTORY), at(INVENTORY, "E063")),
    Damage(
        "an inventory that is not the last version's",
        another_inventory_in_last,
        at("v2/inventory.json", "E064"),
    ),
    Damage("another state at first", in_first(rename_logical_file), at(FIRST, "E066")),
    Damage("a file among the extensions", write("extensions/x"), at("extensions/x", "E067")),
    Damage("a symbolic link", link(README, TURNS), at(README, "E090") | missing(README)),
    Damage(
        "a hard link",
        hard_link("v2/inventory.json", INVENTORY),
        at("v2/inventory.json", "E090"),
    ),
    Damage("content that has changed", flip_bits(README), at(README, "E092")),
    Damage("digests swapped at first", in_first(swap_contents), at(FIRST, "E092")),
    Damage("a file forgotten at first", in_first(forget_a_file), at(FIRST, "E023", "E066")),
    Damage("a file invented at first", in_first(invent_a_file), at(FIRST, "E092")),
    Damage("fixity of no file", fixity("0" * 32, "v1/content/x"), at(INVENTORY, "E093")),
    Damage("fixity that is wrong", fixity("0" * 32, README), at(README, "E093")),
    Damage(
        "an older OCFL after a newer",
        older_specification_in_last,
        at("v2/inventory.json", "E103"),
    ),
]
