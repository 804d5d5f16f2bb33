"""What `post write` takes on what a model is shown, and on what it is asked to write about."""

import functools
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from archive.errors import InputError
from archive.rendering.characters import one_line
from blog.posts.contexts import Source, TopicFrom, Wanted
from blog.posts.readings import CONSENTS, read_file, read_letter, read_news
from blog.posts.selection import MOST_DRAFTS, Selection

NAMED_SOURCES = {source.value: source for source in (Source.NONE, Source.INTERVIEWS, Source.POSTS)}
LONGEST_TOPIC = 300  # characters

_PATH = click.Path(dir_okay=False, path_type=Path)
_OPTIONS = (
    click.option(
        "--context",
        metavar="none|interviews|posts|FILE",
        default="none",
        show_default=True,
        help="What it is shown first: nothing, its interviews, its published posts, a text file.",
    ),
    click.option("--source", metavar="TEXT", help="Where the FILE of --context is from."),
    click.option("--citation", metavar="TEXT", help="How that FILE is cited on the post's page."),
    click.option("--letter", type=_PATH, help="A reader's letter, instead of --context."),
    *(
        click.option(f"--may-be-{name}", name, is_flag=True, help=f"The reader agreed {to}.")
        for name, to in CONSENTS.items()
    ),
    click.option("--news", type=_PATH, help="A file of news that it is told."),
    click.option("--news-source", metavar="TEXT", help="Where the news is from."),
    click.option("--corrects", metavar="ID", help="The published post that it is to correct."),
    click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="The date that it is told."),
)
_TOPIC_OPTIONS = (
    click.option("--topic", metavar="TEXT", help="What it is asked to write about."),
    click.option(
        "--topic-from",
        type=click.Choice([one.value for one in TopicFrom if one is not TopicFrom.MODEL]),
        help="Who chose that topic: operator, if not given.",
    ),
)


_SELECTION_OPTIONS = (
    click.option(
        "--select",
        type=click.Choice([one.value for one in Selection]),
        default=Selection.FIRST.value,
        show_default=True,
        help="Which draft is taken; recorded before the first.",
    ),
    click.option("--drafts", type=click.IntRange(1, MOST_DRAFTS), help="How many are asked for."),
)


def context_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options on what a model is shown, given to `command` as `wanted`."""

    @functools.wraps(command)
    def with_context(  # noqa: PLR0913  # one for each option, as in cli.py
        *args: Any,  # noqa: ANN401  # whatever the command takes
        context: str,
        source: str | None,
        citation: str | None,
        letter: Path | None,
        news: Path | None,
        news_source: str | None,
        date: datetime | None,
        corrects: str | None,
        **kwargs: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        consents = {name: kwargs.pop(name) for name in CONSENTS}
        if news_source is not None and news is None:
            raise click.UsageError("--news-source says where --news FILE is from.")
        if any(consents.values()) and letter is None:
            raise click.UsageError("--may-be-shown, -printed and -kept are about --letter FILE.")
        stated = {"source": source, "citation": citation}
        wanted = _wanted(
            context, letter, consents, {name: text for name, text in stated.items() if text}
        )
        wanted = Wanted(
            source=wanted.source,
            text=wanted.text,
            news=None
            if news is None
            else read_news(news, {} if news_source is None else {"source": news_source}),
            day=None if date is None else date.date(),
            corrects=corrects,
        )
        return command(*args, wanted=wanted, **kwargs)

    return _with(_OPTIONS, with_context)


def topic_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options on a topic, given to `command` as `topic` and `topic_from`."""

    @functools.wraps(command)
    def with_topic(
        *args: Any,  # noqa: ANN401  # whatever the command takes
        wanted: Wanted,
        topic: str | None,
        topic_from: str | None,
        **kwargs: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        is_free = topic is None and wanted.corrects is None
        if is_free and topic_from is not None:
            raise click.UsageError("--topic-from says who chose --topic TEXT, or what to correct.")
        if topic is not None and not 0 < len(one_line(topic)) <= LONGEST_TOPIC:
            raise InputError(
                f"no text of at most {LONGEST_TOPIC} characters",
                at="--topic",
                mend="Say it in a sentence; what is longer is a file for --context.",
            )
        chosen = TopicFrom.MODEL if is_free else TopicFrom(topic_from or TopicFrom.OPERATOR)
        named = None if topic is None else one_line(topic)
        return command(*args, wanted=wanted, topic=named, topic_from=chosen, **kwargs)

    return _with(_TOPIC_OPTIONS, with_topic)


def selection_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --select and --drafts, given to `command` as `selection` and `drafts`."""

    @functools.wraps(command)
    def with_selection(
        *args: Any,  # noqa: ANN401  # whatever the command takes
        select: str,
        drafts: int | None,
        **kwargs: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        selection = Selection(select)
        if selection is Selection.FIRST and drafts not in {None, 1}:
            raise click.UsageError("--drafts says how many --select model or reviewer choose from.")
        if selection is not Selection.FIRST and (drafts is None or drafts == 1):
            raise click.UsageError(f"--select {select} needs --drafts, 2 or more.")
        return command(*args, selection=selection, drafts=drafts or 1, **kwargs)

    return _with(_SELECTION_OPTIONS, with_selection)


def _wanted(
    context: str, letter: Path | None, consents: dict[str, bool], stated: dict[str, str]
) -> Wanted:
    """Return which source is meant, with its text where a file has it."""
    if letter is not None:
        if context != Source.NONE or stated:
            raise click.UsageError("--letter stands instead of --context FILE.")
        return Wanted(source=Source.LETTER, text=read_letter(letter, consents))
    if (named := NAMED_SOURCES.get(context)) is None:
        source, text = read_file(Path(context), stated)
        return Wanted(source=source, text=text)
    if stated:
        raise click.UsageError("--source and --citation are about the FILE of --context.")
    return Wanted(source=named)


def _with(
    options: tuple[Callable[..., Any], ...], command: Callable[..., Any]
) -> Callable[..., Any]:
    for option in reversed(options):
        command = option(command)
    return command
