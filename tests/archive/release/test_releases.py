"""Nothing is public until somebody released it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.release.releases import Audience, Release, is_public
from archive.times import to_text
from tests.conftest import Emeritus

START = datetime(2026, 1, 1, tzinfo=UTC)

decisions = st.lists(st.tuples(st.sampled_from(Audience), st.integers(0, 20)), max_size=6)


def releases(made: list[tuple[Audience, int]]) -> list[Release]:
    """One release an hour; an embargo ends so many hours after the first."""
    return [
        Release(
            kind="post",
            subject="p",
            audience=audience,
            until=to_text(START + timedelta(hours=ends)) if audience == "embargoed" else None,
            by="ana",
            at=to_text(START + timedelta(hours=hour)),
        )
        for hour, (audience, ends) in enumerate(made)
    ]


@given(decisions, st.integers(0, 24))
def test_the_last_decision_holds(made: list[tuple[Audience, int]], hour: int) -> None:
    """Whatever was decided before, in whatever order the rows come."""
    as_of = START + timedelta(hours=hour)
    last = made[-1] if made else (Audience.INTERNAL, 0)

    expected = last[0] == Audience.PUBLIC or (last[0] == Audience.EMBARGOED and last[1] <= hour)

    assert is_public(reversed(releases(made)), as_of) is expected


def test_a_release_is_logged_with_no_name_and_no_text(emeritus: Emeritus, workspace: Path) -> None:
    result = emeritus(
        "release", "model", "halcyon-2", "--public", "--reason", "a-canary", "--by", "ana"
    )

    tiles = b"".join(path.read_bytes() for path in (workspace / "log").rglob("*") if path.is_file())
    assert result.exit_code == 0
    assert b'"kind":"release"' in tiles
    assert b"a-canary" not in tiles
    assert b"ana" not in tiles


@pytest.mark.usefixtures("workspace")
def test_what_is_not_there_cannot_be_released(emeritus: Emeritus) -> None:
    cases = {
        ("model", "none-such", "--public"): "none-such: no such model",
        ("car", "halcyon-2", "--public"): "KIND: no such kind: 'car'",
        ("model", "halcyon-2"): "release: who may see it?",
        ("model", "halcyon-2", "--embargo", "soon"): "--embargo: not a time: 'soon'",
        ("policy", "halcyon-2", "--public"): "halcyon-2: no policy is set",
        ("schema", "schemas", "--public"): "The kinds are model, policy, post, session, turn.",
    }
    for arguments, message in cases.items():
        result = emeritus("release", *arguments, "--by", "ana")
        assert (result.exit_code, message in result.stderr) == (2, True), result.stderr
