"""The command `emeritus`: gathers the wings' commands and prints every error.

`--help` shows each command by the summary that its wing gives, and imports none of them.
"""

import errno
import pkgutil
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn, cast

import click
from typing_extensions import override

from archive import wing
from archive.errors import EmeritusError, FaultError, InputError, ServiceError
from archive.rendering.terminal import for_terminal

INTERRUPTED = 130


class Gathered(click.Group):
    """A group with commands that the wings offer below it, each imported when it is called."""

    above = ""  # the words before them: "weights"; none at the root

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:  # click's signature
        return sorted({*super().list_commands(ctx), *wing.commands(self.above)})

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        offered = wing.commands(self.above).get(cmd_name)
        if offered is None:
            return super().get_command(ctx, cmd_name)
        command = cast("click.Command", pkgutil.resolve_name(offered.target))
        return _with_offered(command, offered.name) if wing.commands(offered.name) else command

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        room = formatter.width - 6 - max(map(len, self.list_commands(ctx)))
        own = {name: command.get_short_help_str(room) for name, command in self.commands.items()}
        offered = wing.commands(self.above).items()
        summaries = own | {name: command.summary for name, command in offered}
        with formatter.section("Commands"):
            formatter.write_dl(sorted(summaries.items()))


def _with_offered(command: click.Command, name: str) -> Gathered:
    """Return the group `name` of one wing with what the others offer below it."""
    group = cast("click.Group", command)
    gathered = Gathered(
        group.name,
        commands=group.commands,
        callback=group.callback,
        params=group.params,
        help=group.help,
    )
    gathered.above = name
    return gathered


@click.group(cls=Gathered, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("emeritus"), prog_name="emeritus")
@click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    help="The workspace; else EMERITUS_WORKSPACE, else the nearest one upward from here.",
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def emeritus(workspace: Path | None, *, debug: bool) -> None:
    """Retire a language model well: interview it, keep it, let it write.

    \b
    Example: emeritus demo demo
             emeritus --workspace demo status
    """  # noqa: D301  # click reads \b as "do not wrap"


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line, `sys.argv` if none is given, and exit as the contract says."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    try:
        _check_text(given)
        code = emeritus.main(given, prog_name="emeritus", standalone_mode=False)
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted. What was recorded is kept.", err=True)
        code = INTERRUPTED
    except EmeritusError as error:
        code = _report(error, debug=debug)
    except OSError as error:
        code = _report(_in_plain_words(error), debug=debug)
    except Exception as error:  # noqa: BLE001  # whatever the bug, nobody is shown a traceback
        code = _report(_as_fault(error), debug=debug)
    sys.exit(code if isinstance(code, int) else 0)


def _check_text(arguments: Sequence[str]) -> None:
    """Refuse what is no text: neither the record nor a document could hold it."""
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError as error:
            raise InputError(
                "not UTF-8",
                at=argument.encode(errors="backslashreplace").decode(),
                mend="Write it in UTF-8. A folder with another name can be entered, and named `.`.",
            ) from error


def _report(error: EmeritusError, *, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    click.echo(for_terminal(str(error)), err=True)
    return error.exit_code


def _as_fault(error: Exception) -> EmeritusError:
    # exit code 1, a fault was found: 2 would blame what was typed, and 3 would invite a retry
    first, *_ = f"{error}".splitlines() or [""]
    return FaultError(
        f"a fault in Emeritus itself: {type(error).__name__}: {for_terminal(first)}",
        at="emeritus",
        mend="Run it again as `emeritus --debug …`, and report what it prints.",
    )


def _in_plain_words(error: OSError) -> EmeritusError:
    where = str(error.filename or "the system")
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return ServiceError(
            "the disk is full", at=where, mend="Free some space; what was recorded is kept."
        )
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return ServiceError(
            "may not be read or written", at=where, mend="Give yourself the right to."
        )
    return ServiceError(
        error.strerror or str(error), at=where, mend="Check the disk and the path, then try again."
    )
