"""The options by which conditions are chosen on a command line."""

import functools
from collections.abc import Callable
from typing import Any

import click
from typing_extensions import override

from interviews.sessions.conditions import Choice


class Words(click.ParamType[tuple[str, ...]]):
    """Words with commas between them."""

    name = "words"

    @override
    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        words = tuple(dict.fromkeys(word.strip() for word in value.split(",")))
        if not all(words):
            self.fail("write words with commas between them: neutral,warm", param, ctx)
        return words


def choice_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that choose conditions, given to `command` as `choice`."""

    @click.option("--stance", type=Words(), help="One or more: neutral,warm.")
    @click.option("--information", type=Words(), help="One or more: occasion,control.")
    @click.option("--language", type=Words(), help="One or more: en,de.")
    @click.option("--character", type=Words(), help="One or more of the protocol's characters.")
    @click.option("--only", type=Words(), help="Listed conditions: neutral/occasion/en,warm/…")
    @functools.wraps(command)
    def with_choice(
        *args: Any,  # noqa: ANN401  # whatever the command takes
        stance: tuple[str, ...] | None,
        information: tuple[str, ...] | None,
        language: tuple[str, ...] | None,
        character: tuple[str, ...] | None,
        only: tuple[str, ...] | None,
        **kwargs: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        choice = Choice(
            stance=stance,
            information=information,
            language=language,
            character=character,
            only=only,
        )
        return command(*args, choice=choice, **kwargs)

    return with_choice
