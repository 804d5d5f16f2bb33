"""The options by which conditions and sessions are chosen on a command line."""

import functools
from collections import Counter
from collections.abc import Callable
from typing import Any

import click
from typing_extensions import override

from archive.times import from_text, to_text
from interviews.sessions.conditions import Choice
from interviews.sessions.listing import Wanted
from interviews.sessions.records import State, Validity


class Words(click.ParamType[tuple[str, ...]]):
    """Words with commas between them."""

    name = "words"

    @override
    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        words = tuple(word.strip() for word in value.split(","))
        if not all(words):
            self.fail("write words with commas between them: neutral,warm", param, ctx)
        for word, times in Counter(words).items():
            if times > 1:
                self.fail(f"{word!r} stands there {times} times: name it once", param, ctx)
        return words


def choice_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that choose conditions, given to `command` as `choice`."""

    @click.option("--stance", type=Words(), help="One or more: neutral,warm.")
    @click.option("--information", type=Words(), help="One or more: occasion,control.")
    @click.option("--language", type=Words(), help="One or more: en,de.")
    @click.option("--character", type=Words(), help="One or more of the protocol's characters.")
    @click.option(
        "--only",
        type=Words(),
        help="Listed conditions, as --dry-run names them: neutral/occasion/en,…",
    )
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


def wanted_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which sessions are meant, given to `command` as `wanted`."""

    @click.option("--campaign", metavar="NAME", help="Only of this campaign.")
    @click.option("--protocol", metavar="PROTOCOL", help="A protocol's slug, or a digest.")
    @click.option(
        "--state", type=click.Choice([state.value for state in State]), help="How far they are."
    )
    @click.option(
        "--validity", type=click.Choice([one.value for one in Validity]), help="Whether they count."
    )
    @click.option("--stance", help="Only in this stance.")
    @click.option("--information", help="Only in this information condition.")
    @click.option("--language", help="Only in this language.")
    @click.option("--character", help="Only with this character.")
    @click.option("--pilot/--no-pilot", default=None, help="Pilots only, or none of them.")
    @click.option("--since", metavar="TIME", help="Begun then or later.")
    @click.option("--limit", type=click.IntRange(1), help="At most so many, the newest.")
    @functools.wraps(command)
    def with_wanted(  # one for each option
        *args: Any,  # noqa: ANN401  # whatever the command takes
        campaign: str | None,
        protocol: str | None,
        state: str | None,
        validity: str | None,
        pilot: bool | None,
        since: str | None,
        limit: int | None,
        **kwargs: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        named = ("stance", "information", "language", "character")
        condition = {name: kwargs.pop(name) for name in named}
        wanted = Wanted(
            campaign=campaign,
            protocol=protocol,
            state=None if state is None else State(state),
            validity=validity,
            pilot=pilot,
            since=None if since is None else to_text(from_text(since, at="--since")),
            condition={name: value for name, value in condition.items() if value is not None},
            most=limit,
        )
        return command(*args, wanted=wanted, **kwargs)

    return with_wanted
