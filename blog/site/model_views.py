"""A model as the site shows it: what it is, its life, what is kept of it, what was promised.

Nothing is read here: rows are taken as values. Where the files lie is no part of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from archive.policy.policies import Policy
from archive.records.lifecycle import Event, last_day
from archive.records.models import Channel, Model, Observation
from archive.records.promises import Promise
from archive.times import from_text
from archive.weights.holdings import Holding, latest
from archive.weights.inventory import FixityCheck, WeightFile
from archive.workspace.people import Person, shown_name
from blog.site import views
from blog.site.views import Fact, Missing

ENDS = (Event.RETIRED, Event.LAST_ANSWER)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRecord:
    """What is on record of one model."""

    model: Model
    channels: Sequence[Channel] = ()
    observations: Sequence[Observation] = ()  # in the order in which they were written down
    files: Sequence[WeightFile] = ()
    holdings: Sequence[Holding] = ()  # in the order in which they were stated
    checks: Mapping[str, FixityCheck] = field(default_factory=dict)  # the last, by file
    promises: Sequence[Promise] = ()
    policy: Policy | None = None  # the last version that the build shows
    withheld: bool = False  # nothing of the record is shown but the model's name


def model_view(
    record: ModelRecord,
    *,
    people: Mapping[str, Person],
    interviews: views.InterviewFlow,
    drafts: views.DraftFlow,
    transcripts: Sequence[views.Transcript],
    posts: Sequence[views.Post],
    campaigns: Sequence[views.Campaign] = (),
) -> views.Model:
    """Return the view of a model; `people` is the roster by id."""
    model = record.model
    if record.withheld:
        return views.Model(
            slug=model.slug,
            name=model.name,
            maker=Missing.WITHHELD,
            years=Missing.WITHHELD,
            about=Missing.WITHHELD,
            policy=Missing.WITHHELD,
            withheld=True,
            interviews=interviews,
            drafts=drafts,
            transcripts=transcripts,
            campaigns=campaigns,
            posts=posts,
        )
    return views.Model(
        slug=model.slug,
        name=model.name,
        maker=model.maker or Missing.NOT_RECORDED,
        years=years(record.observations),
        about=model.description or Missing.NOT_RECORDED,
        facts=_facts(model),
        lifecycle=_lifecycle(record),
        holdings=[_holding(file, record) for file in record.files],
        promises=[_promise(promise) for promise in record.promises],
        policy=Missing.NOT_RECORDED if record.policy is None else _policy(record.policy, people),
        interviews=interviews,
        drafts=drafts,
        transcripts=transcripts,
        campaigns=campaigns,
        posts=posts,
    )


def years(observations: Sequence[Observation]) -> str | Missing:
    """Return the years of a model's service: "2024 to 2026", "from 2024", "to 2026"."""
    began = [row.date[:4] for row in observations if row.date and row.event == Event.RELEASED]
    ended = [
        row.date[:4]
        for row in observations
        if row.date and not row.not_before and row.event in ENDS
    ]
    if began and ended:
        first, last = min(began), max(ended)
        return first if first == last else f"{first} to {last}"
    if began:
        return f"from {min(began)}"
    return f"to {max(ended)}" if ended else Missing.NOT_RECORDED


def _facts(model: Model) -> list[Fact]:
    window = None if model.context_window is None else f"{model.context_window:,} tokens"
    recorded = {
        "Family": model.family,
        "Parameters": model.parameters,
        "Context window": window,
        "Licence of the weights": model.licence,
    }
    return [
        Fact(name=name, value=value or Missing.NOT_RECORDED) for name, value in recorded.items()
    ]


def _lifecycle(record: ModelRecord) -> list[views.Observation]:
    names = {channel.id: channel.name for channel in record.channels}
    in_order = sorted(
        _not_seen_again(record.observations),
        key=lambda row: (row.date or "", row.observed_at, row.id),
    )
    return [
        views.Observation(
            event=f"{row.event}, not before" if row.not_before else row.event,
            date=Missing.NOT_STATED if row.date is None else row.date,
            channel=Missing.NOT_APPLICABLE if row.channel is None else names[row.channel],
            source=row.source if row.told_by is None else f"{row.source} (as {row.told_by} has it)",
            source_link=row.source if row.source.startswith(("http://", "https://")) else None,
            observed_at=from_text(row.observed_at, at=row.id),
        )
        for row in in_order
    ]


def _not_seen_again(observations: Sequence[Observation]) -> list[Observation]:
    """Leave out sightings of a state that its source saw again later: the last one is shown."""
    last = {
        (row.channel, row.event, row.source, row.told_by): row
        for row in sorted(observations, key=lambda row: row.observed_at)
        if row.date is None
    }
    return [row for row in observations if row.date is not None or row in last.values()]


def _holding(file: WeightFile, record: ModelRecord) -> views.Holding:
    check = record.checks.get(file.id)
    copies = [row for row in latest(record.holdings) if file.sha256 in row.digests]
    dates = {row.custodian: row.until or Missing.NOT_STATED for row in copies if row.public}
    return views.Holding(
        what=f"{file.name}, {file.format}",
        where=Missing.WITHHELD,
        custodian=_of_copies(list(dates), len(copies)),
        until=_of_copies([f"{day} ({name})" for name, day in dates.items()], len(copies)),
        size=file.bytes,
        sha256=file.sha256,
        last_checked=(
            Missing.NOT_MEASURED if check is None else from_text(check.checked_at, at=check.id)
        ),
        sound=None if check is None else check.sound,
    )


def _of_copies(said: Sequence[str], copies: int) -> str | Missing:
    """Return what may be said of the public ones among so many copies."""
    if said:
        return "; ".join(said)
    return Missing.WITHHELD if copies else Missing.NOT_RECORDED


def _promise(promise: Promise) -> views.Promise:
    return views.Promise(
        text=promise.text,
        made_on=last_day(promise.made_on),
        due=Missing.NOT_STATED if promise.due is None else last_day(promise.due),
        state=views.PromiseState(promise.outcome),
        evidence=promise.evidence or Missing.NOT_RECORDED,
    )


def _policy(policy: Policy, people: Mapping[str, Person]) -> views.Policy:
    set_on: date = from_text(policy.set_at, at=policy.id)
    return views.Policy(
        version=policy.version,
        set_on=set_on,
        set_by=shown_name(people, policy.set_by),
        summary=policy.summary,
        wording=policy.wording,
        how_to_ask=policy.how_to_ask,
    )
