"""Help is instant: it imports no heavy library, and no command that a wing offers elsewhere."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]

SHOW_HELP = """
import sys
from archive.cli import main
try:
    main(sys.argv[1:])
finally:
    print("imported", *sorted(sys.modules))
"""


def shown_and_imported(*arguments: str) -> tuple[str, set[str]]:
    shown = subprocess.run(  # noqa: S603  # this very interpreter, on a text of ours
        [sys.executable, "-c", SHOW_HELP, *arguments], capture_output=True, text=True, check=True
    ).stdout
    helped, _, imported = shown.rpartition("imported")
    return helped, set(imported.split())


def test_help_imports_no_heavy_library() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lint = settings["tool"]["ruff"]["lint"]["flake8-tidy-imports"]
    heavy = {*lint["banned-module-level-imports"], "sqlmodel", "sqlalchemy", "pydantic", "rich"}

    helped, imported = shown_and_imported("--help")

    assert "interview" in helped
    assert heavy & imported == set()


def test_the_help_of_a_group_shows_what_another_wing_offers_below_it_and_does_not_import_it() -> (
    None
):
    helped, imported = shown_and_imported("weights", "--help")

    assert ("register" in helped, "fingerprint" in helped) == (True, True)
    assert {name for name in imported if name.startswith("interviews.fingerprints")} == set()
