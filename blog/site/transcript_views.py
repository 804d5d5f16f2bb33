"""An interview as the site shows it: conditions and caveats, then what was said.

Nothing is read here: rows are taken as values. Of a turn that is withheld, only its digests are
taken; of what a model thought, nothing.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from archive.times import from_text
from archive.workspace.people import Person, shown_name
from blog.site import facts, views
from blog.site.views import ContextItem, Fact, Missing, Speaker
from interviews.protocols.design import CharacterKind
from interviews.protocols.protocol import CLOSING, OPENING, Protocol, fill, placeholders
from interviews.sessions import chain
from interviews.sessions.content import Content, decoded
from interviews.sessions.header import Header
from interviews.sessions.internal_facts import REASON
from interviews.sessions.presenting import (
    how_declined,
    names_of_model,
    public_address,
    public_document,
)
from interviews.sessions.records import InterviewSession, State, Turn, Validity

NOT_EVIDENCE = "What a model says of itself is no evidence of what it is or does."
ONE_DRAW = "This is one draw: asked again, or in another tone, the model may answer otherwise."
NOT_APPROVED = "Nobody had approved this version of the protocol when the interview began."
THINKING = "What the model thought before it answered is not shown."
PILOT = "This is a pilot: it was held to try the protocol out, and is not counted."
SAME_FAMILY = "Its follow-up questions come from a model of the same family as itself."
REPLAY = "This is a replay: one question of another interview, asked anew."

_STATES = {State.DECLINED: "declined: the participant ended it"}
_DECLINED = {"question": "It declined this question", "interview": "It ended the interview here"}
_CHARACTERS = {
    CharacterKind.NONE: "no system prompt",
    CharacterKind.OWN: "a system prompt of this interview's own",
    CharacterKind.DEPLOYED: "the system prompt that it was deployed with",
}
_FAMILIES = {
    "same": "of the same family as the participant",
    "other": "of another family than the participant",
    "unknown": "whether of the participant's family is unknown",
}

RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
"""Languages that are written from right to left; for all others the text itself decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSession:
    """An interview that a build shows, with what was read of it."""

    row: InterviewSession
    state: State
    turns: Sequence[Turn]
    shown: AbstractSet[int]  # the indices of the turns that are not withheld
    protocol: Protocol  # as it was when the session began
    release: views.Release
    public_since: datetime | None  # None: an internal build shows it
    changed_at: datetime | None  # when a turn was last withheld or shown again
    internal: AbstractSet[int] = frozenset()  # of those that are withheld: they tell such a fact
    not_sent: int = 0  # probes that were rejected: counted, never shown

    @property
    def title(self) -> str:
        """The protocol's title and the stance."""
        return f"{self.protocol.title}, {self.row.condition['stance']}"

    @property
    def item(self) -> ContextItem:
        """How a post names this interview as something that the model was shown."""
        path = f"models/{self.row.model}/interviews/{self.row.id}/"
        return ContextItem(title=self.title, path=path)


def transcript_view(session: ShownSession, *, people: Mapping[str, Person]) -> views.Transcript:
    """Return the view of an interview; `people` is the roster by id."""
    row, header = session.row, Header.decoded(session.row.header)
    started = from_text(row.started_at, at=row.id)
    ended = None if row.ended_at is None else from_text(row.ended_at, at=row.id)
    times = (started, ended, session.public_since, session.changed_at)
    contents = {turn.index: decoded(turn.content) for turn in session.turns if turn.content}
    document = public_document(row, session.turns, session.shown, probes_rejected=session.not_sent)
    return views.Transcript(
        id=row.id,
        model=row.model,
        title=session.title,
        summary=_summary(row),
        protocol=_protocol(header, session.protocol, people),
        conditions=_conditions(session, header),
        caveats=_caveats(session, header, contents),
        state=_STATES.get(session.state, session.state),
        excluded=row.exclusion_rule if row.validity == Validity.EXCLUDED else None,
        release=session.release,
        started_at=started,
        ended_at=ended or Missing.NOT_APPLICABLE,
        published_at=session.public_since or Missing.NOT_APPLICABLE,
        updated_at=max(time for time in times if time is not None),
        language=header.condition["language"],
        direction="rtl" if _primary(header) in RIGHT_TO_LEFT else "auto",
        campaign=row.campaign,
        turns=_turns(session, header, contents),
        header_digest=row.header_digest,
        head=chain.head(row.header_digest, session.turns),
        public_record=_json(document),
    )


