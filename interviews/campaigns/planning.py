"""Planning a campaign: its plan is made, kept and logged before the first question."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from archive.canonical import Canonical, as_kept
from archive.errors import InputError, ServiceError
from archive.identifiers import check_slug
from archive.log import entries
from archive.records.models import load_model, participant_of
from archive.times import now, to_text
from archive.workspace.workspace import Workspace
from interviews.campaigns.campaign import Campaign, load_campaign
from interviews.campaigns.plans import CampaignPlan, Due, Held
from interviews.participants.asking import always_the_same
from interviews.participants.seam import Sampling
from interviews.protocols.design import Cell
from interviews.protocols.facts import Fact
from interviews.protocols.protocol import Protocol
from interviews.protocols.reading import find_protocol, list_protocols, read_protocol
from interviews.protocols.versions import ProtocolVersion, keep_version
from interviews.sessions.beginning import Plan, plans_for
from interviews.sessions.conditions import Choice, cells_of, with_systems
from interviews.sessions.facts import told_to
from interviews.sessions.header import Addresses, Place
from interviews.sessions.records import InterviewSession, State, state_of

LOGGED = "plan"
"""The kind of the log's entry of a plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants of a run."""

    model: str
    addresses: Addresses
    protocol: Protocol
    cells: tuple[Cell, ...]
    each: int
    sampling: Sampling
    pilot: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What sessions are begun with, besides what was planned."""

    protocol: Protocol
    facts: Mapping[str, Fact]
    systems: Mapping[Cell, str | None]


def wished(  # noqa: PLR0913  # what a command line says
    workspace: Workspace,
    slug: str,
    protocol: Protocol,
    *,
    choice: Choice,
    replicates: int | None,
    sampling: Sampling,
    pilot: bool,
    planned: bool,
    interviewer: str | None = None,
    judge: str | None = None,
) -> tuple[Wish, Material, list[Plan]]:
    """Return what is wanted, held against what there is, and what it is to be begun with.

    The last is a plan for each condition, as a session of no campaign would be begun.

    Raises:
        InputError: The protocol has no such condition, lacks a fact or an approval, or the
            replicates would be one draw.
    """
    with workspace.database.reading() as session:
        model = load_model(session, slug)
        participant = participant_of(model)
        facts = told_to(
            workspace,
            session,
            model,
            protocol,
            reply_limit=sampling.max_tokens,
            today=now().date(),
        )
    cells = cells_of(protocol, choice, whole=planned)
    each = 1 if not planned or protocol.replicates is None else protocol.replicates.each
    wish = Wish(
        model=slug,
        addresses=Addresses(participant=participant, interviewer=interviewer, judge=judge),
        protocol=protocol,
        cells=tuple(cells),
        each=replicates or each,
        sampling=sampling,
        pilot=held_as_pilot(workspace, protocol, pilot=pilot, planned=planned),
    )
    _check_replicates(wish)
    systems = with_systems(workspace, protocol, slug, cells, facts)
    one_each = plans_for(  # a text that cannot be filled in is refused here
        slug,
        protocol,
        cells=systems,
        replicates=1,
        sampling=sampling,
        facts=facts,
        pilot=wish.pilot,
    )
    return wish, Material(protocol=protocol, facts=facts, systems=systems), one_each


def _check_replicates(wish: Wish) -> None:
    if wish.each > 1 and always_the_same(wish.sampling, wish.addresses.participant):
        raise InputError(
            f"{wish.each} replicates at temperature 0 are one draw, counted {wish.each} times",
            at=wish.addresses.participant,
            mend="Leave out --temperature, or ask for --replicates 1.",
        )


def held_as_pilot(workspace: Workspace, protocol: Protocol, *, pilot: bool, planned: bool) -> bool:
    """Return whether sessions on this version are a pilot.

    Only an approved version is run. Without a campaign, the protocols as they are shipped can be
    run before anybody approved them; that is a pilot (docs/decisions/0010).

    Raises:
        InputError: Nobody approved it, and no pilot was asked for.
    """
    with workspace.database.reading() as session:
        kept = session.get(ProtocolVersion, protocol.digest)
    if pilot:
        return True
    if kept is not None and kept.approved_at is not None:
        return False
    if not planned and protocol.slug in list_protocols(folder=None):
        shipped = find_protocol(protocol.slug, folder=None)
        if shipped.digest == protocol.digest:
            return True
    raise InputError(
        f"nobody approved version {protocol.version}",
        at=f"protocol {protocol.slug}",
        mend=f"emeritus protocol approve {protocol.slug} --by PERSON; or try it with --pilot.",
    )


def planned(workspace: Workspace, name: str, wish: Wish) -> CampaignPlan:
    """Return the plan of the campaign `name`: the one on record, or a new one, kept and logged.

    Raises:
        InputError: One is on record that is not what is wanted now.
        FaultError: The log disagrees with itself.
        ServiceError: Another process planned it just now.
    """
    plan = plan_as_wished(workspace, name, wish)
    return _plan_campaign(workspace, name, wish) if plan is None else plan


def plan_as_wished(workspace: Workspace, name: str, wish: Wish) -> CampaignPlan | None:
    """Return the plan on record of the campaign `name`; None: it is not planned yet.

    Raises:
        InputError: It is no name, or one is on record that is not what is wanted now.
    """
    check_slug(name, at="--campaign")
    with workspace.database.reading() as session:
        row = session.get(Campaign, name)
    if row is None:
        return None
    plan = CampaignPlan.decoded(as_kept(row.plan))
    if not _agrees(plan, wish):
        raise InputError(
            "planned already, and otherwise than this command says",
            at=f"campaign {name}",
            mend=f"Go on with it: emeritus interview resume --campaign {name}. "
            "Or give this one another name.",
        )
    return plan


def on_record(workspace: Workspace, name: str, *, today: date) -> tuple[CampaignPlan, Material]:
    """Return the plan of a campaign on record, and what its sessions are begun with.

    The protocol is the version that was planned, whatever has become of its file.

    Raises:
        InputError: There is no such campaign; or a fact or a system prompt is not there any more.
    """
    with workspace.database.reading() as session:
        plan = CampaignPlan.decoded(as_kept(load_campaign(session, name).plan))
        kept = session.get_one(ProtocolVersion, plan.protocol)
        protocol = read_protocol(as_kept(kept.source), name=f"protocol {kept.slug}")
        facts = told_to(
            workspace,
            session,
            load_model(session, plan.model),
            protocol,
            reply_limit=plan.sampling.max_tokens,
            today=today,
        )
    systems = with_systems(workspace, protocol, plan.model, plan.conditions, facts)
    return plan, Material(protocol=protocol, facts=facts, systems=systems)


def _plan_campaign(workspace: Workspace, name: str, wish: Wish) -> CampaignPlan:
    """Keep and log the plan of a new campaign.

    Raises:
        ServiceError: The database or the disk refused, or another process has planned it.
        InputError: The log's key is missing.
        FaultError: The log disagrees with itself.
    """
    again = wish.protocol.asking_again
    plan = CampaignPlan(
        campaign=name,
        model=wish.model,
        participant=wish.addresses.participant,
        protocol=wish.protocol.digest,
        conditions=wish.cells,
        each=wish.each,
        seed=secrets.token_hex(8),
        sampling=wish.sampling,
        asking_again=0 if again is None else again.most,
        exclusions=wish.protocol.exclusions,
        pilot=wish.pilot,
        interviewer=wish.addresses.interviewer,
        judge=wish.addresses.judge,
    )
    with workspace.deciding() as session:
        keep_version(session, wish.protocol)
        session.add(
            Campaign(
                slug=name,
                model=wish.model,
                protocol=wish.protocol.digest,
                pilot=wish.pilot,
                plan=plan.encoded(),
                plan_digest=plan.digest,
                planned_at=to_text(now()),
            )
        )
        try:
            session.flush()
        except IntegrityError as error:  # a lock of this machine keeps no other machine out
            raise ServiceError(
                "another process is running it",
                at=f"campaign {name}",
                mend="Wait until it has ended, or stop it; then type the same command again.",
            ) from error
        entries.append(session, LOGGED, name, logged(plan))
    return plan


def logged(plan: CampaignPlan) -> Canonical:
    """Return what the log notes of a plan."""
    return {"plan": plan.digest, "protocol": plan.protocol}


def _agrees(plan: CampaignPlan, wish: Wish) -> bool:
    """Return whether a plan on record is what is wanted now."""
    return (
        plan.model,
        Addresses(participant=plan.participant, interviewer=plan.interviewer, judge=plan.judge),
        plan.protocol,
        plan.conditions,
        plan.each,
        plan.sampling,
        plan.pilot,
    ) == (
        wish.model,
        wish.addresses,
        wish.protocol.digest,
        wish.cells,
        wish.each,
        wish.sampling,
        wish.pilot,
    )


def held_of(session: Session, campaign: str) -> dict[int, Held]:
    """Return what became of each slot of a campaign that was begun: its last session."""
    rows = select(InterviewSession).where(InterviewSession.campaign == campaign)
    held: dict[int, Held] = {}
    for row in session.exec(rows):
        state = state_of(row)
        one = Held(
            session=row.id,
            again=row.again or 0,
            ended=state.ended,
            declined=state == State.DECLINED,
        )
        if row.slot is not None and (row.slot not in held or held[row.slot].again < one.again):
            held[row.slot] = one
    return held


def session_plans(
    plan: CampaignPlan, material: Material, wanted: Iterable[Due]
) -> Iterator[tuple[Due, Plan]]:
    """Yield, for each session that is due, what it is begun with."""
    for one in wanted:
        cell = plan.condition_of(one.slot)
        yield (
            one,
            Plan(
                model=plan.model,
                protocol=material.protocol,
                cell=cell,
                sampling=plan.sampling,
                facts=material.facts,
                system=material.systems[cell],
                pilot=plan.pilot,
                seed=plan.seed,
                replicate=plan.replicate_of(one.slot),
                place=Place(
                    campaign=plan.campaign, plan=plan.digest, slot=one.slot, again=one.again
                ),
            ),
        )
