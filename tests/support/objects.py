"""Archival objects for tests: writing versions, reading them with nothing of ours, breaking them."""

import hashlib
import json
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.files import publish
from archive.store.inventory import User
from archive.store.layout import Layout
from archive.store.staging import staging
from archive.store.writing import Recovered, install, only_writer, recover

OBJECT = "urn:uuid:01939f6e-5c00-7000-8000-000000000001"
CREATED = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
AUTHOR = User(name="The Halcyon Archive", address="urn:uuid:01939f6e-5c00-7000-8000-000000000002")

FOUR_FILES: Mapping[str, bytes] = {
    "README.txt": b"An object.\n",
    "record.json": b"{}\n",
    "turns.jsonl": b'{"index": 0}\n',
    "raw/0.json": b"\x00\xff",
}

Files = Mapping[str, bytes | Path]


def write_version(store: Path, files: Files, object_id: str = OBJECT) -> int | None:
    """Seal as a workspace does it: stage, decide, install; return the version if there is one."""
    return write_versions(store, {object_id: files}).get(object_id)


def write_versions(store: Path, objects: Mapping[str, Files]) -> dict[str, int]:
    """Seal several objects together; return the version of each that got one."""
    with only_writer(store) as root, staging(root) as batch:
        recover(root, committed=_decided(store))
        for object_id, files in objects.items():
            batch.stage(object_id, files, message="a version", author=AUTHOR, created=CREATED)
        batch.keep()
        if batch.staged:
            digests = "\n".join(one.inventory_digest for one in batch.staged)
            publish(_decision(store), digests.encode())
        install(batch.staged)
        return {one.object_id: one.version for one in batch.staged}


def recovered(store: Path) -> list[Recovered]:
    """Do what the next start does first."""
    with only_writer(store) as root:
        return recover(root, committed=_decided(store))


def object_folder(store: Path, object_id: str = OBJECT) -> Path:
    return store / Layout().object_path(object_id)


def read_states(folder: Path) -> list[dict[str, bytes]]:
    """Return what each version holds, read from the inventory as the specification has it."""
    inventory = json.loads((folder / "inventory.json").read_bytes())
    return [
        {
            path: (folder / inventory["manifest"][digest][0]).read_bytes()
            for digest, paths in version["state"].items()
            for path in paths
        }
        for _name, version in sorted(
            inventory["versions"].items(), key=lambda item: int(item[0][1:])
        )
    ]


def edit_inventory(folder: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    """Change the inventory in `folder` and its sidecar with it."""
    file = folder / "inventory.json"
    inventory = json.loads(file.read_bytes())
    edit(inventory)
    put_inventory(folder, json.dumps(inventory).encode(), inventory.get("digestAlgorithm"))


def put_inventory(folder: Path, content: bytes, algorithm: object = "sha512") -> None:
    """Put an inventory and its sidecar into `folder`."""
    for old in folder.glob("inventory.json*"):
        old.unlink()
    name = algorithm if isinstance(algorithm, str) and algorithm in {"md5", "sha256"} else "sha512"
    (folder / "inventory.json").write_bytes(content)
    digest = hashlib.new(name, content).hexdigest()
    (folder / f"inventory.json.{name}").write_text(f"{digest} inventory.json\n")


def main() -> None:
    """Write one version: STORE PATH=TEXT…; what this prints is acknowledged."""
    store, *files = sys.argv[1:]
    pairs = (file.partition("=") for file in files)
    write_version(Path(store), {path: text.encode() for path, _, text in pairs})
    sys.stdout.write("sealed\n")
    sys.stdout.flush()


def _decided(store: Path) -> Callable[[str, str], bool]:
    decision = _decision(store)
    decided = decision.read_text().split() if decision.exists() else []
    return lambda _object_id, digest: digest in decided


def _decision(store: Path) -> Path:
    return store.with_name("decision")
