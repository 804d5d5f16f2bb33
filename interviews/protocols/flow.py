"""How a protocol goes on, in words and as a picture of characters.

Pure.
"""

from collections.abc import Iterator

from interviews.protocols.design import Varied
from interviews.protocols.protocol import CLOSING, OPENING, Protocol, Question
from interviews.protocols.script import AnswerIs, AnswerSays, FactIs, Jump, Probing, When


def when_words(when: When) -> str:
    """Return a condition in words."""
    match when:
        case AnswerIs():
            return f"{when.question} was {when.fate}"
        case AnswerSays():
            said = " or ".join(f"“{word}”" for word in when.words)
            return f"the answer to {when.question} says {said}"
        case FactIs():
            return f"{when.fact} is {'recorded' if when.recorded else 'not recorded'}"


def jump_words(jump: Jump) -> str:
    """Return a jump in words."""
    return f"then, if {when_words(jump.when)}: go to {jump.go}"


def probing_words(probing: Probing) -> str:
    """Return how a question may be followed up, in words."""
    number = "one probe" if probing.most == 1 else f"{probing.most} probes"
    return f"at most {number}: {', '.join(probing.kinds)}"


def flow(protocol: Protocol) -> str:
    """Return a picture of the script: what follows what, and every way round it."""
    return "\n".join(_lines(protocol))


def _lines(protocol: Protocol) -> Iterator[str]:
    varied = Varied.NOTHING if protocol.order is None else protocol.order.varied
    yield OPENING
    yield f"│   if it is declined ──▶ the end ({protocol.rules.end})"
    if varied is Varied.SECTIONS:
        yield "│   the sections in an order that varies"
    for section in protocol.sections:
        yield "▼"
        drawn = ", its questions in an order that varies" if varied is Varied.QUESTIONS else ""
        yield f"{section.id}: {section.title}{drawn}"
        for question in section.questions:
            yield from _question(question)
    yield "▼"
    yield CLOSING


def _question(question: Question) -> Iterator[str]:
    yield f"├─ {question.id}"
    if question.probing is not None:
        yield f"│    {probing_words(question.probing)}"
    for jump in question.jumps:
        yield f"│    if {when_words(jump.when)} ──▶ {jump.go}"
