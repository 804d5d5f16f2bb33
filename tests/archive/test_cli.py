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


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("model", "edit", "halcyon-2", "--alias"), id="of a list"),
        pytest.param(("model", "edit", "halcyon-2", "--name"), id="of a text"),
        pytest.param(("promise", "add", "halcyon-2"), id="of a promise"),
        pytest.param(("log", "receipt"), id="of a kind"),
        pytest.param(("preserve", "replicate"), id="of a folder"),
    ],
)
@pytest.mark.usefixtures("workspace")
def test_an_argument_that_is_not_utf8_is_your_move(
    emeritus: Emeritus, command: tuple[str, ...]
) -> None:
    result = emeritus(*command, "caf\udce9")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("caf\\udce9: not UTF-8\n")


@pytest.mark.usefixtures("workspace")
def test_what_somebody_typed_cannot_steer_the_terminal(emeritus: Emeritus) -> None:
    edited = emeritus("model", "edit", "halcyon-2", "--name", "\x1b[2JHalcyon")
    listed = emeritus("model", "list")
    refused = emeritus("model", "show", "\x1b[2J")

    assert "\x1b" not in edited.stderr + listed.stdout + refused.stderr
    assert "\ufffd[2JHalcyon" in listed.stdout


def test_every_option_says_what_it_is_for() -> None:
    silent = [
        (name, parameter.opts)
        for name, command in commands()
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.help
    ]

    assert silent == []
