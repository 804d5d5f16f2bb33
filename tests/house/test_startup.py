"""`emeritus --help` is instant: it imports none of the heavy libraries."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]

SHOW_HELP = """
import sys
from archive.cli import main
try:
    main(["--help"])
finally:
    print("imported", *sorted(sys.modules))
"""


def test_help_imports_no_heavy_library() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lint = settings["tool"]["ruff"]["lint"]["flake8-tidy-imports"]
    heavy = {*lint["banned-module-level-imports"], "sqlmodel", "sqlalchemy", "pydantic", "rich"}

    shown = subprocess.run(  # noqa: S603  # this very interpreter, on a text of ours
        [sys.executable, "-c", SHOW_HELP], capture_output=True, text=True, check=True
    ).stdout

    helped, _, imported = shown.rpartition("imported")
    assert "interview" in helped
    assert heavy & set(imported.split()) == set()
