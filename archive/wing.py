"""What a wing offers to the house: its commands, tables, archival kinds and what is due.

The root command, the migrations, `preserve` and `status` gather from every wing through the
entry points `emeritus.wings` and know no wing by name. A `Wing` names its parts as
`module:attribute`, so that gathering the commands for `--help` imports none of them.
"""

import json
import pkgutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import cast

from archive.status.checklist import Checklist
from archive.store.erasure import Quotes
from archive.store.kinds import Kind


@dataclass(frozen=True, slots=True)
class Command:
    """A command: shown by its summary, imported when it is called."""

    name: str  # of the root, or "weights fingerprint": below a group that any wing may offer
    summary: str
    target: str  # module:attribute of a click command


@dataclass(frozen=True, slots=True, kw_only=True)
class Wing:
    """One wing's entry point."""

    name: str
    commands: tuple[Command, ...]
    tables: tuple[str, ...]  # modules whose import defines the wing's tables
    kinds: str  # module:attribute of a sequence of Kind
    checklist: str  # module:attribute of a Checklist
    schemas: tuple[str, ...] = ()  # module:attribute of a JSON Schema's path that is no kind's
    quotes: str | None = None  # module:attribute of a Quotes; None: it keeps no one else's words


@cache
def wings() -> tuple[Wing, ...]:
    """Return the installed wings by name."""
    found = entry_points(group="emeritus.wings")
    return tuple(cast("Wing", point.load()) for point in sorted(found, key=lambda p: p.name))


def commands(above: str = "") -> dict[str, Command]:
    """Return what every wing offers below the group `above`, by its last word; none: the root."""
    offered = (command for wing in wings() for command in wing.commands)
    parts = ((command.name.rpartition(" "), command) for command in offered)
    return {word: command for (group, _, word), command in parts if group == above}


def import_tables() -> None:
    """Import every wing's tables, so that `SQLModel.metadata` knows them all."""
    for wing in wings():
        for module in wing.tables:
            pkgutil.resolve_name(module)


def kinds() -> dict[str, Kind]:
    """Return every wing's kinds by name."""
    found = (cast("Iterable[Kind]", pkgutil.resolve_name(wing.kinds)) for wing in wings())
    return {kind.name: kind for kinds_of_wing in found for kind in kinds_of_wing}


def schemas() -> list[Path]:
    """Return where the JSON Schemas lie: those of every wing's kinds, then its further ones."""
    of_kinds = (kind.schema for kind in kinds().values() if kind.schema is not None)
    further = (pkgutil.resolve_name(name) for wing in wings() for name in wing.schemas)
    return [*of_kinds, *further]


@cache  # it is asked of every object, and a schema is read in 0.1 ms
def schema_id(schema: Path) -> str:
    """Return what a record by the JSON Schema in the file `schema` names as its `$schema`."""
    return str(json.loads(schema.read_bytes())["$id"])


def checklists() -> list[Checklist]:
    """Return every wing's part of the retirement checklist."""
    return [cast("Checklist", pkgutil.resolve_name(wing.checklist)) for wing in wings()]


def quotes() -> list[Quotes]:
    """Return where every wing keeps words of what may be deleted."""
    named = (wing.quotes for wing in wings() if wing.quotes is not None)
    return [cast("Quotes", pkgutil.resolve_name(name)) for name in named]


WING = Wing(
    name="archive",
    commands=(
        Command("init", "Make a workspace.", "archive.workspace.cli:init"),
        Command("model", "Register models and what is known of them.", "archive.records.cli:model"),
        Command("promise", "Keep what the operator undertook.", "archive.records.cli:promise"),
        Command("weights", "Read weight files and check them.", "archive.weights.cli:weights"),
        Command("policy", "Set who may use a model, and how.", "archive.policy.cli:policy"),
        Command("release", "Say what the public may see.", "archive.release.cli:release"),
        Command("key", "Keep the key that signs the log.", "archive.log.cli:key"),
        Command("log", "Verify the log, and prove entries of it.", "archive.log.cli:log"),
        Command("preserve", "Seal the record, and keep it whole.", "archive.store.cli:preserve"),
        Command("status", "Show what a retirement still needs.", "archive.status.cli:status"),
    ),
    tables=(
        "archive.log.entries",
        "archive.log.rotations",
        "archive.log.witnesses",
        "archive.policy.policies",
        "archive.records.models",
        "archive.records.promises",
        "archive.release.outputs",
        "archive.release.releases",
        "archive.store.audits",
        "archive.store.copies",
        "archive.store.deletions",
        "archive.store.exporting",
        "archive.store.holds",
        "archive.store.repairing",
        "archive.store.seals",
        "archive.weights.holdings",
        "archive.weights.inventory",
        "archive.workspace.identity",
    ),
    kinds="archive.archival:KINDS",
    checklist="archive.status.archive:checklist",
    schemas=("archive.archival:PREMIS_SCHEMA", "archive.archival:RECEIPT_SCHEMA"),
)
