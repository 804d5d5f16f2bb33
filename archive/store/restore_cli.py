"""`emeritus preserve restore`: the database is made again from the store alone."""

import os
from contextlib import closing
from pathlib import Path

import click

from archive import wing
from archive.commands import json_option, say, show
from archive.errors import InputError
from archive.log.keys import PRIVATE
from archive.progress import reading
from archive.store.listing import bytes_in
from archive.store.remaking import remake
from archive.store.restoring import Restored
from archive.store.restoring import restore as restore_all
from archive.workspace.locks import only_runner
from archive.workspace.workspace import find_workspace

NEVER = (
    "No store holds when each object and each copy was last read, nor what was under way: "
    "interviews that had not ended, and what changed after it was sealed."
)


@click.command()
@click.option("--from", "source", type=click.Path(path_type=Path), metavar="FOLDER",
              help="A copy of the store, for what the workspace's own store lacks.")  # fmt: skip
@json_option
def restore(source: Path | None, *, as_json: bool) -> None:
    """Rebuild the workspace's database, which is gone, from the store alone.

    With --from, also the workspace itself where there is none: all but its keys. Exits with 1 if
    something that was sealed or logged could not be rebuilt; it is named.

    Example: emeritus preserve restore --from /backup/store
    """
    named: Path | None = click.get_current_context().find_root().params.get("workspace")
    chosen = named or os.environ.get("EMERITUS_WORKSPACE")
    root = Path(chosen).resolve() if chosen else find_workspace(Path.cwd())
    if source is not None and not source.is_dir():
        raise InputError("not a folder", at=str(source), mend="Name a copy of the store.")
    with closing(remake(root, source, schema=_schema())) as workspace:
        places = [place for place in (workspace.store, source) if place is not None]
        places = [place for place in places if place.is_dir()]
        if not places:
            raise InputError(
                "there is no store to restore from",
                at=str(workspace.store),
                mend="Name a copy of it: preserve restore --from FOLDER.",
            )
        total = sum(bytes_in(place) or 0 for place in places)
        with (
            only_runner(workspace.lock("restore"), what="preserve restore"),
            reading("restore", total) as on_bytes,
        ):
            done = restore_all(workspace, places, on_bytes=on_bytes)
        if (workspace.keys / PRIVATE).exists():
            workspace.bring_log_up_to_date()
    for loss in done.lost:
        say(loss)
    document = {
        "objects": done.objects,
        "rows": dict(sorted(done.rows.items())),
        "log": {"entries": done.entries, "known_by_digest_alone": done.by_digest},
        "lost": done.lost,
    }
    show(document, _text(done, source), as_json=as_json)
    raise SystemExit(1 if done.lost else 0)


def _text(done: Restored, source: Path | None) -> str:
    counts = ", ".join(f"{count} {table}" for table, count in sorted(done.rows.items()))
    lines = [f"Rebuilt from {done.objects} objects: {counts or 'nothing'}."]
    if done.lost:
        lines.append(f"{len(done.lost)} could not be rebuilt or proven; each is named above.")
    lines.append(NEVER)
    mend = "emeritus preserve repair" + ("" if source is None else f" --from {source}")
    lines.append(f"Next: {mend}, then emeritus log verify")
    return "\n".join(lines)


def _schema() -> str:
    """Return what the record of a workspace says that it is."""
    schema = wing.kinds()["workspace"].schema
    if schema is None:
        raise ValueError("the kind workspace has no schema")
    return wing.schema_id(schema)
