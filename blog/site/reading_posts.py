"""Reading the posts that a build shows: each is checked, or known to be what was checked before.

A post whose rows have the digest that they had when it was checked last, by the same program, is
not checked again; its view is made of the record when something asks for it. Many posts are shared
out among processes, each with a connection of its own.
"""

import os
import pickle
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from tempfile import TemporaryFile
from weakref import finalize

from archive.errors import FaultError, ServiceError
from archive.workspace.workspace import Workspace
from blog.posts import fidelity
from blog.posts.answers import Asking
from blog.posts.posts import History
from blog.posts.reviews import Verdict
from blog.site import records
from blog.site.post_views import PublishedPost, draft_flow, post_view
from blog.site.processes import in_processes, worth_it
from blog.site.records import PostRecords, Records
from blog.site.remembered import (
    KEPT,
    NOTHING,
    TOGETHER,
    Memory,
    Remembered,
    RememberedPost,
    flow_of,
    head_of,
)
from blog.site.software import software
from blog.site.units import key_of
from blog.site.views import ContextItem, Post

Items = Mapping[tuple[str, str], ContextItem]


def read_posts(
    workspace: Workspace, found: Records, items: Items, memory: Memory = NOTHING
) -> dict[str, list[RememberedPost]]:
    """Return the posts that a build shows, by model, oldest first.

    Args:
        workspace: Where they are kept.
        found: The rest of the record.
        items: What the build shows of interviews and posts, by kind and id.
        memory: Of a build before.

    Raises:
        FaultError: A text is not the one that was recorded, or not the model's own.
        ServiceError: The record was changed while it was read.
    """
    work = _Reading(workspace, found, items)
    known = memory.posts if memory.environment == work.environment else {}
    fresh = [post for post in found.posts if not _is_known(known.get(post), post, work)]
    source = _Source(work, list(found.posts))
    read = dict(known) | dict(source.read(fresh))
    posts: dict[str, list[RememberedPost]] = {}
    for post, model in found.posts.items():
        made = RememberedPost.of(read[post], work.environment, source.load)
        posts.setdefault(model, []).append(made)
    return posts


def _is_known(remembered: Remembered | None, post: str, work: "_Reading") -> bool:
    return (
        remembered is not None
        and remembered.digest == work.found.scan.digests[post]
        and remembered.shown == work.shown(post)
        and post not in work.found.scan.embargoed
    )


@dataclass(frozen=True)
class _Reading:
    """What reading posts needs to know."""

    workspace: Workspace
    found: Records
    items: Items

    @cached_property
    def environment(self) -> str:
        """The key of all that a post's view is made of, but for its rows and what it was shown."""
        workspace = self.workspace
        visibility = self.found.visibility
        language = workspace.settings.site.language
        return key_of(software(), visibility.audience, language, sorted(workspace.people.items()))

    def shown(self, post: str) -> str:
        """Return the key of what stands on a post's page and is on record elsewhere."""
        return key_of(
            sorted(self.items_of(post).items()),
            self.found.corrections.get(post, ()),
            self.found.drafts_up_to[post],
        )

    def items_of(self, post: str) -> Items:
        """Return how what a post was shown, and what it corrects, is named."""
        named = self.found.items.get(post, ())
        return {name: self.items[name] for name in named if name in self.items}

    def views_of(self, posts: Sequence[str]) -> Iterator[tuple[Post, Remembered]]:
        """Read some posts and check them.

        Raises:
            FaultError, ServiceError: As `read_posts` says.
        """
        visibility, digests = self.found.visibility, self.found.scan.digests
        with self.workspace.database.reading() as session:
            read = records.read_posts(session, posts, visibility.audience, as_of=visibility.as_of)
            if any(read.digests.get(post) != digests[post] for post in posts):
                raise ServiceError(
                    "was changed while it was read", at="the record", mend="Build again."
                )
            for history in read.histories:
                up_to = self.found.drafts_up_to[history.post.id]
                yield self._view(_published(read, history, up_to), read, history)

    def _view(
        self, shown: PublishedPost, read: PostRecords, history: History
    ) -> tuple[Post, Remembered]:
        post = history.post.id
        view = post_view(
            shown,
            language=self.workspace.settings.site.language,
            people=self.workspace.people,
            items=self.items_of(post),
            corrections=self.found.corrections.get(post, ()),
        )
        public = [post] if shown.public_since is not None else []
        return view, Remembered(
            digest=read.digests[post],
            shown=self.shown(post),
            head=head_of(view),
            flow=flow_of(draft_flow([history], public=public)),
        )


