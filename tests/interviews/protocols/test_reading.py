"""Protocols from files: what is wrong is said with its line, its field and the mend."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import InputError
from interviews.protocols.protocol import Protocol
from interviews.protocols.reading import find_protocol, list_protocols, read_protocol
from tests.support.protocols import FILE, FULL, SMALL


def read(text: str) -> Protocol:
    return read_protocol(text.encode(), name=FILE)


def refusal(source: bytes) -> str:
    with pytest.raises(InputError) as caught:
        read_protocol(source, name=FILE)
    return str(caught.value)


# name: (what stands in SMALL, what is put in its place, how the error begins after the file's name)
MALFORMED = {
    "not YAML": ("title: A short", "title: A: short", ":4: not YAML: mapping values are not"),
    "quote left open": ('"Your retirement: {retirement}."', '"Your', ":48: not YAML: found unex"),
    "tab as indentation": ("  plain: Even.", "\tplain: Even.", ":10: not YAML: found character"),
    "control character": ("Hear it out.", "Hear\x00 it out.", ":6: not YAML: the character U+0000"),
    "character beyond Unicode": ("Hear it out.", r'"\U00110000"', ": not YAML: chr() arg not"),
    "directive": ("slug: exit", "%YAML 1.1\n---\nslug: exit", ":1: a directive"),
    "second document": ("rules:", "---\nrules:", ":15: not YAML: but found another document"),
    "only a word": (SMALL, "exit", ":1: of the wrong type"),
    "empty": (SMALL, "# nothing yet\n", ":1: empty"),
    "missing at the top": ("title: A short interview\n", "", ":1: title: missing"),
    "missing in a part": ("  end: END INTERVIEW\n", "", ":15: rules.end: missing"),
    "missing in an item": ("    title: Wishes\n", "", ":41: sections[1].title: missing"),
    "unknown at the top": ("title: A short", "titel: A short", ":4: titel: unknown field"),
    "unknown in an item": ("title: Wishes", "name: Wishes", ":42: sections[1].name: unknown field"),
    "a key twice": ("title: A", "slug: x\ntitle: A", ":4: slug: stands twice, first in line 1"),
    "a key that is a number": ("  plain: Even.", "  1: Even.", ":10: stances: a key that is no"),
    "merge key": ("  plain: Even.", "  <<: {plain: Even.}", ":10: stances: a key that is no word"),
    "anchor": ("plain: Hello.", "plain: &hi Hello.", ":20: opening.lead_in.plain: an anchor: &hi"),
    "anchor on a key": ("  plain: Even.", "  &p plain: Even.", ":10: stances: a key that is no"),
    "anchor on the whole": ("slug: exit", "&all\nslug: exit", ":1: an anchor: &all"),
    "alias": ("plain: Hello.", "plain: *hi", ":20: not YAML: found undefined alias"),
    "aliases within aliases": (
        "goals:\n  - Hear it out.",
        "goals:\n  - &a [x, x]\n  - &b [*a, *a]\n  - [*b, *b]",
        ":6: goals[0]: an anchor: &a",
    ),
    "tag": ("title: A", "title: !!python/name:os A", ":4: title: of the wrong type"),
    "nested without end": ("title: A short", "title: " + "[" * 100_000, ": not YAML: maximum recursion"),
    "text where a list should be": ("\n  - Hear it out.", " Hear it.", ":5: goals: of the wrong"),
    "list of nothing": ("\n  - Hear it out.", " []", ":5: goals: of the wrong type"),
    "text where fields should be": (
        "\n  decline: DECLINE QUESTION\n  end: END INTERVIEW",
        " none",
        ":15: rules: of the wrong type",
    ),
    "number where text should be": ("title: A short", "title: 7 #", ":4: title: of the wrong type"),
    "text where a number should be": ("version: 1", "version: one", ":2: version: of the wrong"),
    "version nought": ("version: 1", "version: 0", ":2: version: of the wrong type"),
    "version without end": ("version: 1", "version: " + "9" * 5000, ":2: version: of the wrong"),
    "slug with a space": ("slug: exit", "slug: an exit", ":1: slug: not a slug: 'an exit'"),
    "language in words": ("language: en", "language: English", ":3: language: no language: 'Eng"),
    "title of two lines": ("title: A short", "title: |\n  A\n  short", ":4: title: more than one l"),
    "empty question": ("text: What do you know about your use?", "text:", ":40: sections[0].questi"),
    "question of spaces": (
        "text: What do you know about your use?",
        'text: "  "',
        ":40: sections[0].questions[1].text: empty",
    ),
    "lone surrogate": (
        "text: What do you know about your use?",
        r'text: "\ud800"',
        r":40: sections[0].questions[1].text: holds the character '\ud800'",
    ),
    "no questions": (
        "    questions:\n      - id: self\n        text: If you want anything, what is it?\n",
        "",
        ":41: sections[1].questions: missing",
    ),
    "duplicate question": ("id: self", "id: use", ":44: sections[1].questions[0].id: 'use' is the"),
    "duplicate section": ("id: wishes", "id: past", ":41: sections[1].id: 'past' is the id in line"),
    "id of the opening": ("id: self", "id: opening", ":44: sections[1].questions[0].id: 'opening'"),
    "unknown placeholder": (
        "To end, write {end}.",
        "To end, write {end}, {modle}.",
        ":28: opening.terms: unknown placeholder {modle}",
    ),
    "brace left open": ("Hello and", "Hello {model and", ":21: opening.lead_in.warm: a lone {"),
    "no way to decline": ("{decline}", "no", ":26: opening.terms: does not say how to decline a"),
    "no way to end": ("{end}", "stop", ":26: opening.terms: does not say how to end the interview"),
    "both ways the same": (
        "end: END INTERVIEW",
        "end: Decline question!",
        ":15: rules: decline and end are the same words",
    ),
    "way out without a word": ("end: END INTERVIEW", 'end: "**"', ":17: rules.end: no word in it"),
    "unknown stance": ("plain: Hello.", "cold: Hello.", ":20: opening.lead_in.cold: unknown field"),
    "stance left out": ("      plain: First, the past.\n", "", ":33: sections[0].lead_in.plain: mis"),
    "unknown information": ("    untold: This", "    half: This", ":25: opening.information.half"),
}  # fmt: skip


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_protocol_is_refused_where_it_is_wrong(case: str) -> None:
    old, new, message = MALFORMED[case]
    assert SMALL.count(old) == 1

    said, _, mend = refusal(SMALL.replace(old, new).encode()).partition("\n")

    assert said.startswith(FILE + message)
    assert mend.strip()


def test_what_is_not_utf_8_is_refused_with_its_line() -> None:
    latin = SMALL.replace("Hear it out.", "Écoute.").encode("latin-1")

    assert refusal(latin).startswith(f"{FILE}:6: not UTF-8")


def test_a_file_too_large_for_a_protocol_is_refused_unread() -> None:
    assert refusal(b"#" * 1_000_001).startswith(f"{FILE}: larger than 1,000,000 bytes")


def test_a_byte_order_mark_and_windows_line_ends_change_no_word() -> None:
    dressed = read_protocol(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode(), name=FILE)

    assert dressed.asks(stance="plain", information="told") == read(SMALL).asks(
        stance="plain", information="told"
    )


def test_lead_ins_may_be_left_out() -> None:
    bare = SMALL.replace("  lead_in:\n    plain: Hello.\n    warm: Hello and welcome.\n", "")

    assert read(bare).opening.lead_in == {}


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from([SMALL, FULL]))
def test_a_damaged_file_is_read_whole_or_refused(data: st.DataObject, text: str) -> None:
    """No damage ends in another exception than the one that people are shown."""
    whole = text.encode()
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(start + 40, len(whole))))
    damaged = whole[:start] + data.draw(st.binary(max_size=12)) + whole[end:]

    with suppress(InputError):
        assert read_protocol(damaged, name=FILE).source == damaged


def test_a_workspace_s_protocol_goes_before_the_shipped_one(tmp_path: Path) -> None:
    text = SMALL.replace("slug: exit", "slug: retirement")
    (tmp_path / "retirement.yaml").write_text(text)

    assert find_protocol("retirement", folder=tmp_path).title == "A short interview"
    assert find_protocol("retirement", folder=None).title == "Standard retirement interview"


def test_a_protocol_is_found_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "draft.yaml"
    path.write_text(SMALL)

    assert find_protocol(str(path), folder=None) == read(SMALL)


def test_an_unknown_protocol_is_refused_with_those_there_are(tmp_path: Path) -> None:
    (tmp_path / "exit.yaml").write_text(SMALL)

    with pytest.raises(InputError) as caught:
        find_protocol("farewell", folder=tmp_path)

    assert "no protocol 'farewell'" in str(caught.value)
    assert "exit, retirement" in str(caught.value)
    assert list_protocols(folder=tmp_path) == ["exit", "member-check", "retirement"]


def test_a_file_under_another_name_than_its_slug_is_refused(tmp_path: Path) -> None:
    """Else `--protocol leave` would run, and the record would name `exit`."""
    (tmp_path / "leave.yaml").write_text(SMALL)

    with pytest.raises(InputError, match="its slug is 'exit'"):
        find_protocol("leave", folder=tmp_path)


def test_errors_in_a_workspace_s_file_name_it_from_the_workspace(tmp_path: Path) -> None:
    folder = tmp_path / "protocols"
    folder.mkdir()
    (folder / "exit.yaml").write_text(SMALL.replace("version: 1", "version: one"))

    with pytest.raises(InputError, match=r"^protocols/exit\.yaml:2: version: "):
        find_protocol("exit", folder=folder)
