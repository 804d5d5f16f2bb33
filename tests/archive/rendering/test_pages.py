"""The templates' environment."""

from datetime import UTC, datetime

import pytest
from jinja2 import Environment, UndefinedError

from archive.rendering.pages import environment, size


@pytest.fixture(scope="module")
def templates() -> Environment:
    return environment("site")


def test_values_are_escaped_and_held_to_what_a_page_can_hold(templates: Environment) -> None:
    shown = templates.from_string("{{ word }}").render(word='<b title="x">\x07\u202e')

    assert shown == "&lt;b title=&#34;x&#34;&gt;\ufffd[U+202E]"


def test_a_value_that_nobody_gave_is_an_error(templates: Environment) -> None:
    with pytest.raises(UndefinedError, match="word"):
        templates.from_string("{{ word }}").render()


def test_dates_are_prose_with_their_exact_form_beside_them(templates: Environment) -> None:
    at = datetime(2026, 11, 3, 15, 4, tzinfo=UTC)

    shown = templates.from_string("{{ at | day }}, {{ at | moment }}").render(at=at)

    assert shown == (
        '<time datetime="2026-11-03">3 November 2026</time>, '
        '<time datetime="2026-11-03T15:04:00Z">3 November 2026, 15:04 UTC</time>'
    )


SIZES = {0: "0 bytes", 999: "999 bytes", 98_112_640: "98.1 MB", 10**15: "1000.0 TB"}


@pytest.mark.parametrize(("count", "words"), SIZES.items())
def test_sizes_carry_their_unit(count: int, words: str) -> None:
    assert size(count) == words
