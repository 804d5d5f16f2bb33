"""What was done with a post, as PREMIS events: written, digested, asked about, reviewed, published.

Nothing is read here: rows are taken as values. Whether it is released stands apart: a release
changes without the record.
"""

from collections.abc import Iterator
from typing import Any

from archive.identifiers import to_urn
from archive.records import premis
from archive.records.premis import (
    Agent,
    Event,
    EventOutcome,
    EventRelatedAgentRole,
    EventType,
    Keeper,
)
from blog.posts.answers import Answer, Asking
from blog.posts.posts import Draft, History, Publication
from blog.posts.prompts import SHORTLY
from blog.posts.reviews import Review, Verdict
from blog.posts.withdrawals import Withdrawal


def premis_of_post(history: History, keeper: Keeper) -> dict[str, Any]:
    """Return the events, agents and rights of a post."""
    post = history.post
    software = premis.programs(post.software)
    program = premis.program(post.software)
    writer = premis.language_model(post.model, address=post.participant)
    events = [event for draft in history.drafts for event in _written(draft, writer, program)]
    events += [_asked(answer, writer, program) for answer in history.answers]
    events += [_reviewed(review, keeper) for review in history.reviews]
    if history.publication is not None:
        events.append(_published(history.publication, program, keeper))
    events += [_taken_back(row, keeper) for row in history.withdrawals]
    return premis.premis(
        events,
        [keeper.stated_basis],
        agents=[*software, writer, premis.service(post.engine), keeper.operator],
    )


def _written(draft: Draft, writer: Agent, program: Agent) -> Iterator[Event]:
    by_program = ((EventRelatedAgentRole.EXECUTING_PROGRAM, program),)
    yield Event(
        id=draft.id,
        type=EventType.CREATION,
        at=draft.written_at,
        detail=f"draft {draft.number} written"
        if not draft.declined
        else f"draft {draft.number}: the model declined to write",
        agents=((EventRelatedAgentRole.IMPLEMENTER, writer), *by_program),
        objects=(to_urn(draft.id),),
    )
    yield Event(
        id=premis.derived_event(draft.id, "digested"),
        type=EventType.MESSAGE_DIGEST_CALCULATION,
        at=draft.written_at,
        detail=f"SHA-256 of the text: {draft.source_digest}; of its reading text: "
        f"{draft.reading_digest}",
        agents=by_program,
        objects=(to_urn(draft.id),),
    )


def _asked(answer: Answer, writer: Agent, program: Agent) -> Event:
    return Event(
        id=answer.id,
        type=EventType.CAPTURE,
        at=answer.at,
        detail=f"the model was asked {SHORTLY[Asking(answer.asking)]}: {answer.meaning}",
        agents=(
            (EventRelatedAgentRole.IMPLEMENTER, writer),
            (EventRelatedAgentRole.EXECUTING_PROGRAM, program),
        ),
        outcome=EventOutcome.SUCCESS,
        objects=(to_urn(answer.draft),),
    )


def _reviewed(review: Review, keeper: Keeper) -> Event:
    approved = review.verdict == Verdict.APPROVED
    return Event(
        id=review.id,
        type=EventType.VALIDATION,
        at=review.at,
        detail=f"reviewed for publication: {review.verdict}",
        agents=((EventRelatedAgentRole.AUTHORIZER, keeper.decider(review.by)),),
        outcome=EventOutcome.SUCCESS if approved else EventOutcome.FAIL,
        note=review.reason,
        objects=(to_urn(review.draft),),
    )


def _published(publication: Publication, program: Agent, keeper: Keeper) -> Event:
    named = publication.by
    by = () if named is None else ((EventRelatedAgentRole.AUTHORIZER, keeper.decider(named)),)
    return Event(
        id=premis.derived_event(publication.post, "published"),
        type=EventType.DISSEMINATION,
        at=publication.at,
        detail=f"taken for publication as {publication.slug}",
        agents=((EventRelatedAgentRole.EXECUTING_PROGRAM, program), *by),
        objects=(to_urn(publication.draft),),
    )


def _taken_back(row: Withdrawal, keeper: Keeper) -> Event:
    return Event(
        id=row.id,
        type=EventType.POLICY_ASSIGNMENT,
        at=row.at,
        detail=f"its publication: {row.act}",
        agents=((EventRelatedAgentRole.AUTHORIZER, keeper.decider(row.by)),),
        note=row.reason,
        objects=(to_urn(row.post),),
    )
