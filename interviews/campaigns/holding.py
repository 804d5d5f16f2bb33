"""Holding a campaign: what is due of its plan, until nothing is."""

from collections.abc import Iterator
from functools import partial

from archive.identifiers import new_id
from archive.workspace.locks import only_runner
from interviews.campaigns.planning import Material, held_of, session_plans
from interviews.campaigns.plans import CampaignPlan, due
from interviews.participants.asking import check_sampling
from interviews.sessions.beginning import begin
from interviews.sessions.running import Held, Opening, Run, hold_all, stopping, taken_up
from interviews.sessions.voices import Voices, opened


async def hold_campaign(run: Run, plan: CampaignPlan, material: Material) -> Held:
    """Hold what is still due of a campaign; one process at a time does.

    Raises:
        InputError: The participant cannot be opened or does not take the sampling, or the log's
            key is missing.
        FaultError: The log disagrees with itself.
        ServiceError: Another process holds this campaign.
    """
    held = Held()
    run.workspace.check_log()
    lock = run.workspace.lock(f"campaign-{plan.campaign}")
    with only_runner(lock, what=f"campaign {plan.campaign}"), stopping(run, held):
        async with opened(run.workspace, plan.addresses, concurrency=run.concurrency) as voices:
            check_sampling(plan.sampling, voices.participant)
            while True:
                before = len(held.sessions)
                await hold_all(run, voices, _openings(run, plan, material, voices), held)
                # a participant that declined may be asked again, if the plan says so
                if held.errors or run.stop.wished or len(held.sessions) == before:
                    break
    return held


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
