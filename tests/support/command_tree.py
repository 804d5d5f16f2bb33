"""The program as its users see it: every command by its full name, and its options."""

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
