"""The root command: what every command shares, and what nobody is ever shown."""

import click
import pytest

from tests.conftest import Emeritus
from tests.support.command_tree import commands


@pytest.fixture
def _bug(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in `model show`, with two lines and a terminal's escape in its message."""

    def broken(*_: object, **__: object) -> None:
        raise LookupError("no \x1b[2Jsuch thing\nand more")

    monkeypatch.setattr("archive.records.cli.model_document", broken)


@pytest.mark.usefixtures("workspace", "_bug")
def test_a_bug_is_said_in_one_line_with_no_traceback(emeritus: Emeritus) -> None:
    result = emeritus("model", "show", "halcyon-2")

    what, mend = result.stderr.splitlines()
    assert (result.exit_code, result.stdout) == (1, "")
    assert what == "emeritus: a fault in Emeritus itself: LookupError: no \ufffd[2Jsuch thing"
    assert "--debug" in mend


@pytest.mark.usefixtures("workspace", "_bug")
def test_debug_shows_where_a_bug_is(emeritus: Emeritus) -> None:
    result = emeritus("--debug", "model", "show", "halcyon-2")

    assert result.exit_code == 1
    assert "Traceback" in result.stderr
    assert "in broken" in result.stderr


def test_every_option_says_what_it_is_for() -> None:
    silent = [
        (name, parameter.opts)
        for name, command in commands()
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.help
    ]

    assert silent == []
