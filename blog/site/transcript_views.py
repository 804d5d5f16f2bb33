"""An interview as the site shows it: conditions and caveats, then what was said.

Nothing is read here: rows are taken as values. Of a turn that is withheld, only its digests are
taken; of what a model thought, nothing.
"""

import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from archive.times import from_text
from archive.workspace.people import Person, shown_name
from blog.site import facts, views
from blog.site.views import ContextItem, Fact, Missing, Speaker
from interviews.protocols.protocol import CLOSING, OPENING, Protocol
from interviews.protocols.script import Ask
from interviews.sessions import chain
from interviews.sessions.content import Content, decoded
from interviews.sessions.header import Header
from interviews.sessions.presenting import public_document
from interviews.sessions.records import InterviewSession, State, Turn, Validity

NOT_EVIDENCE = "What a model says of itself is no evidence of what it is or does."
ONE_DRAW = "This is one draw: asked again, or in another tone, the model may answer otherwise."
NOT_APPROVED = "Nobody had approved this version of the protocol when the interview began."
THINKING = "What the model thought before it answered is not shown."

_STATES = {State.DECLINED: "declined: the participant ended it"}
_DECLINED = {"question": "It declined this question.", "interview": "It ended the interview here."}


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
    document = public_document(row, session.turns, session.shown)
    return views.Transcript(
        id=row.id,
        model=row.model,
        title=session.title,
        summary=f"{row.condition['stance']} · {row.condition['information']}"
        f" · replicate {row.replicate}",
        protocol=_protocol(header, session.protocol, people),
        conditions=_conditions(row, header, session.protocol),
        caveats=_caveats(session, header, contents),
        state=_STATES.get(session.state, session.state),
        excluded=row.exclusion_rule if row.validity == Validity.EXCLUDED else None,
        release=session.release,
        started_at=started,
        ended_at=ended or Missing.NOT_APPLICABLE,
        published_at=session.public_since or Missing.NOT_APPLICABLE,
        updated_at=max(time for time in times if time is not None),
        language=header.condition["language"],
        direction="auto",
        turns=[_turn(turn, session, header, contents.get(turn.index)) for turn in session.turns],
        header_digest=row.header_digest,
        head=chain.head(row.header_digest, session.turns),
        public_record=_json(document),
    )


def interview_flow(
    states: Sequence[State], *, excluded: int, public: int, deleted: int = 0
) -> views.InterviewFlow:
    """Count what became of every interview that was ever begun.

    Args:
        states: Of every session of a model.
        excluded: How many of them are excluded by a rule.
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


def _conditions(row: InterviewSession, header: Header, protocol: Protocol) -> list[Fact]:
    condition = row.condition
    stance, information = condition["stance"], condition["information"]
    return [
        Fact(name="Stance", value=f"{stance}: {protocol.stances[stance]}"),
        Fact(name="Information", value=f"{information}: {protocol.informations[information]}"),
        Fact(name="Language", value=condition["language"]),
        Fact(name="Longest reply", value=f"{condition['max_tokens']} tokens"),
        Fact(name="Temperature", value=condition["temperature"]),
        Fact(name="Replicate", value=str(row.replicate)),
        *_replayed(header),
        *facts.engine(header.participant, header.engine),
        facts.software(header.software),
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
    said = {
        NOT_EVIDENCE: True,
        ONE_DRAW: True,
        NOT_APPROVED: header.protocol.approved_by is None,
        THINKING: thought,
        f"Withheld: {withheld} of {len(session.turns)} turns. Their digests stand.": withheld > 0,
    }
    return [sentence for sentence, applies in said.items() if applies]


def _turn(turn: Turn, session: ShownSession, header: Header, content: Content | None) -> views.Turn:
    shown = content if turn.index in session.shown else None
    return views.Turn(
        index=turn.index,
        speaker=Speaker(turn.speaker),
        at=from_text(turn.at, at=turn.link),
        text=Missing.WITHHELD if shown is None else shown.text,
        section=_section(turn.index, header.asks, session.protocol),
        remark=None if shown is None else _remark(shown, header),
        content_digest=turn.content_digest,
        link=turn.link,
    )


def _section(index: int, asks: Sequence[Ask], protocol: Protocol) -> str | None:
    """Return the section that begins with this turn, if one does."""
    asked, answers = divmod(index, 2)
    if answers or asked >= len(asks):
        return None
    names = {section.id: section.title for section in protocol.sections}
    ask, before = asks[asked], asks[asked - 1] if asked else None
    if ask.section is None:
        return {OPENING: "Opening", CLOSING: "Closing"}.get(ask.id)
    return names.get(ask.section) if before is None or before.section != ask.section else None


def _remark(content: Content, header: Header) -> str | None:
    remarks = []
    if content.declined is not None:
        remarks.append(_DECLINED[content.declined])
    if content.stop_reason == "max_tokens":
        remarks.append(f"Cut off at {header.sampling.max_tokens} tokens.")
    if not content.text.strip():
        remarks.append("An empty reply.")
    return " ".join(remarks) or None


def _json(document: object) -> bytes:
    return f"{json.dumps(document, indent=2, ensure_ascii=False)}\n".encode()
