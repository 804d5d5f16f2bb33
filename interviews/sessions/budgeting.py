"""What every command that interviews takes: what it may spend."""

import functools
from collections.abc import Callable
from typing import Any

import click
from typing_extensions import override

from interviews.sessions.budgets import Budget, Kind, Scope, budget_of, read_budget


class BudgetType(click.ParamType[Budget]):
    """A budget: `campaign:cost=2.50USD`."""

    name = "budget"

    @override
    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Budget:
        return value if isinstance(value, Budget) else read_budget(value)


class OfTheRun(click.ParamType[Budget]):
    """How much of one kind a run may spend."""

    name = "integer"

    def __init__(self, kind: Kind) -> None:
        self._kind = kind

    @override
    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Budget:
        if isinstance(value, Budget):
            return value
        return budget_of(Scope.RUN, self._kind, value, written=f"--max-{self._kind}")


def budget_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --budget, --max-calls and --max-tokens, given to `command` as `budgets`."""

    @click.option("--max-calls", type=OfTheRun(Kind.CALLS), help="Stop the run at so many.")
    @click.option("--max-tokens", type=OfTheRun(Kind.TOKENS), help="Stop the run at so many.")
    @click.option(
        "--budget",
        type=BudgetType(),
        multiple=True,
        metavar="SCOPE:KIND=AMOUNT",
        help="What may be spent: campaign:cost=2.50USD, session:calls=30. More than one.",
    )
    @functools.wraps(command)
    def with_budgets(
        *args: Any,  # noqa: ANN401  # whatever the command takes
        budget: tuple[Budget, ...],
        max_calls: Budget | None,
        max_tokens: Budget | None,
        **kwargs: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        named = (max_calls, max_tokens, *budget)
        budgets = tuple(one for one in named if one is not None)
        return command(*args, budgets=budgets, **kwargs)

    return with_budgets
