"""What a build may show, by the releases that hold at its time."""

from datetime import UTC, datetime

import pytest

from archive.release.releases import Audience as To
from archive.release.releases import Release
from blog.site.views import Audience
from blog.site.visibility import Visibility

PUBLIC, INTERNAL = To.PUBLIC, To.INTERNAL


def release(day: int, to: To, *, until: str | None = None, of: str = "post one") -> Release:
    kind, subject = of.split()
    at = f"2026-11-{day:02}T00:00:00.000000Z"
    return Release(
        id=f"{day}", kind=kind, subject=subject, audience=to, until=until, by="ana", at=at
    )


def at(day: int, *rows: Release, audience: Audience = Audience.PUBLIC) -> Visibility:
    releases: dict[tuple[str, str], list[Release]] = {}
    for row in rows:
        releases.setdefault((row.kind, row.subject), []).append(row)
    time = datetime(2026, 11, day, tzinfo=UTC)
    return Visibility(audience=audience, as_of=time, releases=releases)


EMBARGO = release(3, To.EMBARGOED, until="2026-11-20T00:00:00.000000Z")


@pytest.mark.parametrize(
    ("rows", "since"),
    [
        pytest.param([], None, id="nothing is public by default"),
        pytest.param([release(3, PUBLIC)], 3, id="released"),
        pytest.param([release(3, PUBLIC), release(5, PUBLIC)], 3, id="released twice"),
        pytest.param([release(3, PUBLIC), release(5, INTERNAL)], None, id="taken back"),
        pytest.param(
            [release(3, PUBLIC), release(5, INTERNAL), release(7, PUBLIC)], 7, id="once more"
        ),
        pytest.param([EMBARGO], None, id="under embargo"),
        pytest.param([EMBARGO, release(9, PUBLIC)], 9, id="the embargo lifted early"),
        pytest.param([release(3, INTERNAL)], None, id="internal"),
    ],
)
def test_the_public_sees_what_the_last_release_lets_it(
    rows: list[Release], since: int | None
) -> None:
    visibility = at(15, *rows)

    expected = None if since is None else datetime(2026, 11, since, tzinfo=UTC)
    assert visibility.public_since("post", "one") == expected
    assert visibility.shows("post", "one") is (since is not None)


def test_an_embargo_ends_at_its_time() -> None:
    assert at(20, EMBARGO).shows("post", "one")
    assert at(15, EMBARGO).release("post", "one").state == "embargoed until 20 November 2026"


def test_a_release_is_of_one_kind_and_one_subject() -> None:
    visibility = at(15, release(3, PUBLIC))

    assert not visibility.shows("post", "two")
    assert not visibility.shows("session", "one")


def test_a_turn_is_shown_with_its_session_unless_it_is_withheld() -> None:
    withheld = release(3, INTERNAL, of="turn one:3")

    assert [at(15, withheld).shows_turn("one", index) for index in (2, 3, 33)] == [
        True,
        False,
        True,
    ]


def test_an_internal_build_shows_everything_and_says_how_it_is_released() -> None:
    visibility = at(15, release(3, INTERNAL), audience=Audience.INTERNAL)

    assert visibility.shows("post", "one")
    assert not visibility.release("post", "one").public
