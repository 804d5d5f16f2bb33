"""Valid OCFL objects of many shapes, as other programs may write them: nothing of ours is used."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

State = Mapping[str, bytes]

FIRST: State = {"a.txt": b"a", "sub/b.txt": b"b", "empty": b""}
STATES: Sequence[State] = [FIRST, {"a.txt": b"changed", "sub/b.txt": b"b"}, {"c.txt": b"a"}]
USER = {"name": "Ana Ruiz", "address": "mailto:ana@halcyon.example"}


def write_object(  # noqa: PLR0913  # each is one way in which objects differ
    folder: Path,
    states: Sequence[State] = STATES,
    *,
    object_id: str = "urn:x:1",
    algorithms: Sequence[str] = ("sha512",),
    content: str = "content",
    digits: int = 0,
    specs: Sequence[str] = ("1.1",),
    fixity: Sequence[str] = (),
    all_copies: bool = False,
    inventories: bool = True,
    upper: bool = False,
) -> Path:
    """Write an object of one version for each state.

    Args:
        folder: Where; it is made.
        states: What each version holds.
        object_id: Its id.
        algorithms: The digest algorithm of each version; the last goes for all later ones.
        content: The content directory.
        digits: How many digits a padded version number has; 0: none is padded.
        specs: The version of OCFL of each version; the last goes for all later ones.
        fixity: Algorithms by which the files are digested too.
        all_copies: Whether each version holds all its files, also those that were there before.
        inventories: Whether the version folders have one.
        upper: Whether digests are written in capital letters.
    """
    folder.mkdir(parents=True)
    files: dict[str, bytes] = {}
    versions: dict[str, Any] = {}
    for number, state in enumerate(states, 1):
        name = f"v{number:0{digits}}"
        algorithm = algorithms[min(number, len(algorithms)) - 1]
        spec = specs[min(number, len(specs)) - 1]
        (folder / name).mkdir()
        for path, text in state.items():
            if all_copies or text not in files.values():
                files[f"{name}/{content}/{path}"] = text
                (place := folder / name / content / path).parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(text)
        versions[name] = state
        block = partial(_block, upper=upper)
        inventory: dict[str, Any] = {
            "digestAlgorithm": algorithm,
            "head": name,
            "id": object_id,
            "manifest": block(algorithm, files),
            "type": f"https://ocfl.io/{spec}/spec/#inventory",
            "versions": {
                one: {
                    "created": f"2026-11-{day:02}T15:00:00Z",
                    "message": f"why {one}",
                    "state": block(algorithm, held),
                    "user": USER,
                }
                for day, (one, held) in enumerate(versions.items(), 1)
            },
        }
        if content != "content":
            inventory["contentDirectory"] = content
        if fixity:
            inventory["fixity"] = {other: block(other, files) for other in fixity}
        if inventories:
            write_inventory(folder / name, inventory)
        if number == len(states):
            write_inventory(folder, inventory)
            (folder / f"0=ocfl_object_{spec}").write_text(f"ocfl_object_{spec}\n")
    return folder


def write_inventory(folder: Path, inventory: Mapping[str, Any]) -> None:
    """Write an inventory and its sidecar into `folder`."""
    content = json.dumps(inventory, indent=1).encode()
    algorithm = inventory["digestAlgorithm"]
    (folder / "inventory.json").write_bytes(content)
    digest = hashlib.new(algorithm, content).hexdigest()
    (folder / f"inventory.json.{algorithm}").write_text(f"{digest} inventory.json\n")


def write_root(folder: Path, spec: str = "1.1") -> Path:
    """Write a storage root with nothing in it."""
    folder.mkdir(parents=True)
    (folder / f"0=ocfl_{spec}").write_text(f"ocfl_{spec}\n")
    return folder


def _block(algorithm: str, files: State, *, upper: bool) -> dict[str, list[str]]:
    block: dict[str, list[str]] = {}
    for path, text in files.items():
        digest = hashlib.new(algorithm, text).hexdigest()
        block.setdefault(digest.upper() if upper else digest, []).append(path)
    return block


SHAPES: Mapping[str, Callable[[Path], Path]] = {
    "one version": partial(write_object, states=[FIRST]),
    "several versions": write_object,
    "no file at all": partial(write_object, states=[{}]),
    "an empty version in the middle": partial(write_object, states=[FIRST, {}, FIRST]),
    "two versions that are the same": partial(write_object, states=[FIRST, FIRST]),
    "files only moved": partial(write_object, states=[{"a": b"a"}, {"b/a": b"a"}, {"b": b"a"}]),
    "the same content at two paths": partial(write_object, states=[{"a": b"a", "b": b"a"}]),
    "every version with all its files": partial(write_object, all_copies=True),
    "another content directory": partial(write_object, content="data"),
    "a content directory with a space": partial(write_object, content="my files"),
    "by sha256": partial(write_object, algorithms=["sha256"]),
    "sha256, then sha512": partial(write_object, algorithms=["sha256", "sha512"]),
    "sha512, then sha256": partial(write_object, algorithms=["sha512", "sha256"]),
    "padded version numbers": partial(write_object, digits=4),
    "ten versions": partial(write_object, states=[{"n": bytes([n])} for n in range(10)]),
    "padded to two digits": partial(write_object, digits=2),
    "OCFL 1.0": partial(write_object, specs=["1.0"]),
    "OCFL 1.0, then 1.1": partial(write_object, specs=["1.0", "1.1"]),
    "fixity by all algorithms": partial(write_object, fixity=["md5", "sha1", "sha256", "sha512"]),
    "digests in capitals": partial(write_object, upper=True),
    "no inventories in the versions": partial(write_object, inventories=False),
    "an id that is no URI": partial(write_object, object_id="object 1"),
    "names with every character": partial(
        write_object, states=[{"ä/ß €": b"1", "a\\b": b"2", " lead": b"3", "x?*|<>": b"4"}]
    ),
}
"""Valid objects; each writes itself into a folder."""
