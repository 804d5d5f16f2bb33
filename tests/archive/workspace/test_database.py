"""The database's errors in plain words."""

from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import select

from archive.errors import FaultError
from archive.store.seals import Seal
from archive.workspace.database import Database
from archive.workspace.workspace import open_workspace


def add_twice(database: Database) -> None:
    """Two seals of one version: the second undoes the transaction of both."""
    with database.writing() as session:
        for _ in range(2):
            row = Seal(
                kind="model", subject="x", object_id="urn:x", version=1, inventory_digest="", at=""
            )
            session.add(row)
            session.flush()


def test_what_the_record_cannot_hold_is_refused_in_plain_words(workspace: Path) -> None:
    with closing(open_workspace(workspace)) as opened:
        with pytest.raises(FaultError, match=r": the record cannot hold this"):
            add_twice(opened.database)

        with opened.database.reading() as session:
            assert session.exec(select(Seal)).all() == []
