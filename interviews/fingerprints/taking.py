"""Taking a fingerprint: each prompt is asked alone, one after the other, and all that came is kept.

Each attempt is on the disk before it is sent and again when it has ended. A fingerprint that was
killed or stopped on the way stays on record as unfinished; nothing goes on with it, since half of
it would have been taken at another time.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import col, update

from archive.canonical import Canonical, canonical_bytes, sha256
from archive.errors import EmeritusError, ServiceError
from archive.identifiers import new_id
from archive.log import entries
from archive.times import now, to_text
from archive.weights.inventory import weight_files_of
from archive.workspace.locks import only_runner
from archive.workspace.workspace import Workspace
from interviews.attempts import AttemptRecord, ending
from interviews.campaigns.prices import Tokens
from interviews.fingerprints.comparing import Reply
from interviews.fingerprints.fingerprint import (
    Fingerprint,
    Taken,
    check_comparable,
    reply_document,
    settings_of,
)
from interviews.fingerprints.prompts import PromptSet, prompt_set
from interviews.participants import asking
from interviews.participants.addresses import open_participant
from interviews.participants.asking import LIMITS, Wait
from interviews.participants.seam import Attempt, Cause, Participant, Request
from interviews.sessions.beginning import software
from interviews.sessions.budgets import BudgetError, Purse
from interviews.sessions.content import message_bytes, most_sent, request_digest
from interviews.sessions.header import sampling_document

ONE_EMPTY_ANSWER = replace(LIMITS, fruitless_tries=1)
"""An empty reply is what was replied: nobody asks again."""

Tell = Callable[[str], None]


async def take(
    workspace: Workspace,
    model: str,
    address: str,
    *,
    against: Taken | None,
    tell: Tell,
    purse: Purse,
) -> str:
    """Take a fingerprint of `model` through the participant at `address` and return its id.

    Args:
        workspace: Where it is kept.
        model: The model's slug.
        address: How it is reached.
        against: What it is to be compared with; None: nothing.
        tell: Told how it goes on, a line at a time.
        purse: What may be spent.

    Raises:
        BudgetError: The next attempt may take more than is left.
        InputError: The participant cannot be opened, or what it takes makes the fingerprint not
            comparable: then nothing is asked. Or the log's key is missing.
        FaultError: The log disagrees with itself.
        ServiceError: No reply came, or the record could not be written.
    """
    workspace.check_log()
    participant = await open_participant(address)
    try:
        prompts = prompt_set()
        header = _header(workspace, model, participant, prompts)
        if against is not None:
            check_comparable(against.document, header)
        purse.open([address])
        purse.check_first(address, _most(prompts.request(next(iter(prompts.texts)))))
        with only_runner(workspace.lock(header["id"]), what=f"fingerprint {header['id']}"):
            await _take(workspace, participant, prompts, header, tell, purse)
    except BudgetError as error:
        raise error.anew() from error
    finally:
        await participant.close()
    identifier: str = header["id"]
    return identifier


def _header(
    workspace: Workspace, model: str, participant: Participant, prompts: PromptSet
) -> dict[str, Any]:
    """Return all that is fixed before the first prompt is asked."""
    written = participant.written(prompts.request(next(iter(prompts.texts))))
    body = {name: value for name, value in written.body.items() if name != "messages"}
    with workspace.database.reading() as session:
        weights = [
            {"name": file.name, "sha256": file.sha256} for file in weight_files_of(session, model)
        ]
    return {
        "id": new_id(),
        "model": model,
        "prompts": {"version": prompts.version, "digest": prompts.digest},
        "settings": settings_of(written),
        "sent": {"path": written.path, "body": json.dumps(body, sort_keys=True)},
        "participant": participant.address,
        "engine": {name: fact for name, fact in participant.facts.items() if name != "api"},
        "software": dict(software()),
        "weights": weights,
        "begun_at": to_text(now()),
    }


async def _take(
    workspace: Workspace,
    participant: Participant,
    prompts: PromptSet,
    header: dict[str, Any],
    tell: Tell,
    purse: Purse,
) -> None:
    identifier = header["id"]
    with workspace.database.writing() as session:
        session.add(
            Fingerprint(
                id=identifier,
                model=header["model"],
                begun_at=header["begun_at"],
                content=canonical_bytes(header),
            )
        )
    tell(f"{header['model']}: fingerprint {identifier}, {len(prompts.texts)} prompts")
    try:
        replies = []
        for number, prompt in enumerate(prompts.texts, 1):
            which = (identifier, prompt)
            replies.append(await _ask(workspace, participant, prompts, which, tell, purse))
            tell(f"{number} of {len(prompts.texts)} answered: {prompt}")
        _end(workspace, header, replies)
    except asyncio.CancelledError:
        _leave(workspace, identifier, "stopped by the operator")
        raise
    except BudgetError as error:
        _leave(workspace, identifier, error.what)
        raise
    except EmeritusError as error:
        with suppress(ServiceError):  # the record could not be written; perhaps it can by now
            _leave(workspace, identifier, error.what)
        mend = f"{error.mend} What came is kept; the fingerprint {identifier} stays unfinished."
        raise type(error)(error.what, at=error.at, mend=mend) from error


async def _ask(
    workspace: Workspace,
    participant: Participant,
    prompts: PromptSet,
    which: tuple[str, str],
    tell: Tell,
    purse: Purse,
) -> Reply:
    """Return the reply to a prompt, which is on the disk by then; `which`: fingerprint, prompt."""
    identifier, prompt = which
    request = prompts.request(prompt)
    fixed = {"seed": prompts.repeatable.seed, "top_logprobs": prompts.repeatable.top_logprobs}
    sampling: dict[str, Canonical] = {**sampling_document(request.sampling), **fixed}
    digest = request_digest(map(message_bytes, request.messages), sampling)
    position, most = list(prompts.texts).index(prompt), _most(request)
    of_each_try: dict[str, Any] = {
        "position": position,
        "request_digest": digest,
        "address": participant.address,
        "reserved_input_tokens": most.input,
        "reserved_output_tokens": most.output,
    }
    witness = _Witness(workspace, identifier, of_each_try, tell, purse, most)
    try:
        attempt = await asking.ask(participant, request, witness=witness, limits=ONE_EMPTY_ANSWER)
        witness.ended(attempt)
    except ServiceError:
        if witness.empty is None:
            raise
        attempt = witness.empty
    return Reply(
        prompt=prompt,
        text=attempt.text,
        stop_reason=attempt.stop_reason,
        provider_model=attempt.provider_model,
        logprobs=attempt.logprobs,
    )


def _most(request: Request) -> Tokens:
    """Return what one attempt can take at most."""
    return Tokens(input=most_sent(request), output=request.sampling.max_tokens)


def _end(workspace: Workspace, header: dict[str, Any], replies: list[Reply]) -> None:
    ended_at = to_text(now())
    end = {"ended_at": ended_at, "replies": [reply_document(reply) for reply in replies]}
    content = canonical_bytes(header | end)
    digest = sha256(content)
    with workspace.deciding() as session:
        row = session.get_one(Fingerprint, header["id"])
        row.ended_at, row.content, row.digest = ended_at, content, digest
        session.add(row)
        entries.append(session, "fingerprint", row.id, {"digest": digest})


def _leave(workspace: Workspace, identifier: str, reason: str) -> None:
    """Put on record why a fingerprint stays unfinished, and that what was in flight is lost."""
    with workspace.database.writing() as session:
        row = session.get_one(Fingerprint, identifier)
        row.reason = reason
        session.add(row)
        session.connection().execute(
            update(AttemptRecord)
            .where(
                col(AttemptRecord.subject) == identifier,
                col(AttemptRecord.ended_at).is_(None),
                col(AttemptRecord.failure).is_(None),
            )
            .values(failure=Cause.LOST, message=reason)
        )


@dataclass(slots=True)
class _Witness:
    """Records and tells what happens while one reply is sought."""

    workspace: Workspace
    fingerprint: str
    of_each_try: Mapping[str, Any]  # the columns that each attempt begins with
    tell: Tell
    purse: Purse
    most: Tokens  # that an attempt can take
    empty: Attempt | None = None  # a whole answer without a word
    _number: int = 0
    _attempt: str = ""  # the id of the one in flight

    async def starting(self) -> None:
        self.purse.reserve(self.fingerprint, self.of_each_try["address"], self.most)
        self._number += 1
        attempt = AttemptRecord(
            subject=self.fingerprint,
            number=self._number,
            started_at=to_text(now()),
            **self.of_each_try,
        )
        self._attempt = attempt.id
        with self.workspace.database.writing() as session:
            session.add(attempt)

    def hears(self, text: str) -> None:
        pass

    def failed(self, attempt: Attempt) -> None:
        self.ended(attempt)
        if attempt.failure is not None and attempt.failure.cause is Cause.EMPTY:
            self.empty = attempt

    def ended(self, attempt: Attempt) -> None:
        with self.workspace.database.writing() as session:
            row = session.get_one(AttemptRecord, self._attempt)
            session.add(row.sqlmodel_update(ending(attempt)))
        self.purse.settle(self.fingerprint, attempt)

    def waiting(self, wait: Wait) -> None:
        self.tell(str(wait))
