"""The archive's lines of the retirement checklist."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from archive.policy.policies import policies_of
from archive.records.lifecycle import Event, Statement, in_force, last_day
from archive.records.models import Model, statements_of
from archive.records.promises import Outcome, Promise, promises_of
from archive.release.releases import releases_of
from archive.status.checklist import Item, State, days_left
from archive.store.deletions import Deletion, unfinished
from archive.store.seals import last_seal
from archive.weights.holdings import Holding, holdings_of, last_copy_check
from archive.weights.inventory import last_check, weight_files_of
from archive.workspace.workspace import Workspace

NOTICE_DAYS = 90  # before a holding runs out
RECHECK_DAYS = 365  # after which a copy is to be checked again


def checklist(workspace: Workspace, slug: str, today: date) -> Sequence[Item]:
    """Return what the archive still needs for the retirement of `slug`."""
    with workspace.database.reading() as session:
        if not session.get_one(Model, slug).held:
            return [_not_held(slug)]
        return [
            *_channels(session, slug, today),
            _weights(session, slug),
            *(_copy(session, row, today) for row in holdings_of(session, slug)),
            _policy(session, slug),
            *(_promise(promise, today) for promise in promises_of(session, slug)),
            _page(session, slug),
            *(_deletion(row) for row in unfinished(session) if row.model == slug),
            _sealed(session, slug),
        ]


def _not_held(slug: str) -> Item:
    return Item(
        subject="model",
        state=State.NOT_RECORDED,
        detail="not held: it is known from sources, and nothing of it can be released",
        next=f"emeritus model edit {slug} --held --by PERSON",
    )


def _channels(session: Session, slug: str, today: date) -> list[Item]:
    retirements = [
        (one, one.date)
        for one in in_force(statements_of(session, slug))
        if one.event == Event.RETIRED and one.date is not None
    ]
    if not retirements:
        return [
            Item(
                subject="retirement date",
                state=State.NOT_RECORDED,
                detail="no channel has one",
                next=f"emeritus model lifecycle {slug} --event retired --date DATE --source SOURCE",
            )
        ]
    return [_retirement(one, day, today) for one, day in retirements]


def _retirement(one: Statement, day: str, today: date) -> Item:
    due = last_day(day)
    past = due < today and not one.not_before
    return Item(
        subject="retirement" if one.channel is None else f"retirement on {one.channel}",
        state=State.DONE if past else State.OPEN,
        detail=f"{'not before ' if one.not_before else ''}{day}, {days_left(due, today)},"
        f" says {one.who}",
        due=due,
    )


def _weights(session: Session, slug: str) -> Item:
    files = weight_files_of(session, slug)
    if not files:
        return Item(
            subject="weights",
            state=State.NOT_RECORDED,
            detail="no weight file is registered",
            next=f"emeritus weights register {slug} PATH",
        )
    checks = [last_check(session, file.id) for file in files]
    pairs = zip(files, checks, strict=True)
    bad = [f"{file.name} {check.outcome}" for file, check in pairs if check and not check.sound]
    if bad:
        return Item(
            subject="weights",
            state=State.OPEN,
            detail=f"not as registered: {', '.join(bad)}",
            next=f"emeritus weights verify {slug}",
        )
    if unread := sum(check is None for check in checks):
        return Item(
            subject="weights",
            state=State.OPEN,
            detail=f"{unread} of {len(files)} not read again since registered",
            next=f"emeritus weights verify {slug}",
        )
    days = min(check.checked_at[:10] for check in checks if check)
    detail = f"{len(files)} verified, last on {days}"
    return Item(subject="weights", state=State.DONE, detail=detail)


def _copy(session: Session, row: Holding, today: date) -> Item:
    check = last_copy_check(session, row)
    due = None if row.until is None else last_day(row.until)
    state, step = State.DONE, None
    if check is None:
        checked = "never checked"
    else:
        word = "sound" if check.sound else "not sound"
        checked = f"{word} on {check.checked_at[:10]}"
    if check is None or not check.sound or _days_since(check.checked_at, today) > RECHECK_DAYS:
        state, step = State.OPEN, f"emeritus weights verify {row.model} --copy FOLDER"
    if due is not None and (due - today).days < NOTICE_DAYS:
        state = State.OVERDUE if due < today else State.OPEN
        step = f"emeritus weights hold {row.model} --custodian NAME --where PLACE --until DATE"
        step += " --by PERSON"
    until = "no date stated" if due is None else f"until {row.until}, {days_left(due, today)}"
    return Item(
        subject=f"copy at {row.custodian}",
        state=state,
        detail=f"{until}; {checked}",
        due=due,
        next=step,
    )


def _days_since(time: str, today: date) -> int:
    return (today - date.fromisoformat(time[:10])).days


def _policy(session: Session, slug: str) -> Item:
    versions = policies_of(session, slug)
    if not versions:
        return Item(
            subject="access policy",
            state=State.NOT_RECORDED,
            detail="none is set",
            next=f"emeritus policy set {slug} --summary TEXT --wording FILE --how-to-ask TEXT"
            " --by PERSON",
        )
    last = versions[-1]
    detail = f"version {last.version}, set on {last.set_at[:10]}"
    return _with_release(session, "policy", last.id, "access policy", detail)


def _promise(promise: Promise, today: date) -> Item:
    subject = f"promise: {promise.text}"
    if promise.outcome != Outcome.OPEN:
        detail = f"{promise.outcome}: {promise.evidence}"
        return Item(subject=subject, state=State.DONE, detail=detail)
    if promise.due is None:
        return Item(subject=subject, state=State.OPEN, detail="no date was promised")
    due = last_day(promise.due)
    return Item(
        subject=subject,
        state=State.OVERDUE if due < today else State.OPEN,
        detail=f"due {promise.due}, {days_left(due, today)}",
        due=due,
        next=f"emeritus promise resolve {promise.id} --kept --evidence TEXT --by PERSON",
    )


def _page(session: Session, slug: str) -> Item:
    return _with_release(session, "model", slug, "model page", "the record of the model")


def _with_release(session: Session, kind: str, subject: str, name: str, detail: str) -> Item:
    releases = releases_of(session, kind, subject)
    if releases:
        last = releases[-1]
        until = f" until {last.until}" if last.until else ""
        detail = f"{detail}; {last.audience}{until}, by {last.by}"
        return Item(subject=name, state=State.DONE, detail=detail)
    return Item(
        subject=name,
        state=State.OPEN,
        detail=f"{detail}; nobody decided who may see it",
        next=f"emeritus release {kind} {subject} --public --by PERSON",
    )


def _deletion(row: Deletion) -> Item:
    waits = ", ".join(f"{place['what']} {place['where']}" for place in row.pending)
    return Item(
        subject=f"deletion of {row.kind} {row.subject}",
        state=State.OPEN,
        detail=f"pending: {waits}" if waits else "not finished",
        next="emeritus preserve delete --pending",
    )


def _sealed(session: Session, slug: str) -> Item:
    seal = last_seal(session, "model", slug)
    if seal is None:
        return Item(
            subject="model record",
            state=State.OPEN,
            detail="not sealed",
            next="emeritus preserve seal",
        )
    detail = f"sealed as v{seal.version} on {seal.at[:10]}"
    return Item(subject="model record", state=State.DONE, detail=detail)
