"""The program as its users see it: every command by its full name, and its options."""

import shlex
from collections.abc import Iterator

import click

from archive.cli import emeritus


def commands(group: click.Group = emeritus, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Walk every command that does something: `preserve verify`."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, f"{path}{name} ")
        elif command is not None:
            yield f"{path}{name}", command


def options(command: click.Command) -> set[str]:
    """Return a command's options in full: `--json`."""
    given = (option for parameter in command.params for option in parameter.opts)
    opposite = (option for parameter in command.params for option in parameter.secondary_opts)
    return {option for option in [*given, *opposite] if option.startswith("--")}


def lacking(line: str) -> set[str]:
    """Return the options that the command in `line` requires and that are not in it."""
    words = shlex.split(line.removeprefix("emeritus "))
    known = dict(commands())
    name = " ".join(words[:2]) if words[0] not in known else words[0]
    required = (option for option in known[name].params if option.required)
    names = {option.opts[0] for option in required if isinstance(option, click.Option)}
    return names - set(words)
