"""What the documents tell their reader to type exists, and the samples run.

In a `sh` fence each line is something to type; it is compared with the program. A `console` fence
shows a dialogue: its lines after `$ ` are run too, document by document, in the order in which
they stand, in an empty folder and against a Messages API on loopback. SESSION and POST in
them stand for the id of the newest one.
"""

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import pytest
from markdown_it import MarkdownIt

from archive.cli import emeritus as root
from tests.conftest import Emeritus
from tests.support.command_tree import commands, options
from tests.support.messages_server import serving

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
NEWEST = {"SESSION": ("interview", "sessions"), "POST": ("post", "posts")}

each_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT))
)


def samples(document: Path, *kinds: str) -> Iterator[list[str]]:
    """Return the commands of a document's fences of these kinds, each as its words."""
    for token in MarkdownIt("commonmark").parse(document.read_text()):
        if token.type == "fence" and token.info in kinds:
            lines = token.content.replace("\\\n", "").splitlines()
            if token.info == "console":
                lines = [line[2:] for line in lines if line.startswith("$ ")]
            yield from filter(None, (shlex.split(line, comments=True) for line in lines))


def faults(words: list[str], known: Mapping[str, click.Command]) -> list[str]:
    """Return what is wrong with a sample: a command, an option or a target that is not there."""
    program, *arguments = words
    if program == "make":
        return [word for word in arguments if "=" not in word and word not in TARGETS]
    if Path(program).name != "emeritus":
        return []
    typed = re.sub(r"^--workspace \S+ ", "", " ".join(arguments))
    command = next((name for name in known if re.match(rf"{name}(\s|$)", typed)), None)
    used = {word.partition("=")[0] for word in arguments if word.startswith("--")}
    if command is None:
        return [] if used & {"--help", "--version"} else [typed]
    return sorted(used - options(known[command]) - options(root) - {"--help"})


def filled_in(words: list[str], emeritus: Emeritus) -> list[str]:
    """Put the newest ids in place of SESSION and POST."""
    return [newest(*NEWEST[word], emeritus) if word in NEWEST else word for word in words]


def newest(command: str, several: str, emeritus: Emeritus) -> str:
    return max(str(row["id"]) for row in emeritus(command, "list", "--json").json[several])


@each_document
def test_everything_that_a_document_says_to_type_exists(document: Path) -> None:
    known = dict(commands())
    typed = samples(document, "sh", "console")

    assert [wrong for words in typed for wrong in faults(words, known)] == []


@each_document
def test_the_dialogues_of_a_document_run(
    document: Path, emeritus: Emeritus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with serving(key="sample") as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sample")
        for program, *arguments in samples(document, "console"):
            if program == "cd":
                monkeypatch.chdir(arguments[0])
                continue
            done = emeritus(*filled_in(arguments, emeritus))
            assert (program, done.exit_code) == ("emeritus", 0), f"{arguments}: {done.stderr}"


@pytest.mark.parametrize(
    ("sample", "wrong"),
    [
        pytest.param("emeritus --workspace demo preserve verify --json", [], id="right"),
        pytest.param("emeritus init house --operater x", ["--operater"], id="no such option"),
        pytest.param("emeritus preserve mend", ["preserve mend"], id="no such command"),
        pytest.param("make demo PYTHON=python3.12", [], id="a target"),
        pytest.param("make coffee", ["coffee"], id="no such target"),
    ],
)
def test_a_wrong_sample_is_seen(sample: str, wrong: list[str]) -> None:
    assert faults(shlex.split(sample), dict(commands())) == wrong
