"""Group commit: what several sessions have to put on the disk, in one transaction.

One thread writes. While it waits for the disk, the sessions go on, and what they bring meanwhile
is the next transaction: the more sessions there are, the fewer times the disk is waited for. Each
is told when its own part is on the disk, or why it is not.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeAlias, TypeVar, cast

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from archive.errors import EmeritusError
from archive.workspace.database import in_plain_words
from archive.workspace.workspace import Workspace

Result = TypeVar("Result")
Work: TypeAlias = Callable[[Connection], Result]


@dataclass(frozen=True, slots=True)
class _Part:
    """What one session has to put on the disk."""

    work: Work[Any]
    logged: bool
    done: Future[Any]


class Committer:
    """Commits for the sessions of one run."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="commit")
        self._waiting: list[_Part] = []
        self._lock = Lock()

    def close(self) -> None:
        """Let go of the thread, once all that was given to it is done."""
        self._writer.shutdown()

    async def commit(self, work: Work[Result]) -> Result:
        """Return what `work` gives, once what it wrote is on the disk.

        Whoever is cancelled meanwhile is so only afterwards: what was begun stands, or it is said
        that it does not.

        Raises:
            ServiceError: The database or the disk refused; nothing of it stands.
        """
        return await self._hand_over(work, logged=False)

    async def decide(self, work: Callable[[Session], Result]) -> Result:
        """Likewise for what writes to the log: the log's files follow before it returns.

        Raises:
            ServiceError: The database or the disk refused.
            InputError: The log's key is missing or damaged.
            FaultError: The log's files disagree with its entries.
        """

        def through_a_session(connection: Connection) -> Result:
            with Session(connection) as session:
                result = work(session)
                session.flush()
                return result

        return await self._hand_over(through_a_session, logged=True)

    async def _hand_over(self, work: Work[Result], *, logged: bool) -> Result:
        part = _Part(work, logged, Future())
        with self._lock:
            self._waiting.append(part)
            if len(self._waiting) == 1:
                self._writer.submit(self._write_all)
        waited = asyncio.wrap_future(part.done)
        try:
            result = await asyncio.shield(waited)
        except asyncio.CancelledError:
            await asyncio.wait([waited])
            waited.result()
            raise
        return cast("Result", result)

    def _write_all(self) -> None:
        with self._lock:
            parts, self._waiting = self._waiting, []
        while parts:
            try:
                results = self._written(parts)
            except _RefusedError as refused:
                # nothing stands yet: the others are written without them
                parts = [part for part in parts if part not in refused.parts]
                _tell(refused.parts, refused.error)
            except Exception as error:  # noqa: BLE001  # it is told to those who wait for it
                _tell(parts, error)  # the disk failed: nothing is tried again
                return
            else:
                self._tell_all(parts, results)
                return

    def _written(self, parts: Sequence[_Part]) -> list[Any]:
        """Write the parts in one transaction."""
        database, logged = self._workspace.database, [part for part in parts if part.logged]
        with database.transaction() as connection:
            if logged:
                with Session(connection) as session:
                    try:
                        self._workspace.check_log_in(session)
                    except EmeritusError as error:
                        raise _RefusedError(logged, error) from error
            return [_result(part, connection, database.name) for part in parts]

    def _tell_all(self, parts: Sequence[_Part], results: Sequence[Any]) -> None:
        """Tell each that its part is on the disk; those that are logged, once the log's files are."""
        logged: list[tuple[_Part, Any]] = []
        for part, result in zip(parts, results, strict=True):
            if part.logged:
                logged.append((part, result))
            else:
                part.done.set_result(result)
        if not logged:
            return
        try:
            self._workspace.bring_log_up_to_date()
        except Exception as error:  # noqa: BLE001  # likewise
            _tell([part for part, _ in logged], error)
            return
        for part, result in logged:
            part.done.set_result(result)


class _RefusedError(Exception):
    """Some parts cannot be written, and the others can."""

    def __init__(self, parts: Sequence[_Part], error: Exception) -> None:
        super().__init__(str(error))
        self.parts, self.error = parts, error


def _tell(parts: Iterable[_Part], error: Exception) -> None:
    for part in parts:
        part.done.set_exception(error)


def _result(part: _Part, connection: Connection, name: str) -> Any:  # noqa: ANN401  # whatever it gives
    try:
        return part.work(connection)
    except EmeritusError as error:
        raise _RefusedError([part], error) from error
    except IntegrityError as error:
        raise _RefusedError([part], in_plain_words(error, name)) from error