def _published(read: PostRecords, history: History, up_to: tuple[int, int]) -> PublishedPost:
    """Return a published post.

    Raises:
        FaultError: Its text is not the one that was recorded, or not the model's own; or it is
            not approved by as many people as it needs.
    """
    draft, publication = history.draft, history.publication
    if draft is None or publication is None:
        raise FaultError(
            "is published, and its draft is gone", at=f"post {history.post.id}", mend=fidelity.MEND
        )
    if history.standing.verdict != Verdict.APPROVED:
        raise FaultError(
            "it is published, and its reviews do not approve it",
            at=f"post {draft.post}",
            mend="Nothing was written. Bring the database back from a backup.",
        )
    attempts = read.attempts.get(draft.post, ())
    brought = {attempt.id: attempt for attempt in attempts}
    fidelity.check(
        draft,
        recorded=publication.source_digest,
        attempt=brought[draft.attempt],
        named=history.answer(draft, Asking.NAMING),
    )
    for answer in history.answers:
        fidelity.check_answer(answer, attempt=brought[answer.attempt], written=history.written)
    return PublishedPost(
        history=history,
        draft=draft,
        decided=history.standing.decided,
        publication=publication,
        attempts=attempts,
        release=read.visibility.release("post", draft.post),
        public_since=read.visibility.public_since("post", draft.post),
        log_index=read.publications.get(draft.post),
        drafts_up_to=up_to,
    )


@dataclass
class _Source:
    """Where whole posts come from: from a file of those that were just read, or the record."""

    work: _Reading
    order: Sequence[str]
    _kept: "OrderedDict[str, Post]" = field(default_factory=OrderedDict)
    _file: int | None = None  # it has no name, and goes with the last process that has it
    _places: dict[str, tuple[int, int]] = field(default_factory=dict)
    _end: int = 0
    _owner: int = field(default_factory=os.getpid)

    def read(self, posts: Sequence[str]) -> Iterator[tuple[str, Remembered]]:
        """Read posts and check them; yield what is to be remembered of each."""
        if not worth_it(len(posts)):
            for some in _parts(posts):
                for view, remembered in self.work.views_of(some):
                    self._keep(view.id, pickle.dumps(view))
                    yield view.id, remembered
            return
        for read in in_processes(partial(_read_some, self.work), _parts(posts)):
            for post, written, remembered in read:
                self._keep(post, written)
                yield post, remembered

    def load(self, post: str) -> Post:
        """Return a whole post."""
        if post not in self._kept:
            self._fetch(post)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return self._kept[post]

    def _fetch(self, post: str) -> None:
        if self._file is not None and post in self._places:
            place, size = self._places[post]
            self._kept[post] = pickle.loads(os.pread(self._file, size, place))  # noqa: S301  # our own
            return
        if os.getpid() != self._owner:  # a connection is not shared among processes
            self.work = replace(self.work, workspace=_opened_again(self.work.workspace))
            self._owner = os.getpid()
        place = self.order.index(post) // TOGETHER * TOGETHER
        for view, _ in self.work.views_of(self.order[place : place + TOGETHER]):
            self._kept[view.id] = view

    def _keep(self, post: str, written: bytes) -> None:
        if self._file is None:
            with TemporaryFile() as file:
                self._file = os.dup(file.fileno())
            finalize(self, os.close, self._file)
        os.pwrite(self._file, written, self._end)
        self._places[post] = self._end, len(written)
        self._end += len(written)


def _parts(posts: Sequence[str]) -> list[Sequence[str]]:
    return [posts[first : first + TOGETHER] for first in range(0, len(posts), TOGETHER)]


_OPENED: dict[int, _Reading] = {}


def _read_some(work: _Reading, posts: Sequence[str]) -> list[tuple[str, bytes, Remembered]]:
    """Read some posts in a process of its own."""
    if os.getpid() not in _OPENED:
        _OPENED[os.getpid()] = replace(work, workspace=_opened_again(work.workspace))
    read = _OPENED[os.getpid()].views_of(posts)
    return [(view.id, pickle.dumps(view), remembered) for view, remembered in read]


def _opened_again(workspace: Workspace) -> Workspace:
    return Workspace(workspace.root, workspace.settings)
