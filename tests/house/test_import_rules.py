"""The import rules of pyproject.toml cover every module that calls itself pure."""

import ast
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def modules_that_say_pure() -> set[str]:
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for wing in ("archive", "interviews", "blog")
        for path in (ROOT / wing).rglob("*.py")
        if "\nPure" in (ast.get_docstring(ast.parse(path.read_text())) or "")
    }


def modules_under_contract() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    (rules,) = (contract for contract in contracts if contract["type"] == "forbidden")
    return set(rules["source_modules"])


def test_every_module_that_says_it_is_pure_is_held_to_it() -> None:
    """lint-imports forbids the listed modules all I/O; a docstring alone holds nothing."""
    assert modules_that_say_pure() == modules_under_contract()
