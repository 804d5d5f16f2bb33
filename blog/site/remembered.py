"""Posts that a build need not lay out again: what lists show of them, and a way to all the rest.

A post is remembered by the digest of all that it was read from. What lists and neighbours show of
it is kept with its folder's manifest, which holds nothing that the folder does not show; the rest is
read of the record again when it is asked for, with its neighbours, and let go.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from itertools import chain
from typing import Any, Self

from typing_extensions import override

from blog.site.views import DraftFlow, Post, Release, Site

TOGETHER = 50
"""Posts that are read at once: neighbours, since feeds and archives hold neighbours."""

KEPT = 3 * TOGETHER
"""Whole posts that are kept at once; their texts are most of what a build has in memory."""

Head = Mapping[str, Any]
"""What lists show of a post, as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A post as the last build read it."""

    digest: str  # of its rows
    shown: str  # the key of what its page says of other things on record
    head: Head
    flow: Mapping[str, Any]  # its part in what became of all drafts

    @property
    def drafts(self) -> DraftFlow:
        """Its part in what became of all drafts."""
        return DraftFlow(**self.flow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What a build knows of the one before."""

    environment: str = ""  # the key of all else that a post's view was made of
    posts: Mapping[str, Remembered] = field(default_factory=dict)  # those that were shown


NOTHING = Memory()
Load = Callable[[str], Post]
_LISTED = str | bool | int | None
_NAMES = tuple(one.name for one in fields(Post))


class RememberedPost(Post):
    """A post of which what lists show is here, and the rest is read when it is asked for."""

    __slots__ = ("_load", "environment", "memory", "token")

    memory: Remembered
    environment: str
    token: str
    _load: Load

    @classmethod
    def of(cls, memory: Remembered, environment: str, load: Load) -> Self:
        """Return the post that is remembered so."""
        post = object.__new__(cls)
        token = f"{memory.digest} {memory.shown} {environment}"
        own = {"memory": memory, "environment": environment, "token": token, "_load": load}
        for name, value in own.items():
            object.__setattr__(post, name, value)
        return post

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # of any field
        """Return a field that is not here yet: what lists show comes at once."""
        if name not in _NAMES:
            raise AttributeError(name)
        if name in self.memory.head:
            for other, value in self.memory.head.items():
                object.__setattr__(self, other, _read(value))
            return _read(self.memory.head[name])
        return getattr(self._load(self.id), name)

    @override
    def __repr__(self) -> str:
        return f"RememberedPost({self.token})"


def memory_of(site: Site) -> Memory:
    """Return what the next build need not read again."""
    posts = [post for _, post in site.posts if isinstance(post, RememberedPost)]
    environment = posts[0].environment if posts else ""
    return Memory(environment=environment, posts={post.id: post.memory for post in posts})


def head_of(post: Post) -> Head:
    """Return what lists may show of a post: every field that is a word, a number, or a time."""
    values = {name: _written(getattr(post, name)) for name in _NAMES}
    return {name: value for name, value in values.items() if value is not NotImplemented}


def flow_of(drafts: DraftFlow) -> Mapping[str, Any]:
    """Return a flow as JSON."""
    return asdict(drafts)


def together(flows: Sequence[DraftFlow]) -> DraftFlow:
    """Return the flow of all drafts of several flows."""
    sums: dict[str, Any] = {}
    for one in fields(DraftFlow):
        values = [getattr(flow, one.name) for flow in flows]
        if all(isinstance(value, int) for value in values):
            sums[one.name] = sum(values)
        else:  # so many of each kind
            counts: Counter[str] = Counter()
            for kind, count in chain.from_iterable(values):
                counts[kind] += count
            sums[one.name] = sorted(counts.items())
    return DraftFlow(**sums)


def _written(value: object) -> Any:  # noqa: ANN401  # JSON
    if isinstance(value, _LISTED):
        return value
    if isinstance(value, datetime):
        return ["time", value.isoformat()]
    if isinstance(value, Release):
        return ["release", value.state, value.public]
    if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        return ["words", *value]
    return NotImplemented


def _read(value: Any) -> object:  # noqa: ANN401  # JSON
    if not isinstance(value, list):
        return value
    kind, *rest = value
    if kind == "time":
        return datetime.fromisoformat(rest[0])
    return Release(state=rest[0], public=rest[1]) if kind == "release" else tuple(rest)
