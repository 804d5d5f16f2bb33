"""What stands beside a text: the one before it, the one after it, and those that it is related to.

Pure. Related are texts with the most tags in common; where there are too few, texts of the same
model. Only the nearest of each tag are looked at, so that a new text changes few pages, and a
site of any size takes time by its length alone.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.rendering.characters import one_line
from blog.site.shelves import Shelves
from blog.site.views import Post

MOST = 3
REACH = 4  # texts of a tag or a model that are looked at in each direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What another text's page says of a text."""

    id: str
    path: str
    title: str  # one line
    language: str
    on: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """What stands beside a text."""

    earlier: Link | None
    later: Link | None
    related: Sequence[Link]


def neighbours_of(shelves: Shelves) -> Mapping[str, Neighbours]:
    """Return what stands beside each text, by its id."""
    posts = [post for _, post in shelves.whole.posts]
    places = {post.id: place for place, post in enumerate(posts)}
    links = [_link(post) for post in posts]
    tags = [[places[post.id] for _, post in shelf.posts] for shelf in shelves.tags]
    models = [[places[post.id] for _, post in shelf.posts] for shelf in shelves.models]
    common: Mapping[int, Counter[int]] = defaultdict(Counter)  # how many tags, by two places
    for place, other in _near(tags):
        common[place][other] += 1
    same: Mapping[int, list[int]] = defaultdict(list)
    for place, other in _near(models):
        same[place].append(other)
    withdrawn = {place for place, post in enumerate(posts) if post.withdrawn is not None}

    def related(place: int) -> list[Link]:
        tagged = sorted(
            common.get(place, {}).items(), key=lambda one: (-one[1], abs(one[0] - place), one[0])
        )
        found = [other for other, _ in tagged]
        # those beside it are linked already
        around = (other for other in same.get(place, ()) if abs(other - place) > 1)
        found += sorted(around, key=lambda other: (abs(other - place), other))
        wanted = (other for other in dict.fromkeys(found) if other not in withdrawn)
        return [links[other] for other, _ in zip(wanted, range(MOST), strict=False)]

    return {
        post.id: Neighbours(
            earlier=links[place + 1] if place + 1 < len(links) else None,
            later=links[place - 1] if place else None,
            related=related(place),
        )
        for place, post in enumerate(posts)
    }


def _near(shelves: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Yield each two places that are near each other on a shelf, in both orders."""
    for shelf in shelves:
        for position, place in enumerate(shelf):
            for other in shelf[max(0, position - REACH) : position + REACH + 1]:
                if other != place:
                    yield place, other


def _link(post: Post) -> Link:
    return Link(
        id=post.id,
        path=post.path,
        title=one_line(post.title),
        language=post.language,
        on=post.published_at,
    )
