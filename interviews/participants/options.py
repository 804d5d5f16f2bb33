"""What every command that asks a model takes: how its replies are drawn."""

import functools
from collections.abc import Callable
from typing import Any

import click

from interviews.participants.seam import Sampling


def sampling_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --limit-answer and --temperature, given to `command` as `sampling`."""

    @click.option(
        "--limit-answer",
        type=click.IntRange(1),
        default=1024,
        show_default=True,
        help="Tokens of one reply; what goes beyond is cut off, and marked.",
    )
    @click.option("--temperature", type=click.FloatRange(0, 1), help="If the participant takes it.")
    @functools.wraps(command)
    def with_sampling(
        *args: Any,  # noqa: ANN401  # whatever the command takes
        limit_answer: int,
        temperature: float | None,
        **kwargs: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        sampling = Sampling(
            max_tokens=limit_answer,
            temperature=None if temperature is None else f"{temperature:g}",
        )
        return command(*args, sampling=sampling, **kwargs)

    return with_sampling