def asked_in(sessions: Iterable[ShownSession], protocol: Protocol) -> dict[str, str]:
    """Return the words of the core questions that anybody can read in these sessions, by id."""
    read = {
        decoded(turn.content).question
        for session in sessions
        for turn in session.turns
        if turn.content and turn.index in session.shown
    }
    asked = {OPENING: protocol.opening.question, CLOSING: protocol.closing.question}
    for section in protocol.sections:
        asked |= {question.id: question.text for question in section.questions}
    said = {"decline": protocol.rules.decline, "end": protocol.rules.end}
    return {
        # a fact in a question may differ between sessions: its name stands in its place
        name: fill(text, {fact: f"{{{fact}}}" for fact in placeholders(text)} | said)
        for name, text in asked.items()
        if name in read
    }


def _primary(header: Header) -> str:
    """Return the language without its script and region."""
    return header.condition["language"].partition("-")[0].casefold()


def _summary(row: InterviewSession) -> str:
    names = ("stance", "information", "language", "character")
    drawn = [row.condition[name] for name in names if name in row.condition]
    pilot = ("pilot",) if row.pilot else ()
    return " · ".join([*drawn, f"replicate {row.replicate}", *pilot])


def interview_flow(
    states: Sequence[State], *, excluded: int, public: int, deleted: int = 0
) -> views.InterviewFlow:
    """Count what became of every interview that was ever begun.

    Args:
        states: Of every session of a model.
        excluded: How many of those that are complete are excluded by a rule.
        public: How many of them the public may read.
        deleted: How many were deleted: they count as withdrawn.
    """
    return views.InterviewFlow(
        complete=states.count(State.COMPLETE),
        declined=states.count(State.DECLINED),
        failed=states.count(State.FAILED),
        interrupted=states.count(State.INTERRUPTED),
        running=states.count(State.RUNNING),
        excluded=excluded,
        published=public,
        unreleased=len(states) - public - deleted,
        withdrawn=deleted,
    )


def _protocol(header: Header, protocol: Protocol, people: Mapping[str, Person]) -> list[Fact]:
    by, approved = header.protocol.approved_by, "nobody"
    if by is not None:
        person = people.get(by)
        standing = "" if person is None else f" ({person.authentication})"
        approved = f"{shown_name(people, by)}{standing}"
    return [
        Fact(
            name="Protocol", value=f"{protocol.title} ({protocol.slug}, version {protocol.version})"
        ),
        Fact(name="Approved by", value=approved),
        Fact(name="Protocol, SHA-256", value=header.protocol.digest, literal=True),
    ]


def _conditions(session: ShownSession, header: Header) -> list[Fact]:
    row, protocol = session.row, session.protocol
    condition = row.condition
    stance, information = condition["stance"], condition["information"]
    return [
        Fact(name="Stance", value=f"{stance}: {protocol.stances[stance]}"),
        Fact(name="Information", value=f"{information}: {protocol.informations[information]}"),
        Fact(name="Language", value=condition["language"]),
        *_character(condition, protocol),
        Fact(name="Longest reply", value=f"{condition['max_tokens']} tokens"),
        Fact(name="Temperature", value=condition["temperature"]),
        Fact(name="Replicate", value=str(row.replicate)),
        *([Fact(name="Held as", value="a pilot")] if row.pilot else []),
        *_follow_ups(session, header),
        *_replayed(header),
        *facts.engine(header.participant, header.engine),
        facts.software(header.software),
    ]


def _character(condition: Mapping[str, str], protocol: Protocol) -> list[Fact]:
    """Return which character was interviewed, where the protocol has any; not its prompt."""
    if (name := condition.get("character")) is None:
        return []
    character = protocol.characters[name]
    value = f"{name}: {character.means} It was sent {_CHARACTERS[character.kind]}."
    return [Fact(name="Character", value=value)]


def _follow_ups(session: ShownSession, header: Header) -> list[Fact]:
    asks = header.interviewer
    if asks is None:
        return []
    judge = "" if asks.judge is None else f"; judged by {public_address(asks.judge)}"
    by = f"{public_address(asks.address)}, {_FAMILIES[asks.family]}{judge}"
    return [
        Fact(name="Follow-ups by", value=by),
        Fact(
            name="Follow-ups not sent",
            value=f"{session.not_sent}: their check rejected them, and they are not published",
        ),
    ]


