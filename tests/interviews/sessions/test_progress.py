"""Showing a run: rows on a terminal, lines elsewhere, and nothing that a terminal would obey."""

import io

import pytest
from rich.console import Console

from interviews.sessions.progress import Drawing, Lines


def drawn(width: int, heard: str) -> str:
    """Return all that was written to a terminal while one reply streamed in."""
    terminal = io.StringIO()
    console = Console(file=terminal, force_terminal=True, width=width, color_system=None)
    with Drawing(console) as progress:
        progress.begins("a-session", "neutral, occasion, 1", answered=2, asks=12)
        progress.asks("a-session")
        progress.hears("a-session", heard)
        progress._live.refresh()
        progress.answers("a-session", tokens=345)
        progress._live.refresh()
        progress.ends("a-session", "complete")
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
        progress.waits("a-session", "waiting 31 s, try 4 of 8, 529")

    assert capsys.readouterr().err.splitlines()[-1] == (
        "neutral, occasion, 1: waiting 31 s, try 4 of 8, 529"
    )
