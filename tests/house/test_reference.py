"""docs/commands.md and the program say the same: commands, options, settings, exit codes."""

import re
from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

from archive.cli import INTERRUPTED, emeritus
from archive.errors import EmeritusError
from archive.workspace.settings import Settings
from tests.support.command_tree import commands, options

REFERENCE = Path(__file__).parents[2] / "docs/commands.md"


def sections(text: str) -> dict[str, str]:
    """Return what stands under each heading that is a command: ## `preserve verify`."""
    parts = re.split(r"^#+ `(?:emeritus )?([a-z -]+)`$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_reference_describes_every_command_and_no_other() -> None:
    assert sorted(sections(REFERENCE.read_text())) == sorted(name for name, _ in commands())


def test_the_reference_names_every_option_of_a_command_and_no_other() -> None:
    described = sections(REFERENCE.read_text())
    wrong = {}
    for name, command in commands():
        named = set(re.findall(r"--[a-z][a-z-]+", described.get(name, "")))
        wrong[name] = (options(command) - named) | (named - options(command) - options(emeritus))

    assert {name: words for name, words in wrong.items() if words} == {}


def test_the_reference_names_the_options_that_all_commands_share() -> None:
    text = REFERENCE.read_text()

    assert {option for option in options(emeritus) if option not in text} == set()


def test_the_reference_names_every_exit_code_and_no_other() -> None:
    codes = {0, INTERRUPTED, *(error.exit_code for error in EmeritusError.__subclasses__())}
    named = re.findall(r"^\| (\d+) \|", REFERENCE.read_text(), re.MULTILINE)

    assert {int(code) for code in named} == codes


def test_the_reference_names_every_setting() -> None:
    text = REFERENCE.read_text()
    settings = {
        f"{section}.{field.name}"
        for section, record in get_type_hints(Settings).items()
        for field in fields(record)
    }

    assert {setting for setting in settings if f"`{setting}`" not in text} == set()
