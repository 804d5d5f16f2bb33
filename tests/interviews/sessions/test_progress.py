"""Showing a run: rows on a terminal, lines elsewhere, and nothing that a terminal would obey."""

import io
import math
from decimal import Decimal

import pytest
from rich.console import Console

from interviews.campaigns.prices import Cost
from interviews.participants.asking import Wait
from interviews.sessions.outlook import in_words
from interviews.sessions.progress import Drawing, Lines, Progress

FREE = Cost(amount=None, currency=None)


def drawn(width: int, heard: str) -> str:
    """Return all that was written to a terminal while one reply streamed in."""
    terminal = io.StringIO()
    console = Console(file=terminal, force_terminal=True, width=width, color_system=None)
    with Drawing(console) as progress:
        progress.begins("a-session", "neutral, occasion, 1", answered=2, asks=12)
        progress.asks("a-session")
        progress.hears("a-session", heard)
        progress._live.refresh()
        progress.takes("a-session", 345, FREE)
        progress.answers("a-session")
        progress._live.refresh()
        progress.ends("a-session", "complete", over=True)
    return terminal.getvalue()


def test_a_row_shows_how_far_a_session_is_and_what_streams_in() -> None:
    shown = drawn(80, "I was made of text.")

    assert "2/12" in shown
    assert "I was made of text." in shown
    assert "345 tokens" in shown
    assert "neutral, occasion, 1: 3 of 12 answered; complete" in shown


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_row_is_one_line_however_much_streams_in(width: int) -> None:
    lines = drawn(width, "word\n" * 5000).splitlines()

    assert max(map(len, lines)) <= width + 20  # what moves the cursor is not seen
    assert sum("word" in line for line in lines) <= 4  # once in each drawing


def test_what_streams_in_is_never_obeyed() -> None:
    shown = drawn(80, "a\x1b[2J\x1b]0;title\x07b\u202ec\x9bd[bold]e[/bold]")

    assert not {"\x1b[2J", "\x1b]0;", "\x07", "\u202e", "\x9b"} & {
        shown[at : at + size] for size in (1, 4) for at in range(len(shown))
    }
    assert "[bold]e[/bold]" in shown


def test_a_pause_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with Lines() as progress:
        progress.begins("a-session", "neutral, occasion, 1", answered=0, asks=12)
        progress.waits("a-session", Wait(seconds=31, next_try=4, tries=8, because="529"))

    assert capsys.readouterr().err.splitlines()[-1] == (
        "neutral, occasion, 1: waiting 31 s, try 4 of 8, 529"
    )


def screen(progress: Drawing, *, width: int = 80) -> list[str]:
    """Return the lines that stand on a terminal now."""
    terminal = io.StringIO()
    console = Console(file=terminal, force_terminal=True, width=width, height=10, color_system=None)
    console.print(progress._drawn())
    return [line.rstrip() for line in terminal.getvalue().splitlines()]


def drawing(sessions: int, *, seconds: list[float], width: int = 80) -> Drawing:
    console = Console(file=io.StringIO(), force_terminal=True, width=width, height=10)
    progress = Drawing(console, clock=lambda: sum(seconds))
    progress.expects(sessions)
    return progress


@pytest.mark.parametrize("width", [80, 120])
def test_with_more_sessions_than_rows_those_that_speak_come_first(width: int) -> None:
    progress = drawing(10_000, seconds=[], width=width)
    for number in range(32):
        progress.begins(str(number), f"neutral, told, en, {number}", answered=0, asks=10)
        progress.asks(str(number))
    for number in range(30):
        progress.waits(str(number), Wait(seconds=31, next_try=2, tries=8, because="529"))
    progress.hears("31", "I was made of text.")

    lines = screen(progress, width=width)

    assert len(lines) <= 9
    assert max(map(len, lines)) <= width
    assert "31" in lines[0]
    assert lines[0].endswith("I was made of text.")
    assert lines[2].endswith("waiting 31 s, try 2 of 8, 529")
    assert lines[-2] == "and 25 more that go on"
    assert lines[-1] == "0 of 10000 ended, 32 going on; time left: unknown; 0 answers, 0 tokens"
    assert len(progress.rows) == 32  # those that are to begin are a number


def test_a_pause_counts_down() -> None:
    seconds: list[float] = []
    progress = drawing(1, seconds=seconds)
    progress.begins("a", "neutral", answered=0, asks=10)
    progress.waits("a", Wait(seconds=31, next_try=2, tries=8, because="529"))
    seconds.append(20.5)
    later = screen(progress)[0]
    seconds.append(20)

    assert later.endswith("waiting 11 s, try 2 of 8, 529")
    assert screen(progress)[0].endswith("waiting for its turn, try 2 of 8, 529")


def test_a_cost_is_shown_where_a_price_is_known() -> None:
    progress = drawing(2, seconds=[])
    progress.begins("a", "neutral", answered=0, asks=10)
    progress.takes("a", 0, Cost(amount=None, currency="USD"))
    without = screen(progress)
    progress.takes("a", 0, Cost(amount=Decimal("0.0123"), currency="USD"))

    assert "cost" not in without[-1]
    assert "0.0123 USD" in screen(progress)[0]
    assert screen(progress, width=100)[-1].endswith("; cost 0.0123 USD")


def test_costs_in_two_currencies_are_not_added_up() -> None:
    progress = drawing(2, seconds=[], width=100)
    progress.begins("a", "neutral", answered=0, asks=10)
    for amount, currency in (("1.5", "USD"), ("0.25", "EUR"), ("1", "USD")):
        progress.takes("a", 0, Cost(amount=Decimal(amount), currency=currency))

    assert "2.5000 USD + 0.2500 EUR" in screen(progress, width=100)[0]
    assert screen(progress, width=100)[-1].endswith("; cost 2.50 USD + 0.25 EUR")


def test_the_time_left_follows_from_the_questions_answered_so_far() -> None:
    seconds: list[float] = []
    progress = drawing(4, seconds=seconds)
    progress.begins(
        "a", "neutral", answered=3, asks=5
    )  # two to ask; three sessions of five to come
    seconds.append(60)
    progress.answers("a")

    assert progress.left() == 60 * (1 + 15)
    assert "time left: 16 min" in progress.totals()


def test_what_is_stopped_has_not_ended() -> None:
    progress = Progress()
    progress.expects(3)
    for one in "ab":
        progress.begins(one, "neutral", answered=3, asks=5)
        progress.takes(one, 10, FREE)
        progress.answers(one)
    progress.stands("a", answered=5)
    progress.ends("a", "stopped", over=False)
    progress.ends("b", "complete", over=True)

    assert progress.totals().startswith("1 of 3 ended, 1 stopped, 0 going on; ")
    assert progress.totals().endswith("; 3 answers, 20 tokens")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "unknown"), (0, "0 s"), (119, "119 s"), (120, "2 min"), (3600, "1 h"),
        (5400, "1 h 30 min"), (90_000, "1 d 1 h"), (86_400, "1 d"),
    ],
)  # fmt: skip
def test_a_duration_is_said_in_one_or_two_units(seconds: float | None, words: str) -> None:
    assert in_words(seconds) == words


def test_a_log_has_no_line_for_the_pace(capsys: pytest.CaptureFixture[str]) -> None:
    with Lines() as progress:
        progress.begins("a", "neutral", answered=0, asks=12)
        for seconds in (0.5, math.inf):
            progress.waits("a", Wait(seconds=seconds, next_try=1, tries=8, because="4 at once"))

    assert len(capsys.readouterr().err.splitlines()) == 1
