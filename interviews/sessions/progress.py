"""Showing a run while it goes on: a row for each session on a terminal, plain lines elsewhere.

What a model says is shown only as it streams in, cut to one line, and made safe.
"""

from dataclasses import dataclass
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text
from typing_extensions import override

from archive.commands import is_terminal, say
from archive.rendering.terminal import for_terminal

TAIL = 120
"""How many of the last characters that streamed in are held to be shown."""


@dataclass(slots=True, kw_only=True)
class Row:
    """One session that goes on."""

    label: str  # its condition, in few words
    answered: int
    asks: int
    tokens: int = 0  # of this run
    waits: str | None = None  # why nothing streams in just now
    heard: str = ""  # the end of what streams in


class Progress:
    """How the sessions of a run go on, by their ids; shown to nobody."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        pass

    def begins(self, session: str, label: str, *, answered: int, asks: int) -> None:
        """A session begins, or goes on after so many answers."""
        self.rows[session] = Row(label=label, answered=answered, asks=asks)

    def asks(self, session: str) -> None:
        """The next question is sent, or the same one again."""
        row = self.rows[session]
        row.waits, row.heard = None, ""

    def hears(self, session: str, text: str) -> None:
        """A piece of the reply has streamed in."""
        row = self.rows[session]
        row.heard = (row.heard + text[-TAIL:])[-TAIL:]

    def waits(self, session: str, why: str) -> None:
        """The question did not bring a reply and is sent again after a pause."""
        row = self.rows[session]
        row.waits, row.heard = why, ""

    def answers(self, session: str, *, tokens: int) -> None:
        """A whole reply is there; question and reply took so many tokens."""
        row = self.rows[session]
        row.answered, row.tokens = row.answered + 1, row.tokens + tokens

    def ends(self, session: str, how: str) -> None:  # noqa: ARG002  # for those who show it
        """Nothing more is asked in this run."""
        del self.rows[session]


class Lines(Progress):
    """Plain lines on stderr: for logs and pipes."""

    @override
    def begins(self, session: str, label: str, *, answered: int, asks: int) -> None:
        super().begins(session, label, answered=answered, asks=asks)
        say(f"{label}: session {session}, {answered} of {asks} answered")

    @override
    def waits(self, session: str, why: str) -> None:
        super().waits(session, why)
        say(f"{self.rows[session].label}: {for_terminal(why)}")

    @override
    def answers(self, session: str, *, tokens: int) -> None:
        super().answers(session, tokens=tokens)
        row = self.rows[session]
        say(f"{row.label}: {row.answered} of {row.asks} answered, {tokens} tokens")

    @override
    def ends(self, session: str, how: str) -> None:
        say(f"{self.rows[session].label}: {for_terminal(how)}")
        super().ends(session, how)


class Drawing(Progress):
    """One row for each session that goes on, drawn over as it changes; a line when it ends."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console
        self._live = Live(
            console=console, get_renderable=self._table, refresh_per_second=8, transient=True
        )

    @override
    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    @override
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._live.__exit__(kind, error, traceback)

    @override
    def ends(self, session: str, how: str) -> None:
        row = self.rows[session]
        line = f"{row.label}: {row.answered} of {row.asks} answered; {for_terminal(how)}"
        super().ends(session, how)
        self._console.print(Text(line))

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2), expand=True)
        for ratio in (2, None, None, 3):
            table.add_column(no_wrap=True, overflow="ellipsis", ratio=ratio)
        for row in list(self.rows.values()):  # another thread draws than the one that asks
            heard = " ".join(for_terminal(row.heard).split())
            table.add_row(
                Text(row.label),
                Text(f"{row.answered}/{row.asks}"),
                Text(f"{row.tokens} tokens"),
                Text(row.waits or heard[-40:] or "asked", style="dim"),
            )
        return table


def watching() -> Progress:
    """Return who shows a run here: rows on a terminal, else plain lines."""
    return Drawing(Console(stderr=True)) if is_terminal() else Lines()
