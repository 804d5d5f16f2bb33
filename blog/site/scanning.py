"""Scanning: a digest of every row that a post rests on, for all posts in a few queries.

A build reads every byte of the record of what it shows, each time. Where a post's digest is the one
that it had when it was checked last, by the same program, every check would end as it did then: the
digest covers the text, the digests that were recorded with it, the answer that it was taken from, the
decisions about it, and their entries in the log. Rows are taken as the driver gives them, which is
ten times as fast as making objects of them.
"""

import marshal
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, cast

from sqlalchemy import Column, Select, Table, select
from sqlmodel import Session, SQLModel

from archive.log.entries import LogEntry
from archive.release.releases import Release
from blog.posts.posts import Draft, Post, Publication
from interviews.attempts import AttemptRecord

AT_ONCE = 500
"""Ids in one query."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan found, by the posts' ids."""

    digests: dict[str, str]
    embargoed: set[str] = field(default_factory=set)  # what the public sees hangs on the time
    of: dict[str, str] = field(default_factory=dict)  # the post of each row, by the row's id


def scan(session: Session, posts: Collection[str] | None = None) -> Scan:
    """Return the digests of posts, in the transaction of `session`.

    Args:
        session: Where they are read.
        posts: Their ids; None: of all posts.
    """
    found = Scan({})
    digests: dict[str, Any] = {}
    for table, query in _queries(posts):
        name = table.name.encode()
        for row in _rows(session, query):
            post = row[0]
            digest = digests.get(post)
            if digest is None:
                if table is not _POST:
                    continue  # of a post that is not asked for
                digest = digests[post] = sha256()
            digest.update(name + marshal.dumps(row, 0))
            found.of[row[1]] = post
            if table is _RELEASE and row[_UNTIL] is not None:
                found.embargoed.add(post)
    for row in _entries(session, None if posts is None else sorted(found.of)):
        if (post := found.of.get(row[_SUBJECT])) is not None:
            digests[post].update(marshal.dumps(row, 0))
    found.digests.update((post, digest.hexdigest()) for post, digest in digests.items())
    return found


def _entries(session: Session, subjects: Sequence[str] | None) -> Iterable[tuple[Any, ...]]:
    """Return the log's entries about subjects, or all, in their order."""
    entries = select(*_LOG.c)
    if subjects is None:
        return _rows(session, entries.order_by(_LOG.c.index))
    rows: list[tuple[Any, ...]] = []
    for first in range(0, len(subjects), AT_ONCE):
        some = _LOG.c.subject.in_(subjects[first : first + AT_ONCE])
        rows += _rows(session, entries.where(some))
    return sorted(rows)


def _queries(posts: Collection[str] | None) -> Iterator[tuple[Table, Select[Any]]]:
    """Yield each table that tells of posts; its rows begin with the post's id and their own."""
    yield _POST, _of(_POST, _POST.c.id, posts)
    for table in sorted(SQLModel.metadata.tables.values(), key=lambda one: one.name):
        if table is _POST:
            continue
        (key, *_) = table.primary_key.columns
        if (post := _reference(table, _POST)) is not None:
            yield table, _of(table, post, posts).order_by(post, key)
        elif (draft := _reference(table, _DRAFT)) is not None:
            joined = select(_DRAFT.c.post, key, *table.c).join_from(
                table, _DRAFT, draft == _DRAFT.c.id
            )
            yield table, _wanted(joined, _DRAFT.c.post, posts).order_by(_DRAFT.c.post, key)
    published = select(_PUBLICATION.c.post)
    attempts = _of(_ATTEMPT, _ATTEMPT.c.subject, posts).where(_ATTEMPT.c.subject.in_(published))
    yield _ATTEMPT, attempts.order_by(_ATTEMPT.c.subject, _ATTEMPT.c.id)
    releases = _of(_RELEASE, _RELEASE.c.subject, posts).where(_RELEASE.c.kind == "post")
    yield _RELEASE, releases.order_by(_RELEASE.c.subject, _RELEASE.c.id)


def _of(table: Table, post: Column[Any], posts: Collection[str] | None) -> Select[Any]:
    (key, *_) = table.primary_key.columns
    return _wanted(select(post, key, *table.c), post, posts)


def _wanted(query: Select[Any], post: Column[Any], posts: Collection[str] | None) -> Select[Any]:
    return query if posts is None else query.where(post.in_(sorted(posts)))


def _reference(table: Table, other: Table) -> Column[Any] | None:
    """Return the column of `table` that names a row of `other`, if there is one."""
    for column in table.columns:
        if any(key.column.table is other for key in column.foreign_keys):
            return column
    return None


def _rows(session: Session, query: Select[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield rows as the driver gives them."""
    connection = session.connection()
    compiled = query.compile(connection, compile_kwargs={"literal_binds": True})
    cursor = connection.connection.cursor()
    try:
        cursor.execute(str(compiled))
        yield from cast("Iterator[tuple[Any, ...]]", cursor)
    finally:
        cursor.close()


def _table(model: type[SQLModel]) -> Table:
    table = SQLModel.metadata.tables[str(model.__tablename__)]
    assert isinstance(table, Table)  # noqa: S101  # what metadata holds
    return table


_POST, _DRAFT, _PUBLICATION = _table(Post), _table(Draft), _table(Publication)
_ATTEMPT, _RELEASE, _LOG = _table(AttemptRecord), _table(Release), _table(LogEntry)
_SUBJECT = list(_LOG.c).index(_LOG.c.subject)
_UNTIL = 2 + list(_RELEASE.c).index(_RELEASE.c.until)
