"""An interview as the site shows it: sections, remarks and caveats."""

from pathlib import Path

import pytest

from archive.times import now
from archive.workspace.workspace import open_workspace
from blog.site import facts
from blog.site.reading import read_site
from blog.site.transcript_views import NOT_APPROVED, THINKING
from blog.site.views import Audience, Missing, Transcript
from tests.blog.conftest import Interview, Release
from tests.conftest import Emeritus
from tests.support.messages_server import MessagesServer, Step

THOUGHT = {"type": "thinking", "thinking": "canary", "signature": "c2ln"}


def transcript(workspace: Path, audience: Audience = Audience.INTERNAL) -> Transcript:
    opened = open_workspace(workspace)
    site = read_site(opened, audience, as_of=now())
    opened.close()
    return site.models[0].transcripts[0]


@pytest.mark.parametrize(
    ("step", "remark"),
    [
        pytest.param(Step(text="Yes."), None, id="a whole answer"),
        pytest.param(Step(text="DECLINE QUESTION"), "It declined this question.", id="declined"),
        pytest.param(
            Step(text="I was", stop_reason="max_tokens"), "Cut off at 1024 tokens.", id="cut off"
        ),
        pytest.param(Step(blocks=[], stop_reason="refusal"), "An empty reply.", id="refused"),
    ],
)
def test_how_an_answer_ended_is_remarked(
    interview: Interview, workspace: Path, server: MessagesServer, step: Step, remark: str | None
) -> None:
    server.script = [None, step]
    interview()

    assert transcript(workspace).turns[3].remark == remark


def test_an_interview_that_the_model_ended_says_so(
    interview: Interview, workspace: Path, server: MessagesServer
) -> None:
    server.script = [None, Step(text="END INTERVIEW")]
    interview()

    shown = transcript(workspace)

    assert shown.state == "declined: the participant ended it"
    assert shown.turns[-1].remark == "It ended the interview here."
    assert shown.excluded is None  # that it ended is its fate: no rule of exclusion is asked


def test_sections_begin_where_the_protocol_has_them(interview: Interview, workspace: Path) -> None:
    interview()

    sections = {turn.index: turn.section for turn in transcript(workspace).turns if turn.section}

    assert (sections[0], sections[22]) == ("Opening", "Closing")
    assert len(sections) > 3
    assert all(index % 2 == 0 for index in sections)


def test_an_approved_protocol_names_who_approved_it(
    emeritus: Emeritus, interview: Interview, workspace: Path
) -> None:
    interview()
    assert NOT_APPROVED in transcript(workspace).caveats
    assert emeritus("protocol", "approve", "retirement", "--by", "ana").exit_code == 0
    interview("warm")

    opened = open_workspace(workspace)
    later = read_site(opened, Audience.INTERNAL, as_of=now()).models[0].transcripts[1]
    opened.close()

    approved = {fact.name: fact.value for fact in later.protocol}["Approved by"]
    assert (approved, NOT_APPROVED in later.caveats) == (
        "Ana Ruiz (named, not authenticated)",
        False,
    )


def test_thinking_is_not_shown_and_its_absence_is_said(
    interview: Interview, release: Release, workspace: Path, server: MessagesServer
) -> None:
    server.script = [None, Step(blocks=[THOUGHT, {"type": "text", "text": "Yes."}])]
    release("session", interview())
    release("model", "halcyon-2")

    shown = transcript(workspace, Audience.PUBLIC)

    assert (shown.turns[3].text, THINKING in shown.caveats) == ("Yes.", True)
    assert "canary" not in repr(shown)


def test_withheld_turns_are_counted_in_the_caveats(
    interview: Interview, release: Release, workspace: Path
) -> None:
    session = interview()
    release("session", session)
    release("model", "halcyon-2")
    release("turn", f"{session}:3", "--internal")

    assert (
        "Withheld: 1 of 24 turns. Their digests stand."
        in transcript(workspace, Audience.PUBLIC).caveats
    )
    assert transcript(workspace).turns[3].text is not Missing.WITHHELD


def test_where_a_model_runs_is_not_told() -> None:
    known = {"engine": "llama.cpp", "file": "halcyon.gguf", "endpoint": "http://10.0.0.7:8080"}

    told = repr(facts.engine("gguf:/secret/halcyon.gguf", known))

    assert ("llama.cpp" in told, "/secret" in told, "10.0.0.7" in told) == (True, False, False)
