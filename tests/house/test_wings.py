"""Wings name their parts as text, which no type checker follows: here every name is followed."""

import pkgutil

import pytest

from archive.wing import Wing, checklists, kinds, wings


@pytest.mark.parametrize("wing", wings(), ids=lambda wing: wing.name)
def test_every_part_that_a_wing_names_is_there(wing: Wing) -> None:
    targets = [command.target for command in wing.commands]
    for name in [*targets, *wing.tables, *wing.schemas, wing.kinds, wing.checklist]:
        assert pkgutil.resolve_name(name) is not None


def test_the_house_gathers_from_every_wing() -> None:
    assert [wing.name for wing in wings()] == ["archive", "blog", "interviews"]
    assert len(checklists()) == 3
    assert set(kinds()) >= {"model", "policy", "session", "post"}
