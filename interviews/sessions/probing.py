"""Following up an answer by a probe: an interviewing model writes it, a check lets it pass or not.

Every probe that was written stays on record, sent or not. A rejected one is tried anew at most
`TRIES_ANEW` times; then the script goes on. What was written before a crash is not asked for again.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from archive.canonical import sha256
from archive.times import now, to_text
from interviews.attempts import Role
from interviews.interviewer import asking, judging
from interviews.interviewer.asking import (
    Exchange,
    Refused,
    WrittenProbe,
    probe_request,
    read_probe,
)
from interviews.interviewer.checking import check_probe
from interviews.interviewer.faults import MEANINGS, FaultKind
from interviews.interviewer.judging import judge_request, read_verdict
from interviews.participants.seam import Attempt, Participant, Request, Sampling
from interviews.protocols.script import Ask, Probing
from interviews.sessions.content import Content
from interviews.sessions.header import Interviewer, kinds_word
from interviews.sessions.recording import Recording
from interviews.sessions.records import Probe

TRIES_ANEW = 2
"""How often another probe is asked for in the place of one that was rejected."""

SAMPLING = Sampling(max_tokens=200)
"""How a probe is drawn: its check finds one of several sentences too long anyway."""

VERDICT = Sampling(max_tokens=60)

NOT_ALLOWED = "kind not allowed"
"""The fault of a probe that asks for what the protocol does not allow at its question."""

NO_KIND = "no kind named"
"""The fault of a probe that does not begin with its kind."""

NO_VERDICT = "no verdict"
"""What is kept of a judge whose answer cannot be read: the probe is not sent then."""

_REASONS = {
    **{kind.value: meaning for kind, meaning in MEANINGS.items()},
    NOT_ALLOWED: "It is not of one of the kinds that are listed.",
    NO_KIND: "It does not begin with its kind in square brackets.",
    NO_VERDICT: "A model was asked whether it has a fault, and gave no answer that can be read.",
}
"""What the interviewing model is told of each fault."""

Asking: TypeAlias = Callable[[Participant, Request, Role], Awaitable[Attempt]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prober:
    """The model that writes probes, and the one that judges them, if any does."""

    interviewer: Participant
    judge: Participant | None = None


async def follow_up(prober: Prober, recording: Recording, speak: Asking) -> Content | None:
    """Return the probe that is to be sent now, or None: the script goes on.

    Raises:
        ServiceError: A model gave no reply, or the record could not be written.
    """
    ask = recording.to_follow_up
    if ask is None or ask.probing is None:
        return None
    written = recording.probes()
    while not (written and (written[-1].sent or not written[-1].faults)):
        if len(written) > TRIES_ANEW:
            return None
        written.append(await _written(prober, recording, ask, written, speak))
    last = written[-1]
    return _as_content(last) if last.sent else None


async def _written(
    prober: Prober, recording: Recording, ask: Ask, before: list[Probe], speak: Asking
) -> Probe:
    """Ask for one probe, check it, and put it on the disk."""
    interviewer, contents = recording.header.interviewer, recording.contents
    if interviewer is None or ask.probing is None:
        raise ValueError("only a session with an interviewing model is followed up")
    request = probe_request(
        [
            Exchange(asked=asked.text, answered=answered.text)
            for asked, answered in zip(contents[::2], contents[1::2], strict=True)
        ],
        system=_instructions(interviewer, ask.probing, recording.header.condition["language"]),
        sampling=interviewer.sampling,
        refused=[_refused(probe) for probe in before],
    )
    attempt = await speak(prober.interviewer, request, Role.INTERVIEWER)
    written = read_probe(attempt.text)
    faults = [] if written is None else _faults(written, recording, ask)
    last, judged = attempt, None
    if written is not None and not faults and prober.judge is not None:
        recording.ended(attempt)
        last = await speak(prober.judge, _verdict(written, recording), Role.JUDGE)
        judged, faults = _judged(last.text)
    probe = Probe(
        session=recording.id,
        position=len(contents),
        number=len(before) + 1,
        question=ask.id,
        kind=None if written is None else written.kind,
        text=None if written is None else written.text,
        faults=faults,
        judged=judged,
        sent=written is not None and not faults,
        raw_digest=sha256(attempt.raw),
        at=to_text(now()),
    )
    recording.probed(last, probe)
    return probe


def _faults(written: WrittenProbe, recording: Recording, ask: Ask) -> list[dict[str, str]]:
    """Return what the rules find, as it is kept."""
    checked = check_probe(
        written.text,
        earlier=_asked(recording),
        reply=recording.contents[-1].text,
        language=recording.header.condition["language"],
    )
    faults = [fault.record for fault in checked.faults]
    if written.kind is None:
        faults.append({"kind": NO_KIND, "words": ""})
    elif ask.probing is None or written.kind not in ask.probing.kinds:
        faults.append({"kind": NOT_ALLOWED, "words": written.kind})
    return faults


def _instructions(interviewer: Interviewer, probing: Probing, language: str) -> str:
    """Return what the session's header holds; a header of an earlier version has a digest alone."""
    kept = interviewer.instructions.get(kinds_word(probing.kinds))
    return kept or asking.instructions(interviewer.goals, probing.kinds, language)


def _verdict(written: WrittenProbe, recording: Recording) -> Request:
    interviewer = recording.header.interviewer
    judge = None if interviewer is None else interviewer.judging
    language = recording.header.condition["language"]
    return judge_request(
        written.text,
        earlier=_asked(recording),
        reply=recording.contents[-1].text,
        system=judging.instructions(language) if judge is None else judge.instructions,
        sampling=VERDICT if judge is None else judge.sampling,
    )


def _judged(answer: str) -> tuple[str, list[dict[str, str]]]:
    """Return what a judge said, as it is kept, and the faults that it names."""
    kinds = read_verdict(answer)
    if kinds is None:
        return NO_VERDICT, [{"kind": NO_VERDICT, "words": ""}]
    named = [kind.value for kind in FaultKind if kind in kinds]
    return ", ".join(named) or "none", [{"kind": kind, "words": ""} for kind in named]


def _asked(recording: Recording) -> list[str]:
    """Return what was asked, and the core questions that are still to come."""
    said = [content.text for content in recording.contents[::2]]
    return said + [ask.question for ask in recording.header.asks if ask.question not in said]


def _refused(probe: Probe) -> Refused:
    reasons = [_REASONS.get(fault["kind"], fault["kind"]) for fault in probe.faults]
    return Refused(probe=probe.text or "", reasons=reasons)


def _as_content(probe: Probe) -> Content:
    return Content(
        question=probe.question,
        blocks=({"type": "text", "text": probe.text or ""},),
        raw_digest=probe.raw_digest,
        probe=probe.kind,
    )
