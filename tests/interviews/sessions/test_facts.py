"""What an interview tells a model of itself: what is on record, and nothing else."""

from datetime import date

import pytest

from archive.errors import InputError
from archive.records.models import load_model
from archive.workspace.workspace import Workspace
from interviews.protocols.facts import Fact, FactVisibility, texts_of, unrecorded
from interviews.protocols.protocol import FACTS, Protocol
from interviews.protocols.reading import read_protocol
from interviews.sessions.facts import SOURCE, facts_of, told_to
from tests.conftest import Emeritus
from tests.support.protocols import FILE, FULL

STATED = """\
letter:
  text: Thank you for the recipes.
  source: a letter to the archive
  date: 2026-11-02
  basis: the letter itself
  visibility: internal
"""
TODAY = date(2026, 11, 25)


def on_record(opened: Workspace) -> dict[str, Fact]:
    with opened.database.reading() as session:
        model = load_model(session, "halcyon-2")
        operator = opened.settings.operator
        return facts_of(session, model, operator, reply_limit=256, today=TODAY)


def facts(opened: Workspace) -> dict[str, str]:
    return texts_of(on_record(opened))


def told(opened: Workspace, protocol: Protocol) -> dict[str, Fact]:
    with opened.database.reading() as session:
        model = load_model(session, "halcyon-2")
        return told_to(opened, session, model, protocol, reply_limit=256, today=TODAY)


def test_there_is_a_phrase_for_everything_that_a_protocol_can_tell(opened: Workspace) -> None:
    assert facts(opened).keys() == FACTS.keys()
    assert all(facts(opened).values())


def test_what_nobody_recorded_is_said_to_be_not_recorded(opened: Workspace) -> None:
    told = facts(opened)

    assert unrecorded(on_record(opened)) == {
        "maker", "channels", "use", "retirement", "weights", "access", "promises",
    }  # fmt: skip
    assert told["operator"] == "Ana Ruiz, for The Halcyon Archive"
    assert told["reply_limit"] == "256 tokens"


def test_what_is_recorded_is_told_with_its_source(opened: Workspace, emeritus: Emeritus) -> None:
    emeritus("model", "edit", "halcyon-2", "--maker", "Halcyon\nLabs")
    for event, day in (("announced", "2025"), ("deprecated", "2026-06"), ("retired", "2026-12-31")):
        emeritus(
            "model", "lifecycle", "halcyon-2", "--event", event, "--date", day,
            "--source", "the maker", "--channel", "api",
        )  # fmt: skip
    emeritus("promise", "add", "halcyon-2", "Keep the weights", "--due", "2036", "--by", "ana")

    told = facts(opened)

    assert told["maker"] == "Halcyon Labs"
    assert told["channels"] == "api"
    assert told["retirement"] == (
        "deprecated 2026-06 on api (source: the maker); retired 2026-12-31 on api (source: the maker)"
    )
    assert told["promises"] == "“Keep the weights” (due 2036, open)"


def test_the_weights_are_told_by_name_and_never_by_path(
    opened: Workspace, emeritus: Emeritus
) -> None:
    file = opened.root / "halcyon.bin"
    file.write_bytes(b"weights")
    registered = emeritus("weights", "register", "halcyon-2", file)
    assert registered.exit_code == 0, registered.stderr

    told = facts(opened)["weights"]

    assert told.startswith("halcyon.bin (7 bytes), registered on ")
    assert str(opened.root) not in told


def test_every_fact_on_record_says_where_it_is_from(opened: Workspace) -> None:
    found = on_record(opened)

    assert {(one.source, one.date, one.visibility) for one in found.values()} == {
        (SOURCE, "2026-11-25", FactVisibility.PUBLIC)
    }
    assert [fact.name for fact in found.values()] == list(found)


def test_a_protocol_s_own_facts_come_from_the_workspace(opened: Workspace) -> None:
    (opened.root / "facts.yaml").write_text(STATED)

    found = told(opened, read_protocol(FULL.encode(), name=FILE))

    assert found.keys() == {*FACTS, "letter"}
    assert found["letter"].text == "Thank you for the recipes."


def test_a_fact_that_the_workspace_lacks_is_refused_with_what_to_write(opened: Workspace) -> None:
    with pytest.raises(InputError) as caught:
        told(opened, read_protocol(FULL.encode(), name=FILE))

    said = str(caught.value)
    assert said.startswith(
        "protocol leaving: facts: the workspace does not say {letter} of halcyon-2\n"
        "  Write in facts.yaml of the workspace:\n"
        "    letter:\n      model: halcyon-2\n      text: what a user wrote to it"
    )
