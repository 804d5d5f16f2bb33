"""Who speaks in the sessions of a run: the participant, and the models that follow up for us."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from archive.workspace.workspace import Workspace
from interviews.interviewer import asking, judging
from interviews.interviewer.prompts import digest_of, text_of
from interviews.participants.addresses import open_participant
from interviews.participants.seam import Participant
from interviews.protocols.script import Ask
from interviews.sessions.committing import Committer
from interviews.sessions.header import Addresses, Interviewer, Judge, kinds_word
from interviews.sessions.probing import SAMPLING, VERDICT, Prober


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """Those who speak, ready to be asked."""

    participant: Participant
    committer: Committer  # what they say goes to the disk by it
    prober: Prober | None = None


@asynccontextmanager
async def opened(
    workspace: Workspace, addresses: Addresses, *, concurrency: int
) -> AsyncIterator[Voices]:
    """Open each of them once, however many parts it has, and let go of them at the end.

    Raises:
        InputError: One cannot be opened.
    """
    async with AsyncExitStack() as stack:
        open_ones: dict[str, Participant] = {}
        for address in (addresses.participant, addresses.interviewer, addresses.judge):
            if address is not None and address not in open_ones:
                open_ones[address] = await open_participant(address, concurrency=concurrency)
                stack.push_async_callback(open_ones[address].close)
        prober = None
        if addresses.interviewer is not None:
            judge = None if addresses.judge is None else open_ones[addresses.judge]
            prober = Prober(interviewer=open_ones[addresses.interviewer], judge=judge)
        committer = Committer(workspace)
        stack.callback(committer.close)
        yield Voices(
            participant=open_ones[addresses.participant], committer=committer, prober=prober
        )


def interviewer_of(
    voices: Voices, goals: Sequence[str], asks: Iterable[Ask], language: str
) -> Interviewer | None:
    """Return what a session's header says of the model that asks probes, and of their judge."""
    if voices.prober is None:
        return None
    interviewer, judge = voices.prober.interviewer, voices.prober.judge
    allowed = dict.fromkeys(ask.probing.kinds for ask in asks if ask.probing is not None)
    return Interviewer(
        address=interviewer.address,
        engine=interviewer.facts,
        sampling=SAMPLING,
        goals=tuple(goals),
        prompt=digest_of("probe.asking"),
        family=_family(interviewer.address, voices.participant.address),
        judge=None if judge is None else judge.address,
        instructions={
            kinds_word(kinds): asking.instructions(goals, kinds, language) for kinds in allowed
        },
        templates={name: text_of(name) for name in ("probe.exchange", "probe.refused")},
        judging=None
        if judge is None
        else Judge(
            engine=judge.facts,
            sampling=VERDICT,
            instructions=judging.instructions(language),
            templates={"probe.judged": text_of("probe.judged")},
        ),
    )


def _family(one: str, other: str) -> str:
    """Return whether two models are of one family, as far as their addresses tell."""
    if one == other:
        return "same"
    names = [_maker(address) for address in (one, other)]
    if None in names:
        return "unknown"
    return "same" if names[0] == names[1] else "other"


def _maker(address: str) -> str | None:
    """Return the first word of a model's name, by which makers call their families."""
    scheme, _, rest = address.partition(":")
    if scheme not in {"anthropic", "openai"}:
        return None
    return rest.rpartition("#")[2].split("-")[0].casefold()
