"""The interviews' lines of the retirement checklist."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, select

from archive.release.releases import releases_of
from archive.status.checklist import Item, State
from archive.store.deletions import deleted
from archive.store.seals import last_seal
from archive.workspace.workspace import Workspace
from interviews.protocols.versions import ProtocolVersion
from interviews.sessions.reading import present_state, sessions_of
from interviews.sessions.records import InterviewSession, Validity, is_interview, state_of
from interviews.sessions.records import State as SessionState


def checklist(workspace: Workspace, slug: str, _today: date) -> Sequence[Item]:
    """Return what the interviews still need for the retirement of `slug`."""
    with workspace.database.reading() as session:
        gone = deleted(session)
        rows = [row for row in sessions_of(session, slug) if ("session", row.id) not in gone]
        # here, and as interviews: the others were imported, or ask about an interview
        held = [row for row in rows if row.origin is None and is_interview(row)]
        states = Counter(present_state(workspace, row) for row in held)
        items = [_held(slug, held, states), _protocols(session, held)]
        if left := states[SessionState.INTERRUPTED] + states[SessionState.RUNNING]:
            items.append(_unfinished(left, states[SessionState.RUNNING]))
        ended = [row for row in rows if state_of(row).ended]
        if ended:
            released = [row for row in ended if row in held]
            items += [_released(session, released)] if released else []
            items.append(_sealed(session, ended))
        return items


def _held(slug: str, rows: Sequence[InterviewSession], states: Counter[SessionState]) -> Item:
    if not rows:
        return Item(
            subject="interviews",
            state=State.OPEN,
            detail="none was held",
            next=f"emeritus interview run {slug}",
        )
    usable = any(
        row.validity == Validity.USABLE and state_of(row) is SessionState.COMPLETE for row in rows
    )
    detail = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    return Item(
        subject="interviews",
        state=State.DONE if usable else State.OPEN,
        detail=detail,
        next=None if usable else f"emeritus interview run {slug}",
    )


def _protocols(session: Session, rows: Sequence[InterviewSession]) -> Item:
    """Return whether somebody approved what was asked; where nothing was, what could be."""
    kept = {version.digest: version for version in session.exec(select(ProtocolVersion))}
    used = {row.protocol for row in rows if row.protocol is not None}
    asked = [kept[digest] for digest in sorted(used)] if used else list(kept.values())
    open_ones = [version for version in asked if version.approved_at is None]
    if asked and not open_ones:
        named = ", ".join(f"{version.slug} version {version.version}" for version in asked)
        return Item(subject="protocol", state=State.DONE, detail=f"approved: {named}")
    slug = open_ones[0].slug if open_ones else "retirement"
    return Item(
        subject="protocol",
        state=State.OPEN,
        detail=f"{slug}: nobody approved it",
        next=f"emeritus protocol approve {slug} --by PERSON",
    )


def _unfinished(left: int, running: int) -> Item:
    return Item(
        subject="unfinished interviews",
        state=State.OPEN,
        detail=f"{left}, of which {running} go on now" if running else str(left),
        next="emeritus interview resume",
    )


def _released(session: Session, ended: Sequence[InterviewSession]) -> Item:
    undecided = [row.id for row in ended if not releases_of(session, "session", row.id)]
    if not undecided:
        return Item(
            subject="release of interviews", state=State.DONE, detail=f"decided for {len(ended)}"
        )
    return Item(
        subject="release of interviews",
        state=State.OPEN,
        detail=f"nobody decided who may see {len(undecided)} of {len(ended)}",
        next=f"emeritus release session {undecided[0]} --public --by PERSON",
    )


def _sealed(session: Session, ended: Sequence[InterviewSession]) -> Item:
    unsealed = [row.id for row in ended if last_seal(session, "session", row.id) is None]
    return Item(
        subject="sealed interviews",
        state=State.OPEN if unsealed else State.DONE,
        detail=f"{len(ended) - len(unsealed)} of {len(ended)} sealed",
        next="emeritus preserve seal" if unsealed else None,
    )
