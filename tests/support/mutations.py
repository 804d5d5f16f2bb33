"""One change to an object, drawn by chance: to a byte, to a file, or to a value in an inventory."""

import hashlib
import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

VALUES: list[Any] = [None, True, 0, -1, "", "a", "v1", "v9", "..", "/", "a/b", [], [1], ["a"], {}]
VALUES += [{"a": "b"}, "sha512", "sha256", "2026-02-31T00:00:00Z", "2026-01-01T00:00:00+01:00"]
NAMES = ["x", "v1", "v4", "v1/x", "v2/content/x", "v1/content/sub/x", "extensions/x", "logs/x"]


def mutate(thing: Path, chance: random.Random) -> str:
    """Make one change to the object in `thing`; return what it was."""
    return chance.choice([_change_byte, _change_file, _change_value])(thing, chance)


def _change_byte(thing: Path, chance: random.Random) -> str:
    file = _file(thing, chance)
    content = bytearray(file.read_bytes())
    at = chance.randrange(len(content) + 1)
    kind = chance.choice(["flip", "insert", "cut"])
    if kind == "insert" or at == len(content):
        content.insert(at, chance.randrange(256))
    elif kind == "flip":
        content[at] ^= 1 << chance.randrange(8)
    else:
        del content[at:]
    file.write_bytes(content)
    return f"{kind} at {at} of {file.relative_to(thing)}"


def _change_file(thing: Path, chance: random.Random) -> str:
    file, name = _file(thing, chance), chance.choice(NAMES)
    kind = chance.choice(["remove", "move", "copy", "folder", "fill", "remove folder"])
    what = f"{kind} {file.relative_to(thing)} {name}"
    if kind == "folder":
        (thing / name).mkdir(parents=True, exist_ok=True)
        return what
    if kind == "remove folder":
        if file.parent != thing:
            shutil.rmtree(file.parent)
        return what
    if kind in {"move", "copy"} and not (thing / name).is_dir():
        (thing / name).parent.mkdir(parents=True, exist_ok=True)
        (shutil.move if kind == "move" else shutil.copy)(file, thing / name)
    elif kind == "fill":
        file.write_bytes(b"")
    else:
        file.unlink()
    return what


def _change_value(thing: Path, chance: random.Random) -> str:
    """Change one value, or its key, in one inventory; its sidecar fits again."""
    last = max(path.name for path in thing.glob("v*"))
    places = chance.choice([["", last], ["v1"], [""]])
    inventory = json.loads((thing / places[0] / "inventory.json").read_bytes())
    algorithm = inventory["digestAlgorithm"]
    keys, holder = chance.choice(list(_places(inventory)))
    kind = chance.choice(["put", "put", "remove", "rename"])
    value = chance.choice(VALUES)
    if kind == "put":
        holder[keys[-1]] = value
    elif kind == "remove":
        del holder[keys[-1]]
    elif isinstance(holder, dict):
        name = chance.choice(["x", str(keys[-1]).upper(), f"{keys[-1]} ", "v4", "V1"])
        holder[name] = holder.pop(keys[-1])
    for place in places:
        content = json.dumps(inventory).encode()
        (thing / place / "inventory.json").write_bytes(content)
        digest = hashlib.new(algorithm, content).hexdigest()
        (thing / place / f"inventory.json.{algorithm}").write_text(f"{digest} inventory.json\n")
    return f"{kind} {keys} {value!r} in {places}"


def _file(thing: Path, chance: random.Random) -> Path:
    return chance.choice(sorted(path for path in thing.rglob("*") if path.is_file()))


def _places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:  # noqa: ANN401  # any JSON
    """Return where each value within a value stands: the keys to it, and what holds it."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, held in inside:
        yield (*above, key), value
        if isinstance(held, dict | list):
            yield from _places(held, (*above, key))
