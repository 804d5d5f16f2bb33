"""All that was ever put on record of a model, row by row: what its document is derived from.

It stands in the model's archival object as `history.jsonl`, one row to a line with the name of
its table, so that the record can be put back as it was and not only as it was summed up.
"""

import json
from collections.abc import Iterable, Iterator

from sqlmodel import Session, SQLModel, col, select

from archive.records.models import Channel, Observation, Replacement, Snapshot
from archive.records.promises import Promise
from archive.weights.holdings import CopyCheck, Holding
from archive.weights.inventory import FixityCheck, WeightFile, WeightFolder

FILE = "history.jsonl"

_OF_A_MODEL = (
    Channel,
    Observation,
    Replacement,
    Snapshot,
    Promise,
    WeightFolder,
    WeightFile,
    Holding,
)
_CHECKS = ((FixityCheck, WeightFile, FixityCheck.file), (CopyCheck, Holding, CopyCheck.holding))

TABLES: dict[str, type[SQLModel]] = {
    str(table.__tablename__): table for table in (*_OF_A_MODEL, FixityCheck, CopyCheck)
}


def history(rows: Iterable[SQLModel]) -> bytes:
    """Return the rows of a model as JSON Lines."""
    lines = ({"table": row.__tablename__, "row": row.model_dump()} for row in rows)
    return "".join(
        f"{json.dumps(line, ensure_ascii=False, sort_keys=True)}\n" for line in lines
    ).encode()


def rows_of(history: bytes) -> Iterator[SQLModel]:
    """Return the rows that `history` gave.

    Raises:
        KeyError, TypeError, ValueError: It is something else.
    """
    for line in history.splitlines():
        written = json.loads(line)
        yield TABLES[written["table"]](**written["row"])


def rows_on_record(session: Session, slug: str) -> Iterator[SQLModel]:
    """Return the rows of the model `slug`, by table and id."""
    for table in _OF_A_MODEL:
        yield from session.exec(select(table).where(table.model == slug).order_by(table.id))
    for check, subject, of in _CHECKS:
        rows = select(check).join(subject, col(of) == subject.id).where(subject.model == slug)
        yield from session.exec(rows.order_by(check.id))
