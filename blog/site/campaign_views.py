"""A campaign as the site shows it: its plan, and what became of all that was begun, in counts.

Nothing is read here: rows are taken as values. No word of a session is in it; the words of a
question are given only where an interview that the build shows has them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from archive.records.addresses import takes_temperature
from archive.times import from_text, long_date
from archive.workspace.people import Person, shown_name
from blog.site import views
from blog.site.views import Bar, Counted, CountedRow, Fact, Missing
from interviews.campaigns.campaign import Campaign
from interviews.campaigns.costs import Asked
from interviews.campaigns.coverage import QuestionCoverage, Reached
from interviews.campaigns.flow import Flow, SessionFate
from interviews.campaigns.plans import CampaignPlan
from interviews.campaigns.presenting import of_all_begun
from interviews.campaigns.prices import shown_money
from interviews.campaigns.reading import Results
from interviews.protocols.design import Varied
from interviews.protocols.protocol import Protocol
from interviews.protocols.versions import ProtocolVersion
from interviews.sessions.header import sampling_words
from interviews.sessions.presenting import public_address

ORDER = (
    "Blocks, each with every condition once; within block N the conditions stand in the order of "
    "the SHA-256 of “seed:N:place”. Whoever has the seed can work the order out again."
)


_VARIED = {
    Varied.NOTHING: "The same in each interview",
    Varied.QUESTIONS: "Varied within each section",
    Varied.SECTIONS: "The order of the sections is varied",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRecord:
    """What is on record of one campaign."""

    row: Campaign
    plan: CampaignPlan
    version: ProtocolVersion
    protocol: Protocol
    results: Results
    asked: Sequence[Asked]  # what it took, by participant


def campaign_view(
    record: CampaignRecord,
    *,
    people: Mapping[str, Person],
    transcripts: Sequence[views.Transcript],
    questions: Mapping[str, str],
) -> views.Campaign:
    """Return the view of a campaign.

    Args:
        record: What is on record of it.
        people: The roster, by id.
        transcripts: Of its sessions, those that the build shows.
        questions: The words of those questions that these show, by id.
    """
    row, results = record.row, record.results
    return views.Campaign(
        slug=row.slug,
        model=row.model,
        title=record.protocol.title,
        pilot=row.pilot,
        planned_at=from_text(row.planned_at, at=row.slug),
        plan=_plan(record, people),
        order=ORDER,
        flow=_flow(results),
        rules=sorted(results.flow.rules.items()),
        coverage=_coverage(results.coverage, questions),
        bars=[_bar(one) for one in results.coverage if one.sessions],
        by_condition=_by_condition(results),
        cost=[fact for asked in record.asked for fact in _cost(asked)],
        sessions=transcripts,
        begun=results.flow.begun,
        covered=of_all_begun(results.flow),
    )


def _plan(record: CampaignRecord, people: Mapping[str, Person]) -> list[Fact]:
    plan, protocol, version = record.plan, record.protocol, record.version
    again = "never" if plan.asking_again == 0 else f"at most {plan.asking_again} times"
    sampling = plan.sampling
    drawn = sampling_words(sampling, takes_temperature=takes_temperature(plan.participant))
    conditions, each = len(plan.conditions), plan.each
    return [
        Fact(
            name="Protocol", value=f"{protocol.title} ({protocol.slug}, version {version.version})"
        ),
        Fact(name="Protocol, SHA-256", value=plan.protocol, literal=True),
        Fact(name="Approved by", value=_approved(record, people)),
        Fact(
            name="Sessions planned",
            value=f"{plan.sessions}: {_count(conditions, 'condition')}, {each} of each",
        ),
        Fact(name="Begun anew after a decline", value=again),
        Fact(name="Participant", value=public_address(plan.participant), literal=True),
        Fact(name="Longest reply", value=f"{sampling.max_tokens} tokens"),
        Fact(name="Temperature", value=drawn["temperature"]),
        Fact(name="Order of the questions", value=_order(protocol)),
        Fact(name="Left out of analysis", value="; ".join(_rules(plan)) or "none named"),
        Fact(name="Interviewing model", value=_address(plan.interviewer)),
        Fact(name="Judge of its probes", value=_address(plan.judge)),
        Fact(name="Seed of the order", value=plan.seed, literal=True),
        Fact(name="Plan, SHA-256", value=record.row.plan_digest, literal=True),
    ]


def _approved(record: CampaignRecord, people: Mapping[str, Person]) -> str:
    """Return who had approved the protocol when the campaign was planned."""
    version, planned_at = record.version, from_text(record.row.planned_at, at=record.row.slug)
    if version.approved_by is None or version.approved_at is None:
        return "nobody"
    approved_at = from_text(version.approved_at, at=version.slug)
    by = f"{shown_name(people, version.approved_by)}, {long_date(approved_at)}"
    if approved_at > planned_at:
        return f"nobody when it was planned; later, for what comes after it: {by}"
    return by


def _order(protocol: Protocol) -> str | Missing:
    order = protocol.order
    return Missing.NOT_STATED if order is None else f"{_VARIED[order.varied]}. {order.because}"


def _address(address: str | None) -> str | Missing:
    return Missing.NOT_APPLICABLE if address is None else public_address(address)


def _rules(plan: CampaignPlan) -> Iterable[str]:
    for one in plan.exclusions:
        more = f" in more than {_count(one.more_than, 'reply', 'replies')}" if one.more_than else ""
        yield f"{one.rule}{more}"


def _flow(results: Results) -> Counted:
    shown = [one for one in SessionFate if results.flow.fates[one] or one == SessionFate.COMPLETE]
    return Counted(
        columns=("condition", "planned", "begun", *shown),
        rows=[_flow_row(words, flow, shown) for words, flow in results.by_condition.items()],
        sums=_flow_row("all", results.flow, shown),
    )


def _flow_row(name: str, flow: Flow, shown: Sequence[SessionFate]) -> CountedRow:
    planned = Missing.NOT_APPLICABLE if flow.planned is None else flow.planned
    return CountedRow(
        name=name.replace("/", " · "),
        counts=(planned, flow.begun, *(flow.fates[one] for one in shown)),
    )


def _coverage(rows: Sequence[QuestionCoverage], questions: Mapping[str, str]) -> Counted:
    return Counted(
        columns=("question", "sessions", "asked", *Reached),
        rows=[
            CountedRow(
                name=f"{number}. {row.question}",
                words=questions.get(row.question),
                counts=(row.sessions, row.asked, *(row.counts[one] for one in Reached)),
            )
            for number, row in enumerate(rows, start=1)
        ],
    )


def _bar(row: QuestionCoverage) -> Bar:
    parts, taken = [], 0
    for reached in Reached:
        if count := row.counts[reached]:
            start, width = 100 * taken / row.sessions, 100 * count / row.sessions
            parts.append((str(reached), count, round(start, 3), round(width, 3)))
            taken += count
    return Bar(question=row.question, parts=parts)


def _by_condition(results: Results) -> Counted:
    """Return, for each condition, how many of its sessions answered each question.

    There may be a dozen of both, so a question is a column with its number for a head.
    """
    numbers = map(str, range(1, len(results.coverage) + 1))
    return Counted(
        columns=("condition", "interviews", *numbers),
        rows=[
            CountedRow(
                name=words.replace("/", " · "),
                counts=_answered(results.coverage, results.coverage_by_condition.get(words, ())),
            )
            for words in results.by_condition
        ],
    )


def _answered(
    questions: Sequence[QuestionCoverage], rows: Sequence[QuestionCoverage]
) -> Sequence[int]:
    """Return of one condition how many sessions there are, and how many answered each question."""
    answered = {row.question: row.counts[Reached.ANSWERED] for row in rows}
    sessions = max((row.sessions for row in rows), default=0)
    return (sessions, *(answered.get(row.question, 0) for row in questions))


def _cost(asked: Asked) -> Iterable[Fact]:
    """Yield what one participant took; what nobody knows is said to be unknown."""
    who = "a participant not on record" if asked.address is None else public_address(asked.address)
    tokens = asked.tokens
    calls = ", ".join(f"{count:,} {outcome}" for outcome, count in asked.calls.items())
    yield Fact(name="Asked", value=who, literal=True)
    yield Fact(name="Calls", value=f"{sum(asked.calls.values()):,}: {calls}")
    yield Fact(name="Tokens", value=f"{tokens.read:,} in, {tokens.output:,} out")
    if asked.unmeasured:
        yield Fact(name="Tokens unknown", value=f"of {_count(asked.unmeasured, 'call')}")
    if asked.unsettled:
        yield Fact(
            name="Not settled",
            value=f"{_count(asked.unsettled, 'call')}: at most {asked.reserved.total:,} tokens",
        )
    yield Fact(name="Cost", value=_money(asked))


def _money(asked: Asked) -> str | Missing:
    cost, price = asked.cost, asked.price
    if cost.amount is None or price is None:
        return Missing.UNKNOWN
    return f"{shown_money(cost.amount, cost.currency)}, at prices of {price.date} ({price.source})"


def _count(number: int, noun: str, many: str | None = None) -> str:
    return f"{number:,} {noun if number == 1 else many or f'{noun}s'}"
