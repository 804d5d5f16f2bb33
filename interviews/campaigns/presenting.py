"""What a campaign came to, as documents and as tables for a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from interviews.campaigns.coverage import QuestionCoverage, Reached
from interviews.campaigns.flow import Flow, SessionFate


def flow_document(flow: Flow) -> dict[str, Any]:
    """Return a flow: what was planned, what was begun, and the fates, which add up to it."""
    return {
        "planned": flow.planned,
        "begun": flow.begun,
        "fates": {str(one): count for one, count in flow.fates.items()},
        "rules": dict(flow.rules),
    }


def coverage_document(rows: Sequence[QuestionCoverage]) -> list[dict[str, Any]]:
    """Return what became of each question; the counts add up to `sessions`."""
    return [
        {
            "question": row.question,
            "sessions": row.sessions,
            "asked": row.asked,
            **{str(reached).replace(" ", "_"): row.counts[reached] for reached in Reached},
        }
        for row in rows
    ]


def of_all_begun(flow: Flow) -> str:
    """Return how many sessions the coverage is of, and which of those begun stand apart from it."""
    apart = {
        "held as a pilot": flow.fates[SessionFate.PILOT],
        "deleted": flow.fates[SessionFate.DELETED],
    }
    told = [f"{count} {what}" for what, count in apart.items() if count]
    stand = f"; apart from them: {', '.join(told)}" if told else ""
    return f"{flow.begun - sum(apart.values())} of {flow.begun} that were begun{stand}"


def flow_table(flows: Mapping[str, Flow], total: Flow) -> str:
    """Return the flow by condition, with its sums: only the fates that there are."""
    shown = [one for one in SessionFate if total.fates[one] or one == SessionFate.COMPLETE]
    head = ["condition", "planned", "begun", *shown]
    body = [_flow_row(words, flow, shown) for words, flow in flows.items()]
    rules = [f"excluded by rule: {rule}: {count}" for rule, count in total.rules.items()]
    return "\n".join([_table([head, *body, _flow_row("all", total, shown)]), *rules])


def coverage_table(rows: Sequence[QuestionCoverage]) -> str:
    """Return what became of each question."""
    head = ["question", "sessions", "asked", *Reached]
    body = [
        [row.question, str(row.sessions), str(row.asked)]
        + [str(row.counts[reached]) for reached in Reached]
        for row in rows
    ]
    return _table([head, *body])


def _flow_row(words: str, flow: Flow, shown: Sequence[SessionFate]) -> list[str]:
    planned = "not planned" if flow.planned is None else str(flow.planned)
    return [words, planned, str(flow.begun), *(str(flow.fates[one]) for one in shown)]


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows in columns: the first to the left, figures to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
