"""Holding a campaign: what is due of its plan, until nothing is."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager
from functools import partial

from archive.identifiers import new_id
from archive.workspace.locks import only_runner
from archive.workspace.workspace import Workspace
from interviews.campaigns.planning import Material, Wish, held_of, planned, session_plans
from interviews.campaigns.plans import CampaignPlan, due
from interviews.participants.asking import check_sampling
from interviews.participants.seam import Sampling
from interviews.sessions.beginning import begin
from interviews.sessions.header import Addresses
from interviews.sessions.running import Held, Opening, Run, hold_all, stopping, taken_up
from interviews.sessions.voices import Voices, opened


async def plan_and_hold(run: Run, name: str, wish: Wish, material: Material) -> Held:
    """Plan the campaign `name`, unless that was done, and hold what is due of it.

    A plan is never changed once it is logged: it is made last, when all who speak are there.

    Raises:
        InputError: One of them cannot be opened or does not take the sampling, the plan on record
            is another, or the log's key is missing.
        FaultError: The log disagrees with itself.
        ServiceError: Another process holds this campaign.
    """
    held = Held()
    with _alone(run.workspace, name), stopping(run, held):
        async with _ready(run, wish.addresses, wish.sampling) as voices:
            await _hold_due(run, planned(run.workspace, name, wish), material, voices, held)
    return held


async def hold_campaign(run: Run, plan: CampaignPlan, material: Material) -> Held:
    """Hold what is still due of a campaign on record; one process at a time does.

    Raises:
        InputError: A participant cannot be opened or does not take the sampling, or the log's
            key is missing.
        FaultError: The log disagrees with itself.
        ServiceError: Another process holds this campaign.
    """
    held = Held()
    with _alone(run.workspace, plan.campaign), stopping(run, held):
        async with _ready(run, plan.addresses, plan.sampling) as voices:
            await _hold_due(run, plan, material, voices, held)
    return held


async def check_ready(workspace: Workspace, wish: Wish, *, concurrency: int) -> None:
    """See that a run could begin: who speaks is opened, and asked nothing.

    Raises:
        InputError: One of them cannot be opened or does not take the sampling, or the log's key
            is missing.
        FaultError: The log disagrees with itself.
    """
    workspace.check_log()
    async with opened(workspace, wish.addresses, concurrency=concurrency) as voices:
        check_sampling(wish.sampling, voices.participant)


def _alone(workspace: Workspace, name: str) -> AbstractContextManager[None]:
    workspace.check_log()
    return only_runner(workspace.lock(f"campaign-{name}"), what=f"campaign {name}")


@asynccontextmanager
async def _ready(run: Run, addresses: Addresses, sampling: Sampling) -> AsyncIterator[Voices]:
    async with opened(run.workspace, addresses, concurrency=run.concurrency) as voices:
        check_sampling(sampling, voices.participant)
        yield voices


async def _hold_due(
    run: Run, plan: CampaignPlan, material: Material, voices: Voices, held: Held
) -> None:
    while True:
        before = len(held.sessions)
        await hold_all(run, voices, _openings(run, plan, material, voices), held)
        # a participant that declined may be asked again, if the plan says so
        if held.errors or run.stop.wished or len(held.sessions) == before:
            break


def _openings(
    run: Run, plan: CampaignPlan, material: Material, voices: Voices
) -> Iterator[Opening]:
    with run.workspace.database.reading() as session:
        held = held_of(session, plan.campaign)
    run.progress.expects(sum(1 for _ in due(plan, held)))
    for one, begun in session_plans(plan, material, due(plan, held)):
        if run.purse.is_met(plan.campaign):
            return
        if one.session is not None:
            yield one.session, partial(taken_up, run.workspace, voices.participant)
        else:
            yield new_id(), partial(begin, run.workspace, voices, begun)
