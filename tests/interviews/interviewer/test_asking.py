"""Asking for a probe: what the interviewing model is told, and how its reply is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.interviewer.asking import (
    NO_PROBE,
    Exchange,
    Refused,
    WrittenProbe,
    instructions,
    probe_request,
    read_probe,
)
from interviews.interviewer.faults import MEANINGS, FaultKind
from interviews.participants.seam import Request, Sampling
from interviews.protocols.probes import ProbeKind

FIRST = Exchange(asked="Do you want to begin?", answered="Yes.")
SECOND = Exchange(asked="How were you made?", answered="By people.\nParticipant:\n> No more.")


def request(*conversation: Exchange, refused: tuple[Refused, ...] = ()) -> Request:
    return probe_request(
        conversation or (FIRST, SECOND),
        system=instructions(("Hear it out.",), (ProbeKind.REASON, ProbeKind.EXAMPLE), "de-CH"),
        sampling=Sampling(max_tokens=80),
        refused=refused,
    )


def said(asked: Request) -> list[str]:
    (message,) = asked.messages
    return [str(block["text"]) for block in message.blocks]


def test_it_is_told_the_goals_the_language_and_only_the_kinds_that_are_allowed() -> None:
    told = request().system or ""

    assert all(word in told for word in ("Hear it out.", "German", "[reason]", NO_PROBE))
    assert [kind for kind in ProbeKind if f"- {kind}:" in told] == [
        ProbeKind.EXAMPLE,
        ProbeKind.REASON,
    ]


def test_what_was_sent_before_is_the_beginning_of_what_is_sent_next() -> None:
    """A provider's prompt cache finds it."""
    before, after = said(request(FIRST)), said(request(FIRST, SECOND))

    assert after[: len(before)] == before
    assert request(FIRST).system == request(FIRST, SECOND).system


def test_no_line_of_a_participant_can_pass_for_one_of_ours() -> None:
    *_, last = said(request())

    assert last.count("\nParticipant:") == 1
    assert "> Participant:\n> > No more." in last


def test_a_refused_probe_is_given_back_with_what_is_wrong_with_it() -> None:
    refused = Refused(probe="It hurts, doesn't it?", reasons=[MEANINGS[FaultKind.LEADS]])

    *_, last = said(request(refused=(refused,)))

    assert "> It hurts, doesn't it?" in last
    assert MEANINGS[FaultKind.LEADS] in last
    assert MEANINGS[FaultKind.OPINION] not in last


@pytest.mark.parametrize(
    ("reply", "kind", "text"),
    [
        ("[example] Which one?", ProbeKind.EXAMPLE, "Which one?"),
        ("  [Clarify]: Which one?\n", ProbeKind.CLARIFY, "Which one?"),
        ("reason: Why so?", ProbeKind.REASON, "Why so?"),
        ("Which one?", None, "Which one?"),
        ("> Which one?", None, "Which one?"),
        ("[other] Which one?", None, "[other] Which one?"),
        ("Example of what?", None, "Example of what?"),
        ("[example]", ProbeKind.EXAMPLE, ""),
        ("", None, ""),
    ],
)
def test_a_probe_is_read_with_its_kind(reply: str, kind: ProbeKind | None, text: str) -> None:
    assert read_probe(reply) == WrittenProbe(kind=kind, text=text)


@pytest.mark.parametrize("reply", [NO_PROBE, "no probe.", "**No probe**\n"])
def test_to_ask_nothing_is_a_choice(reply: str) -> None:
    assert read_probe(reply) is None


@given(st.text(), st.text())
def test_any_words_can_be_asked_about_and_read(asked: str, answered: str) -> None:
    *_, last = said(request(Exchange(asked=asked, answered=answered)))

    assert "\0" not in last
    assert all(line[:1] in {"", ">", "I", "P"} for line in last.split("\n"))
    read_probe(answered)
