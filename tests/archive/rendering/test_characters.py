"""Plain text that pages and feeds can hold."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.rendering.characters import one_line, plain

ANY = st.text(st.characters(exclude_categories=[]) | st.sampled_from("\x00\x0b\ufffe\ud800"))


@given(ANY)
def test_any_text_becomes_one_that_xml_can_hold(text: str) -> None:
    element = ET.Element("title")
    element.text = plain(text)

    assert ET.fromstring(ET.tostring(element, "utf-8")).text is not None or not text  # noqa: S314  # our own


TITLES = {
    "two lines": ("a\n b", "a b"),
    "an override": ("a\u202eb", "ab"),
    "an isolate left open": ("a\u2067b", "ab"),
    "a control": ("a\x07b", "a\ufffdb"),
    "white space alone": (" \t\n", ""),
}


@pytest.mark.parametrize(("text", "line"), TITLES.values(), ids=TITLES.keys())
def test_a_title_is_one_line_that_steers_nothing_around_it(text: str, line: str) -> None:
    assert one_line(text) == line
