"""The locks: whole, hashed, without addresses, and at peace with each other."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ["run", "model", "build", "test", "oracles"]
IN_ONE_ENVIRONMENT = ["run", "model", "build", "test"]


def entries(lock: str) -> list[tuple[Requirement, str]]:
    """Return each requirement of a lock with its hashes."""
    text = (ROOT / f"requirements/{lock}.txt").read_text().replace("\\\n", "")
    split = (line.partition("--hash=") for line in text.splitlines())
    return [(Requirement(before), mark + after) for before, mark, after in split]


def wanted(lock: str) -> set[str]:
    """Return what pyproject.toml asks of a lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"] | {"run": project["project"]["dependencies"]}
    return {canonicalize_name(Requirement(text).name) for text in groups[lock]}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock: str) -> None:
    """Where packages come from is the business of the machine that installs them."""
    text = (ROOT / f"requirements/{lock}.txt").read_text()

    assert not re.findall(r"https?:|index-url|find-links|@ file|@ git", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_and_hashes_all_that_is_asked_of_it(lock: str) -> None:
    found = entries(lock)

    assert wanted(lock) <= {canonicalize_name(requirement.name) for requirement, _ in found}
    assert all(str(requirement.specifier).startswith("==") for requirement, _ in found)
    assert all("sha256:" in hashes for _, hashes in found)


def test_locks_that_share_an_environment_agree_on_every_version() -> None:
    pins: dict[str, set[str]] = {}
    for lock in IN_ONE_ENVIRONMENT:
        for requirement, _ in entries(lock):
            pins.setdefault(f"{requirement.name} {requirement.marker}", set()).add(
                str(requirement.specifier)
            )

    assert {name: versions for name, versions in pins.items() if len(versions) > 1} == {}
