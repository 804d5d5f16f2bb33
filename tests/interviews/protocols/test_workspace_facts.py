"""The facts that a workspace writes down: each with its source, for one model or for all."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import InputError
from interviews.protocols.facts import Fact, FactVisibility
from interviews.protocols.workspace_facts import facts_about, read_facts_file, stated_facts

FILE = "facts.yaml"
STATED = """\
letter:
  - model: halcyon-2
    text: >
      Thank you
      for the recipes.
    source: a letter to the archive
    date: 2026-11-02
    basis: the letter itself
    visibility: internal
  - text: not recorded
    source: the operator
    date: 2026
    basis: nobody wrote
    visibility: public
users_response:
  text: They said that they will miss it.
  source: a survey among users
  date: "2026-10"
  basis: 40 of 300 answers
  visibility: public
"""


def refusal(text: str) -> str:
    with pytest.raises(InputError) as caught:
        read_facts_file(text.encode(), name=FILE)
    return str(caught.value)


def test_a_fact_is_stated_with_all_that_says_where_it_is_from() -> None:
    stated = read_facts_file(STATED.encode(), name=FILE)

    assert stated[0].model == "halcyon-2"
    assert stated[0].fact == Fact(
        name="letter",
        text="Thank you for the recipes.",
        source="a letter to the archive",
        date="2026-11-02",
        basis="the letter itself",
        visibility=FactVisibility.INTERNAL,
    )


def test_what_is_stated_of_a_model_goes_before_what_is_stated_of_all() -> None:
    stated = read_facts_file(STATED.encode(), name=FILE)

    assert facts_about("halcyon-2", stated)["letter"].recorded
    assert not facts_about("halcyon-3", stated)["letter"].recorded
    assert facts_about("halcyon-3", stated)["users_response"].date == "2026-10"


def test_a_workspace_without_the_file_states_nothing(tmp_path: Path) -> None:
    assert stated_facts(tmp_path) == ()


# name: (what stands in STATED, what is put in its place, how the error begins after the file's name)
MALFORMED = {
    "no source": ("  source: a survey among users\n", "", ":15: users_response.source: missing"),
    "no date": ('  date: "2026-10"\n', "", ":15: users_response.date: missing"),
    "no basis": ("    basis: the letter itself\n", "", ":2: letter[0].basis: missing"),
    "no visibility": ("    visibility: internal\n", "", ":2: letter[0].visibility: missing"),
    "unknown field": ("  basis: 40", "  why: x\n  basis: 40", ":19: users_response.why: unknown"),
    "no date at all": ("2026-11-02", "yesterday", ":7: letter[0].date: not a date: 'yesterday'"),
    "a day that is none": ("2026-11-02", "2026-02-30", ":7: letter[0].date: not a date"),
    "an unknown visibility": ("internal", "secret", ":9: letter[0].visibility: no such word"),
    "no slug": ("halcyon-2", "Halcyon 2", ":2: letter[0].model: not a slug"),
    "no text": ("text: They said that they will miss it.", "text:", ":16: users_response.text: emp"),
    "a fact of the archive's own": ("users_response", "promises", ":15: promises: 'promises' is"),
    "a name in capitals": ("users_response", "Users", ":15: Users: no name of a fact: 'Users'"),
    "two for one model": ("  - text: not", "  - model: halcyon-2\n    text: not", ":10: letter[1]: letter stands twice for halcyon-2"),
    "nothing": (STATED, "", ":1: empty"),
    "only a word": (STATED, "facts", ":1: of the wrong type"),
    "a word for a fact": ('  text: They said that they will miss it.\n  source: a survey among users\n  date: "2026-10"\n  basis: 40 of 300 answers\n  visibility: public\n', " none\n", ":15: users_response: of the wrong type"),
}  # fmt: skip


@pytest.mark.parametrize("case", MALFORMED)
def test_what_cannot_be_meant_is_refused_where_it_is_wrong(case: str) -> None:
    old, new, message = MALFORMED[case]
    assert STATED.count(old) == 1

    said, _, mend = refusal(STATED.replace(old, new)).partition("\n")

    assert said.startswith(FILE + message)
    assert mend.strip()


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_whole_or_refused(data: st.DataObject) -> None:
    whole = STATED.encode()
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(start + 40, len(whole))))
    damaged = whole[:start] + data.draw(st.binary(max_size=12)) + whole[end:]

    with suppress(InputError):
        read_facts_file(damaged, name=FILE)
