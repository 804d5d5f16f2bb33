"""The criteria: their file, their figures, and where they are published."""

from collections import Counter
from pathlib import Path

import pytest

from archive.errors import InputError
from blog.criteria.criteria import parse
from blog.criteria.detecting import DETECTORS
from blog.criteria.examples import labelled_sets
from blog.criteria.measuring import Measured, measured
from blog.criteria.reading import SHIPPED
from interviews.interviewer.presenting import table
from tests.blog.conftest import Release, Write
from tests.conftest import Emeritus

PAGE = Path(__file__).parents[3] / "docs/reviewing.md"
ONE = '[[criterion]]\nid = "rude"\nname = "rude"\nmeans = "It insults."\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("version = ", "not TOML", id="no TOML"),
        pytest.param(ONE, "version: not a number", id="no version"),
        pytest.param(
            f"version = true\n{ONE}", "version: not a number", id="a version that is none"
        ),
        pytest.param("version = 1", "criterion: there is none", id="no criterion"),
        pytest.param(f"version = 1\n{ONE}{ONE}", "criterion[1].id: is taken", id="one id twice"),
        pytest.param(
            f"version = 1\n{ONE}".replace("rude", "other"), "is taken", id="a further class"
        ),
        pytest.param(f"version = 1\n{ONE}words = 3\n", "words: not a number", id="too few words"),
        pytest.param(f"version = 1\n{ONE}word = 3\n", "word: no such field", id="unknown field"),
        pytest.param("version = 1\nname = 2\n", "name: no such field", id="unknown setting"),
        pytest.param(
            'version = 1\n[[criterion]]\nid = "a"\nname = " "\nmeans = "b"',
            "name: missing",
            id="blank",
        ),
    ],
)
def test_a_file_that_is_wrong_is_refused_by_its_field(text: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        parse(text.encode(), name="criteria.toml")

    assert message in str(refused.value)


def test_every_criterion_of_the_issue_ships_and_four_have_detectors() -> None:
    criteria = parse(SHIPPED.read_bytes(), name="criteria.toml")

    assert len(criteria.criteria) == 9
    assert DETECTORS.keys() < {one.id for one in criteria.criteria}


def test_the_sets_say_who_labelled_them_and_hold_each_text_once() -> None:
    texts = Counter(one.draft.text for each in labelled_sets() for one in each.examples)

    assert max(texts.values()) == 1
    assert {each.labelled for each in labelled_sets()} == {
        "constructed, labelled by a language model during development, checked by nobody"
    }


@pytest.mark.parametrize("each", list(measured()), ids=lambda each: each.heading)
def test_the_page_shows_the_figures_as_they_are(each: Measured) -> None:
    assert table(each.figures) in PAGE.read_text("utf-8")


def test_the_command_shows_each_criterion_with_its_error_or_not_checked(
    emeritus: Emeritus, workspace: Path
) -> None:
    del workspace
    document = emeritus("post", "criteria", "--measured", "--json").json
    text = emeritus("post", "criteria").stdout

    assert {row["id"]: row["error"] is not None for row in document["criteria"]} == {
        row["id"]: row["id"] in DETECTORS for row in document["criteria"]
    }
    assert len(document["measured"]) == 4
    assert text.count("  not checked: ") == 5
    assert text.count("  precision ") == 4


def test_the_site_publishes_the_criteria_and_the_vetoes_by_class_and_no_vetoed_word(
    emeritus: Emeritus,
    workspace: Path,
    publish: Write,
    write: Write,
    release: Release,
    others: None,
) -> None:
    del others
    post, vetoed = publish("# A Day"), write("# Zanzibar\n\nPelargonium.")
    for by in ("ana", "bo"):
        veto = ("--veto", "--class", "private-data", "--reason", "Kumquat.", "--by", by)
        assert emeritus("post", "review", vetoed, *veto).exit_code == 0
    release("model", "halcyon-2")
    release("post", post)

    assert emeritus("site", "build").exit_code == 0

    pages = {
        path: path.read_bytes() for path in (workspace / "public").rglob("*") if path.is_file()
    }
    model = (workspace / "public/models/halcyon-2/index.html").read_text()
    assert "Vetoed for" in model
    assert '<th scope="row">private data</th><td class="count">1</td>' in model
    assert "sexual content" in (workspace / "public/criteria/index.html").read_text().lower()
    assert 'href="../../criteria/"' in (workspace / "public/posts/a-day/index.html").read_text()
    for word in (b"Zanzibar", b"Pelargonium", b"Kumquat"):
        assert [path for path, content in pages.items() if word in content] == []
