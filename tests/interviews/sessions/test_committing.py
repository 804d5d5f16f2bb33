"""Group commit: each part is on the disk when its session is told so, or it is told why not."""

import asyncio
from contextlib import closing

import pytest
from sqlalchemy import Connection, text
from sqlmodel import Session

from archive.errors import FaultError, InputError, ServiceError
from archive.workspace.workspace import Workspace
from interviews.sessions.committing import Committer, Work


@pytest.fixture(autouse=True)
def table(opened: Workspace) -> None:
    """A table of names, each there once."""
    with opened.database.transaction() as connection:
        connection.execute(text("CREATE TABLE kept (name VARCHAR PRIMARY KEY)"))


def adding(name: str) -> Work[str]:
    def work(connection: Connection) -> str:
        connection.execute(text("INSERT INTO kept VALUES (:name)"), {"name": name})
        return name

    return work


def refusing(_connection: Connection) -> str:
    raise ServiceError("somebody else has written", at="here", mend="See what stands.")


async def together(committer: Committer, works: list[Work[str]]) -> list[str | BaseException]:
    return list(await asyncio.gather(*map(committer.commit, works), return_exceptions=True))


def count(workspace: Workspace) -> int:
    with workspace.database.reading() as session:
        found: int = session.connection().execute(text("SELECT count(*) FROM kept")).scalar_one()
        return found


def test_a_part_that_is_refused_does_not_take_the_others_with_it(opened: Workspace) -> None:
    works = [adding("m1"), refusing, adding("m2"), adding("m1"), adding("m3")]

    with closing(Committer(opened)) as committer:
        first, refused, second, twice, third = asyncio.run(together(committer, works))

    assert (first, second, third) == ("m1", "m2", "m3")
    assert isinstance(refused, ServiceError)
    assert isinstance(twice, FaultError)
    assert count(opened) == 3


def test_a_log_that_takes_no_entry_refuses_what_is_logged_and_nothing_else(
    opened: Workspace,
) -> None:
    def logged(session: Session) -> str:
        return adding("m1")(session.connection())

    async def both(committer: Committer) -> list[str | BaseException]:
        parts = (committer.decide(logged), committer.commit(adding("m2")))
        return list(await asyncio.gather(*parts, return_exceptions=True))

    (opened.keys / "log.key").unlink()
    with closing(Committer(opened)) as committer:
        refused, written = asyncio.run(both(committer))

    assert isinstance(refused, InputError)
    assert (written, count(opened)) == ("m2", 1)


def test_who_is_cancelled_while_it_is_written_knows_that_it_stands(opened: Workspace) -> None:
    async def cancelled(committer: Committer) -> None:
        task = asyncio.ensure_future(committer.commit(adding("m1")))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert count(opened) == 1

    with closing(Committer(opened)) as committer:
        asyncio.run(cancelled(committer))


def test_where_the_database_is_locked_everyone_is_told_and_nothing_is_half_written(
    opened: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    if opened.database.file is None:
        pytest.skip("SQLite's lock is one of the whole file")
    monkeypatch.setattr("archive.workspace.database.BUSY_SECONDS", 0)
    with opened.database.transaction(), closing(Committer(opened)) as committer:
        results = asyncio.run(together(committer, [adding("m1"), adding("m2")]))

    assert [type(result) for result in results] == [ServiceError, ServiceError]
    assert count(opened) == 0
