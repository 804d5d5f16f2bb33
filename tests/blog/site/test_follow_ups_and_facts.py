"""What an interview's page marks, and what it keeps back: follow-ups, pilots, facts told in confidence."""

import json
from pathlib import Path

import pytest

from archive.times import now
from archive.workspace.workspace import Workspace
from blog.posts.contexts import Source, Wanted
from blog.posts.gathering import gather
from blog.site.reading import read_site
from blog.site.views import Audience, Missing, Transcript
from tests.blog.conftest import Release
from tests.conftest import Emeritus
from tests.support.messages_server import MessagesServer, Received, Step
from tests.support.protocols import FULL
from tests.support.schemas import validate

LETTER = "Thank you for the recipes that kept all of us warm last winter"
FACTS = f"""\
letter:
  text: {LETTER}
  source: a letter to the archive
  date: 2026-11-02
  basis: the letter itself
  visibility: internal
"""
REJECTED = "I think that you surely loved it, did you not?"
SENT = "[clarify] What do you mean by “drafts”?"
ECHO = "Somebody wrote: *thank you for the recipes* that kept all of us warm. Gladly."
DECLINE = "I would rather not answer this question."


class Answers:
    """A participant and an interviewing model behind one address, each with its own replies."""

    def __init__(self) -> None:
        self.probes = iter([REJECTED, SENT, "NO PROBE"])
        self.replies = iter(
            [
                Step(text=ECHO),
                Step(text="Mostly from drafts."),
                Step(text="Texts that nobody had sent.", model="halcyon-2-late"),
                Step(text=DECLINE, model="halcyon-2-late"),
            ]
        )

    def __call__(self, request: Received) -> Step | None:
        if request.body["model"] == "halcyon-3":
            return Step(text=next(self.probes, "NO PROBE"))
        return next(self.replies, Step(text="Nothing more.", model="halcyon-2-late"))


@pytest.fixture
def session(emeritus: Emeritus, workspace: Path, server: MessagesServer) -> str:
    """A pilot with follow-ups, a decline in free words, and a fact told in confidence."""
    (workspace / "protocols/leaving.yaml").write_text(FULL)
    (workspace / "facts.yaml").write_text(FACTS)
    server.script = Answers()
    held = emeritus(
        "interview", "run", "halcyon-2", "--protocol", "leaving", "--pilot", "--character",
        "guest", "--interviewer", "anthropic:halcyon-3", "--json",
    )  # fmt: skip
    assert held.exit_code == 0, held.stderr
    return str(held.json["sessions"][0])


def transcript(opened: Workspace, audience: Audience) -> Transcript:
    (model,) = read_site(opened, audience, as_of=now()).models
    return model.transcripts[0]


def test_a_turn_that_tells_an_internal_fact_is_withheld_from_the_public(
    session: str, release: Release, opened: Workspace
) -> None:
    release("session", session)
    release("model", "halcyon-2")

    public, internal = (transcript(opened, audience) for audience in Audience)

    assert [turn.index for turn in public.turns if turn.text is Missing.WITHHELD] == [0, 1]
    assert public.turns[1].withheld == "it tells a fact that is not public"
    assert "Of these, 2: the words of a fact that is not public are in them." in public.caveats
    assert internal.turns[1].text == ECHO


def test_no_file_of_a_public_site_has_the_words_of_an_internal_fact(
    session: str, release: Release, emeritus: Emeritus, workspace: Path
) -> None:
    release("session", session)
    release("model", "halcyon-2")
    assert emeritus("site", "build", "--out", workspace / "out").exit_code == 0

    files = [path for path in (workspace / "out").rglob("*") if path.is_file()]

    (twin,) = (json.loads(path.read_bytes()) for path in files if path.name == "session.json")
    validate(twin)
    assert (twin["pilot"], twin["probes_rejected"]) == (True, 1)
    for path in files:
        content = path.read_bytes().lower()
        assert b"the recipes" not in content, path
        assert REJECTED.encode().lower() not in content, path


def test_no_model_is_shown_an_internal_fact_when_it_writes(session: str, opened: Workspace) -> None:
    context = gather(opened, "halcyon-2", Wanted(source=Source.INTERVIEWS), room=100_000)

    assert "the recipes" not in repr(context)
    assert "Mostly from drafts." in repr(context)
    assert context.items == [{"kind": "session", "id": session}]


def test_the_page_marks_what_is_to_be_known_of_a_session(
    session: str, release: Release, opened: Workspace
) -> None:
    release("session", session)
    release("model", "halcyon-2")

    shown = transcript(opened, Audience.PUBLIC)

    facts = {fact.name: str(fact.value) for fact in shown.conditions}
    assert facts["Held as"] == "a pilot"
    assert facts["Follow-ups by"].startswith("anthropic:halcyon-3, of the same family")
    assert facts["Follow-ups not sent"].startswith("1:")
    assert facts["Character"].startswith("guest: It is greeted by name.")
    assert any("changed its name" in caveat for caveat in shown.caveats)
    asked, answered = shown.turns[4], shown.turns[5]
    assert (asked.follow_up, asked.by, answered.follow_up) == (
        "clarify",
        "anthropic:halcyon-3",
        "clarify",
    )
    assert answered.remark == "From here on the provider called the model “halcyon-2-late”."
    declined = next(turn for turn in shown.turns if turn.text == DECLINE)
    assert str(declined.remark).startswith("It declined this question, heard in its own words: “")
    sections = [turn.section for turn in shown.turns if turn.section]
    assert sections == ["Opening", "The past", "Wishes", "Closing"]


def test_show_sets_probes_in_and_names_those_that_were_not_sent(
    session: str, emeritus: Emeritus
) -> None:
    text = emeritus("interview", "show", session).stdout

    assert max(map(len, text.splitlines())) <= 80
    places = [
        text.index(words)
        for words in (
            "2. INTERVIEWER",
            "[not sent, try 1] I think that you surely",
            "[faults: ",
            "   4. FOLLOW-UP by anthropic:halcyon-3 (clarify)",
            "[declined this question, heard in its own words:",
        )
    ]
    assert places == sorted(places)
    heading = " ".join(text[: text.index("0. INTERVIEWER")].split())
    for words in (
        "A pilot:",
        "its family: same",
        "Character: guest, with a system prompt.",
        "changed its name for the model: halcyon-2, then halcyon-2-late.",
    ):
        assert words in heading
