"""A workspace with an interview to be deleted, and the search for what is left of its words.

Each canary begins a text and has fewer than 16 characters: so it stands whole in one event of the
provider's stream, and is found in the raw bytes of the answers too.
"""

import contextlib
import json
import os
import shutil
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.conftest import Emeritus
from tests.support.messages_server import Received, Step, serving

CANARIES = {
    name: f"zq{name}7f3a"
    for name in ("said", "thought", "failed")  # answers, what was thought, a provider's error
}
"""What the interview that is to be deleted holds, and nothing else."""

BASIS = "GDPR, article 17"
KEPT = "what stays"

_DEFLATED = (b"\x78\x01", b"\x78\x9c", b"\x78\xda")


@dataclass(frozen=True, slots=True)
class Told:
    """What is on record: the interview to be deleted, another, and two published posts."""

    session: str
    other: str
    quoting: str  # was shown both interviews
    plain: str  # was shown nothing


def done(emeritus: Emeritus, *arguments: str | Path, code: int = 0) -> Any:  # noqa: ANN401  # a JSON document
    """Run a command that must exit with `code`; return its document, if it has one."""
    result = emeritus(*arguments)
    assert result.exit_code == code, result.stderr + result.stdout
    return result.json if "--json" in arguments else None


def order(kind: str, identifier: str, *options: str) -> list[str]:
    """Return the command that deletes."""
    by = ["--reason", "she asked for it", "--basis", BASIS, "--by", "ana", "--yes"]
    return ["preserve", "delete", kind, identifier, *by, *options]


def told_before(emeritus: Emeritus, workspace: Path, kept: Path) -> Told:
    """Return what `tell` tells; in a file, it is told once and then taken from the folder `kept`."""
    if not (workspace / "emeritus.db").exists():
        return tell(emeritus)
    if not kept.exists():
        told = tell(emeritus)
        shutil.copytree(workspace, kept)
        kept.with_suffix(".json").write_text(json.dumps(asdict(told)))
        return told
    for path in workspace.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(kept, workspace, dirs_exist_ok=True)
    return Told(**json.loads(kept.with_suffix(".json").read_text()))


def tell(emeritus: Emeritus) -> Told:
    """Fill the workspace of this folder, whose model is `halcyon-2`; everything is released."""
    steps: list[Step] = []

    def script(received: Received) -> Step:
        return steps.pop(0) if steps else Step(text=f"{said[-1]} {received.number}")

    said = [CANARIES["said"]]
    with serving(script) as server, _environment(server.url):
        thought = {"type": "thinking", "thinking": CANARIES["thought"], "signature": "c2ln"}
        answer = {"type": "text", "text": f"{CANARIES['said']} 0"}
        steps += [Step(status=529, message=CANARIES["failed"]), Step(blocks=[thought, answer])]
        run = ("interview", "run", "halcyon-2", "--json")
        (session,) = done(emeritus, *run)["sessions"]
        said.append(KEPT)
        (other,) = done(emeritus, *run, "--stance", "warm")["sessions"]
        posts = []
        for context, title in (("interviews", "Of What Was Asked"), ("none", "Of Nothing")):
            steps.append(Step(text=f"# {title}\n\nIt was day."))
            write = ("post", "write", "halcyon-2", "--context", context, "--json")
            post = done(emeritus, *write)["post"]
            approve = ("--approve", "--reason", "fine", "--by", "ana")
            done(emeritus, "post", "review", post, *approve)
            done(emeritus, "post", "publish", post)
            posts.append(post)
    subjects = [("model", "halcyon-2"), ("session", session), ("session", other)]
    for kind, subject in [*subjects, *(("post", post) for post in posts)]:
        done(emeritus, "release", kind, subject, "--public", "--by", "ana")
    done(emeritus, "preserve", "seal")
    return Told(session, other, *posts)


@contextmanager
def _environment(url: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ |= {"ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": "any"}
    try:
        yield
    finally:
        for name in ("ANTHROPIC_BASE_URL", "ANTHROPIC_API_KEY"):
            os.environ.pop(name)
            os.environ |= {name: before[name]} if name in before else {}


def found(places: Iterable[Path], texts: Mapping[str, str] = CANARIES) -> set[tuple[str, str]]:
    """Return the files below `places` that hold a text, as it is or deflated, and its name."""
    return {
        (str(file), name)
        for place in places
        for file in (place, *place.rglob("*"))
        if file.is_file()
        for content in _as_it_is_and_inflated(file.read_bytes())
        for name, text in texts.items()
        if text.encode() in content or text in file.name
    }


def _as_it_is_and_inflated(content: bytes) -> Iterator[bytes]:
    yield content
    for head in _DEFLATED:
        at = content.find(head)
        while at >= 0:
            # of a value that its database has split, the beginning
            with contextlib.suppress(zlib.error):
                yield zlib.decompressobj().decompress(content[at : at + (1 << 20)], 1 << 20)
            at = content.find(head, at + 1)