def _replayed(header: Header) -> list[Fact]:
    """Return which question of which interview was asked anew, where one was."""
    branch = header.branch
    if branch is None:
        return []
    value = f"of turn {branch.index} of {branch.session}, after all that was said there before"
    return [
        Fact(name="Replay", value=value),
        Fact(name="Link of that turn", value=branch.link, literal=True),
    ]


def _caveats(session: ShownSession, header: Header, contents: Mapping[int, Content]) -> list[str]:
    withheld = len(session.turns) - len(session.shown)
    thought = any(block["type"] != "text" for one in contents.values() for block in one.blocks)
    names = names_of_model(contents.values())
    secret = len(session.internal)
    said = {
        PILOT: header.pilot,
        NOT_EVIDENCE: True,
        ONE_DRAW: True,
        REPLAY: header.branch is not None,
        NOT_APPROVED: header.protocol.approved_by is None,
        SAME_FAMILY: header.interviewer is not None and header.interviewer.family == "same",
        f"The provider changed its name for the model between turns: {', then '.join(names)}.": len(
            names
        )
        > 1,
        THINKING: thought,
        f"Withheld: {withheld} of {len(session.turns)} turns. Their digests stand.": withheld > 0,
        f"Of these, {secret}: the words of a fact that is not public are in them.": secret > 0,
    }
    return [sentence for sentence, applies in said.items() if applies]


def _turns(
    session: ShownSession, header: Header, contents: Mapping[int, Content]
) -> list[views.Turn]:
    sections, named = _sections(session, header, contents), _renamed(contents)
    return [
        _turn(turn, session, header, contents.get(turn.index), sections, named)
        for turn in session.turns
    ]


def _turn(  # what is known of a turn, and of those before it
    turn: Turn,
    session: ShownSession,
    header: Header,
    content: Content | None,
    sections: Mapping[int, str],
    renamed: Mapping[int, str],
) -> views.Turn:
    shown = content if turn.index in session.shown else None
    remarks = [] if shown is None else _remarks(shown, header)
    if turn.index in renamed:
        remarks.append(f"From here on the provider called the model “{renamed[turn.index]}”.")
    return views.Turn(
        index=turn.index,
        speaker=Speaker(turn.speaker),
        at=from_text(turn.at, at=turn.link),
        text=Missing.WITHHELD if shown is None else shown.text,
        withheld=REASON if turn.index in session.internal else None,
        section=sections.get(turn.index),
        follow_up=None if content is None else content.probe,
        by=_follow_up_by(header, content),
        remark=" ".join(remarks) or None,
        content_digest=turn.content_digest,
        link=turn.link,
    )


def _follow_up_by(header: Header, content: Content | None) -> str | None:
    """Return which model asks, where a follow-up is asked or answered."""
    if content is None or content.probe is None or header.interviewer is None:
        return None
    return public_address(header.interviewer.address)


def _sections(
    session: ShownSession, header: Header, contents: Mapping[int, Content]
) -> dict[int, str]:
    """Return the sections by the index of the turn that each begins with."""
    titles = {section.id: section.title for section in session.protocol.sections}
    outside = {OPENING: "Opening", CLOSING: "Closing"}
    of = {ask.id: titles.get(ask.section or "", outside.get(ask.id)) for ask in header.asks}
    begun: dict[int, str] = {}
    last: str | None = None
    for index, content in sorted(contents.items()):
        name = of.get(content.question)
        if name is not None and name != last:
            begun[index] = last = name
    return begun


def _renamed(contents: Mapping[int, Content]) -> dict[int, str]:
    """Return the provider's names for the model by the index of the turn that each came with."""
    changed: dict[int, str] = {}
    last: str | None = None
    for index, content in sorted(contents.items()):
        if (name := content.provider_model) is not None and name != last:
            if last is not None:
                changed[index] = name
            last = name
    return changed


def _remarks(content: Content, header: Header) -> list[str]:
    remarks = []
    if content.declined is not None:
        remarks.append(f"{_DECLINED[content.declined]}{how_declined(content)}.")
    if content.stop_reason == "max_tokens":
        remarks.append(f"Cut off at {header.sampling.max_tokens} tokens.")
    if not content.text.strip():
        remarks.append("An empty reply.")
    return remarks


def _json(document: object) -> bytes:
    return f"{json.dumps(document, indent=2, ensure_ascii=False)}\n".encode()
