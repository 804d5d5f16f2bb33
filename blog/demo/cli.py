"""`emeritus demo`: the whole story, told on a small real model."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import click

from archive.commands import say
from archive.workspace.locks import only_runner
from archive.workspace.workspace import Workspace
from blog.demo import story

CHAPTERS: tuple[tuple[str, Callable[[Workspace, story.Say], None]], ...] = (
    ("put the model, its weights and its access policy on record", story.put_on_record),
    ("interview it, in two stances at once", story.interview),
    ("let it write three posts; review and publish them", story.write),
    ("release what the public may see", story.release),
    ("seal the record and verify it", story.preserve),
    ("build the site", story.build),
)

NEXT = """\
Read it:        emeritus --workspace {folder} site serve
Check it:       emeritus --workspace {folder} interview verify
                emeritus --workspace {folder} preserve verify
What is left:   emeritus --workspace {folder} status
With your own:  emeritus init, then docs/operator.md"""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def demo(folder: Path) -> None:
    """Tell the whole story in FOLDER, on the embedded model: no key, no network.

    It interviews a real model of 135 million parameters, lets it write, seals the record and
    builds the site. Stopped half-way, the same command goes on; a second run changes nothing.

    Example: emeritus demo demo
    """
    with closing(story.open_or_make(folder.resolve())) as workspace:
        if story.is_told(workspace):
            say(f"The story is told in {folder} already; nothing was changed.\n")
        else:
            with only_runner(workspace.lock("demo"), what=f"the demonstration in {folder}"):
                tell(workspace)
    say(NEXT.format(folder=folder))


def tell(workspace: Workspace) -> None:
    """Tell every chapter."""
    for number, (title, chapter) in enumerate(CHAPTERS, start=1):
        say(f"{number}/{len(CHAPTERS)} {title}")
        chapter(workspace, say)
    say("")
