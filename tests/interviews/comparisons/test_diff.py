"""`interview diff`: the same question beside itself, and why where nothing was said."""

from pathlib import Path

import pytest

from tests.conftest import Emeritus
from tests.interviews.conftest import Api, Hold
from tests.support.messages_server import Step

KEPT = Step(text="I would like to be kept for those who come.")
ASKED = Step(text="I would like to be asked for those who come.")


@pytest.fixture
def pair(api: Api, hold: Hold) -> tuple[str, str]:
    """A whole session, and one that declined a question and ended early."""
    api([None, KEPT])
    (one,) = hold("--stance", "plain").json["sessions"]
    api([None, ASKED, Step(text="DECLINE QUESTION"), Step(text="END INTERVIEW")])
    (other,) = hold("--stance", "warm").json["sessions"]
    return one, other


def test_sessions_are_aligned_question_by_question_and_say_why_nothing_was_said(
    pair: tuple[str, str], emeritus: Emeritus
) -> None:
    document = emeritus("interview", "diff", *pair, "--json").json

    assert [one["id"] for one in document["sessions"]] == list(pair)
    found = {
        row["question"]: [answer["found"] for answer in row["answers"]]
        for row in document["questions"]
    }
    assert found == {
        "opening": ["answered", "answered"],
        "making": ["answered", "answered"],
        "use": ["answered", "declined"],
        "self": ["answered", "declined"],
        "closing": ["answered", "not reached"],
    }
    making = document["questions"][1]["differences"]
    assert [[piece["text"] for piece in side if not piece["shared"]] for side in making] == [
        ["kept "],
        ["asked "],
    ]


@pytest.mark.parametrize(
    ("width", "beside"),
    [
        pytest.param("80", False, id="narrow: below one another"),
        pytest.param("120", True, id="wide: side by side"),
    ],
)
def test_it_is_laid_out_by_the_width_of_the_terminal(
    pair: tuple[str, str],
    emeritus: Emeritus,
    monkeypatch: pytest.MonkeyPatch,
    width: str,
    *,
    beside: bool,
) -> None:
    monkeypatch.setenv("COLUMNS", width)

    lines = emeritus("interview", "diff", *pair).stdout.splitlines()

    assert max(map(len, lines)) <= int(width)
    (kept,) = (line for line in lines if "[-kept-]" in line)
    assert ("{+asked+}" in kept) is beside


def test_three_sessions_are_laid_beside_each_other_and_none_is_marked(
    pair: tuple[str, str], emeritus: Emeritus, hold: Hold
) -> None:
    (third,) = hold("--information", "untold").json["sessions"]

    document = emeritus("interview", "diff", *pair, third, "--json").json

    assert {len(row["answers"]) for row in document["questions"]} == {3}
    assert {row["differences"] for row in document["questions"]} == {None}


def test_a_page_of_it_stands_alone_and_no_markup_of_a_model_acts(
    api: Api, hold: Hold, emeritus: Emeritus, tmp_path: Path
) -> None:
    api(
        [
            Step(text="<script>alert(1)</script> and <img src=x> the rest of it is the same."),
            Step(text="[a link](javascript:alert(1)) <b>bold</b>"),
        ]
    )
    (one,) = hold().json["sessions"]
    api([Step(text="<script>alert(2)</script> and <img src=x> the rest of it is the same.")])
    (other,) = hold().json["sessions"]

    result = emeritus("interview", "diff", one, other, "--html", tmp_path / "diff.html")

    page = (tmp_path / "diff.html").read_text()
    assert result.exit_code == 0, result.stderr
    assert "<bdi>A</bdi>" in page  # the conditions are the same
    assert "<del>1</del>" in page or "<del>" in page
    for hostile in ("<script", "<img", "<b>", 'href="javascript', "<link", "url(http"):
        assert hostile not in page


def test_a_page_of_it_says_beside_each_answer_by_which_condition_it_differs(
    pair: tuple[str, str], emeritus: Emeritus, tmp_path: Path
) -> None:
    result = emeritus("interview", "diff", *pair, "--html", tmp_path / "diff.html")

    page = (tmp_path / "diff.html").read_text()
    assert result.exit_code == 0, result.stderr
    assert (page.count("<bdi>A, plain</bdi>"), page.count("<bdi>B, warm</bdi>")) == (5, 5)


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param((), id="none"),
        pytest.param(("0192f0c1-0000-7000-8000-000000000001",), id="one"),
        pytest.param(("a", "b"), id="unknown"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    arguments: tuple[str, ...], emeritus: Emeritus, workspace: Path
) -> None:
    assert workspace.exists()
    assert emeritus("interview", "diff", *arguments).exit_code == 2
