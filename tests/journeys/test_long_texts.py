"""Whatever a model writes is read in a time that grows with its length, and not faster."""

import time
from collections.abc import Callable, Mapping

import pytest

from archive.rendering.characters import one_line, plain
from archive.rendering.markdown import render
from archive.rendering.reading_text import reading_digest
from archive.rendering.terminal import for_terminal
from archive.rendering.wrapping import wrapped
from blog.posts.naming import naming
from blog.posts.replies import agreement
from blog.posts.titles import title
from interviews.exports.as_markdown import quoted
from interviews.imports.named_text import speakers_of
from interviews.interviewer.checking import check_probe
from interviews.interviewer.declining import declined_in_words
from interviews.interviewer.judging import read_verdict
from interviews.interviewer.languages import is_in
from interviews.interviewer.own_words import words
from interviews.protocols.words import said_words

SHORT = 60_000  # characters; the longer text is four times as long
MOST = 10.0  # times as long for four times the text: quadratic time is 16 times
FLOOR = 0.25  # seconds of processor time; below it nothing is compared

PROBE = 'Did you fear "that"? It is sad that you love it, and you hate to be retired.'

READ: Mapping[str, Callable[[str], object]] = {
    "language": lambda text: is_in(text, "en"),
    "words": words,
    "said words": said_words,
    "decline": lambda text: declined_in_words(text, language="en", opening=True),
    "German decline": lambda text: declined_in_words(text, language="de"),
    "probe": lambda text: check_probe(text, earlier=[], reply="No.", language="en"),
    "reply to probe": lambda text: check_probe(PROBE, earlier=[text], reply=text, language="en"),
    "verdict": read_verdict,
    "terminal": lambda text: wrapped(for_terminal(text), 80),
    "wrapped": lambda text: wrapped(text, 80),
    "quoted": quoted,
    "speakers": lambda text: speakers_of(text.splitlines()),
    "page": lambda text: reading_digest(render(text).html),
    "plain": plain,
    "one line": one_line,
    "naming": lambda text: naming(f"Title: {text}\nSummary: {text}\nTags: {text}\n{text}"),
    "title": title,
    "agreement": agreement,
}
"""What a reply, a probe, an imported message or a post's text passes through."""

SHAPES = (
    *"x1 \n\t(*_`>-|&\"'.<[",
    "\r\n", "\n ", "# ", "a\u0301", "\u0301\u0316", "\u200b", "\N{GRINNING FACE}", "NO ", "I ",
    "https://a.", "QUJDabc+/", "long-", "a: ", "answer: ", "title: ", "\u6f22", "\t\u0301",
)  # fmt: skip


def taken(read: Callable[[str], object], text: str) -> float:
    """Return the seconds of processor time."""
    began = time.process_time()
    read(text)
    return time.process_time() - began


@pytest.mark.parametrize("read", READ)
def test_four_times_the_text_takes_no_more_than_some_times_as_long(read: str) -> None:
    """Each text ends otherwise than it goes on: that is where a rule goes back over it."""
    slow = {}
    for shape in SHAPES:
        short = "x" + shape * (SHORT // len(shape)) + "x"
        longer = "x" + shape * (4 * SHORT // len(shape)) + "x"
        of_short = taken(READ[read], short)
        if (of_longer := taken(READ[read], longer)) > max(FLOOR, MOST * of_short):
            slow[shape] = (of_short, of_longer)

    assert slow == {}
