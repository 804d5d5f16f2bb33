"""Bringing imported conversations in: whole sessions, chained from now on, each in the log.

Sessions are committed some at a time, each with all its turns and its entry in the log: whatever
dies leaves whole sessions, and an import that is typed again goes on where it was. A place of a
file, by the file's digest, comes in once, and not again once it was deleted under authority.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from archive.canonical import SALT_BYTES, Canonical, salted_digest, sha256
from archive.identifiers import new_id
from archive.log import entries
from archive.store.deletions import deleted_sources
from archive.times import now, to_text
from archive.workspace.workspace import Workspace
from interviews.imports.conversations import Conversation, Unread
from interviews.imports.files import SourceFile
from interviews.imports.imported_file import ImportedFile
from interviews.protocols.design import ExclusionRule
from interviews.sessions import chain
from interviews.sessions.beginning import software
from interviews.sessions.imported import ENTRY, ImportedHeader, Origin, source_key
from interviews.sessions.records import InterviewSession, State, Validity

MOST_AT_ONCE = 128  # sessions in one transaction
LARGEST_AT_ONCE = 16 * 1024**2  # bytes of turns in one transaction


@dataclass(slots=True, kw_only=True)
class Report:
    """What came of an import."""

    sessions: list[str] = field(default_factory=list)  # that it added, or would add
    already: int = 0  # sessions that were here
    deleted: int = 0  # sessions that were here and were deleted under authority
    files: int = 0
    unread: list[Unread] = field(default_factory=list)

    @property
    def nothing_read(self) -> bool:
        """Whether there was something to read, and none of it could be."""
        return bool(self.unread) and not (self.sessions or self.already or self.deleted)


@dataclass(frozen=True, kw_only=True)
class _Prepared:
    """A session as it is to be committed."""

    row: Mapping[str, Any]
    turns: list[dict[str, Any]]

    @property
    def key(self) -> str:
        return str(self.row["source"])

    @cached_property
    def size(self) -> int:
        return sum(len(turn["content"]) for turn in self.turns)

    @property
    def entry(self) -> Canonical:
        head = self.turns[-1]["link"] if self.turns else self.row["header_digest"]
        state, length = str(self.row["state"]), len(self.turns)
        return {"state": state, "length": length, "head": head, "source": self.key}


class Import:
    """An import into one model's record, as it goes on."""

    def __init__(
        self, workspace: Workspace, model: str, *, told: Callable[[int], None], dry_run: bool
    ) -> None:
        self.report = Report()
        self._workspace = workspace
        self._model = model
        self._told = told
        self._dry_run = dry_run
        self._software = dict(software())
        self._waiting: dict[str, _Prepared] = {}  # by their keys
        self._size = 0
        self._finished: list[ImportedFile] = []

    def take(self, sources: Iterable[SourceFile | Unread]) -> Report:
        """Bring in all that these files hold.

        Raises:
            ServiceError: The database or the disk refused; what was committed is kept.
            InputError: The log's key is missing or damaged.
            FaultError: The log's tiles disagree with its entries.
        """
        for source in sources:
            self.report.files += 1
            if isinstance(source, Unread):
                self.report.unread.append(source)
            elif (read := self._read_before(source)) is not None:
                self.report.already += read
            else:
                self._take_file(source)
        self._commit()
        return self.report

    def _read_before(self, source: SourceFile) -> int | None:
        with self._workspace.database.reading() as session:
            if deleted_sources(session, self._model):
                return None  # which of them it holds, its places tell
            done = session.get(ImportedFile, (self._model, source.sha256, source.form))
            return None if done is None else done.sessions

    def _take_file(self, source: SourceFile) -> None:
        count, unread = 0, len(self.report.unread)
        for found in source.read():
            if isinstance(found, Unread):
                self.report.unread.append(found)
                continue
            count += 1
            self._told(1)
            prepared = self._prepare(source, found)
            if prepared.key in self._waiting:  # the same file under two names
                self.report.already += 1
                continue
            self._waiting[prepared.key] = prepared
            self._size += prepared.size
            if len(self._waiting) >= MOST_AT_ONCE or self._size >= LARGEST_AT_ONCE:
                self._commit()
        if len(self.report.unread) == unread:
            self._finished.append(
                ImportedFile(
                    model=self._model, sha256=source.sha256, format=source.form, sessions=count
                )
            )

    def _prepare(self, source: SourceFile, found: Conversation) -> _Prepared:
        identifier, at = new_id(), to_text(now())
        origin = Origin(
            file=source.name, sha256=source.sha256, place=found.place, format=source.form
        ).document()
        header = ImportedHeader(
            session=identifier,
            salt=secrets.token_hex(SALT_BYTES),
            started_at=at,
            model=self._model,
            condition=found.condition,
            replicate=found.replicate,
            origin=origin,
            said_of_itself=found.said_of_itself,
            software=self._software,
        ).encoded()
        digest = sha256(header)
        row = {
            "id": identifier,
            "model": self._model,
            "protocol": None,
            "condition": found.condition,
            "replicate": found.replicate,
            "header": header,
            "header_digest": digest,
            "state": State.COMPLETE,
            "reason": found.reason,
            "validity": Validity.USABLE if found.answered else Validity.EXCLUDED,
            "exclusion_rule": None if found.answered else ExclusionRule.NOTHING_SAID,
            "started_at": at,
            "ended_at": at,
            "pilot": False,
            "origin": origin,
            "source": source_key(origin),
        }
        return _Prepared(row=row, turns=_turns(identifier, digest, found, at))

    def _commit(self) -> None:
        waiting, self._waiting, self._size = self._waiting, {}, 0
        finished, self._finished = self._finished, []
        if self._dry_run:
            with self._workspace.database.reading() as session:
                self._new(session, waiting)
            return
        if not waiting and not finished:
            return
        with self._workspace.deciding() as session:
            new = self._new(session, waiting)
            if new:
                tables = SQLModel.metadata.tables
                connection = session.connection()
                connection.execute(tables["session"].insert(), [dict(one.row) for one in new])
                turns = [turn for one in new for turn in one.turns]
                if turns:
                    connection.execute(tables["turn"].insert(), turns)
                acts = ((str(one.row["id"]), one.entry) for one in new)
                entries.append_all(session, ENTRY, acts)
            for done in finished:
                session.merge(done)

    def _new(self, session: Session, waiting: Mapping[str, _Prepared]) -> list[_Prepared]:
        """Return those that are not on record yet, and count them and the others."""
        keys = select(InterviewSession.source).where(
            InterviewSession.model == self._model, col(InterviewSession.source).in_(list(waiting))
        )
        gone = deleted_sources(session, self._model) & waiting.keys()
        here = set(session.exec(keys)) - gone
        new = [one for key, one in waiting.items() if key not in here and key not in gone]
        self.report.deleted += len(gone)
        self.report.already += len(here)
        self.report.sessions += [str(one.row["id"]) for one in new]
        return new


def _turns(session: str, digest: str, found: Conversation, at: str) -> list[dict[str, Any]]:
    """Return the rows of a conversation's turns, chained from its header's digest on."""
    turns: list[dict[str, Any]] = []
    previous = digest
    for index, (speaker, content) in enumerate(found.turns):
        body, salt = content.encoded(), secrets.token_bytes(SALT_BYTES)
        turn: dict[str, Any] = {
            "session": session,
            "index": index,
            "speaker": str(speaker),
            "at": at,
            "content_digest": salted_digest(salt, body),
            "previous": previous,
        }
        previous = chain.link(**turn)
        turns.append(turn | {"content": body, "salt": salt, "link": previous})
    return turns
