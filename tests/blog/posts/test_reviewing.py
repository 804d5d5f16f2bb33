"""`post review`: a verdict is added, never taken away, and no command edits a text."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from archive.log.entries import LogEntry
from archive.workspace.workspace import open_workspace
from blog.posts.cli import post as post_group
from blog.posts.reviews import PERSON, PROGRAM, Review, Standing, Verdict, may_not, standing
from tests.blog.conftest import Review as ReviewPost
from tests.blog.conftest import Shown, Write
from tests.conftest import Emeritus
from tests.support.command_tree import commands


def log(workspace: Path) -> list[tuple[str, str]]:
    """Return the kind and the subject of every entry of the log."""
    opened = open_workspace(workspace)
    with opened.database.reading() as session:
        rows = [(row.kind, row.subject) for row in session.exec(select(LogEntry))]
    opened.close()
    return rows


def test_the_last_review_holds_and_the_first_is_kept(
    emeritus: Emeritus, write: Write, shown: Shown, workspace: Path
) -> None:
    post = write()

    emeritus("post", "review", post, "--veto", "--reason", "names a user", "--by", "ana")
    emeritus("post", "review", post, "--approve", "--reason", "it is a ship", "--by", "ana")

    reviews = shown(post)["drafts"][0]["reviews"]
    assert [(row["verdict"], row["reason"]) for row in reviews] == [
        ("vetoed", "names a user"),
        ("approved", "it is a ship"),
    ]
    assert shown(post)["state"] == "approved"
    logged = [entry for entry in log(workspace) if entry[0] == "review"]
    assert logged == [("review", row["id"]) for row in reviews]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["--reason", "x", "--by", "ana"], "Give one of --approve", id="no verdict"),
        pytest.param(["--veto", "--by", "ana"], "--reason", id="no reason"),
        pytest.param(["--veto", "--reason", " ", "--by", "ana"], "--reason: empty", id="blank"),
        pytest.param(["--veto", "--reason", "x"], "--by", id="nobody"),
        pytest.param(["--veto", "--reason", "x", "--by", "bob"], "no such person", id="unknown"),
    ],
)
def test_a_review_that_is_none_is_refused_and_nothing_is_kept(
    emeritus: Emeritus, write: Write, shown: Shown, arguments: list[str], message: str
) -> None:
    post = write()

    refused = emeritus("post", "review", post, *arguments)

    assert (refused.exit_code, shown(post)["state"]) == (2, "draft")
    assert message in refused.stderr


def test_a_post_that_nobody_knows_is_refused(emeritus: Emeritus, workspace: Path) -> None:
    del workspace

    refused = emeritus("post", "review", "nothing", "--veto", "--reason", "x", "--by", "ana")

    assert (refused.exit_code, "nothing: no such post" in refused.stderr) == (2, True)


def test_a_published_post_is_not_reviewed_again(
    emeritus: Emeritus, publish: Write, shown: Shown
) -> None:
    post = publish()
    before = shown(post)

    refused = emeritus("post", "review", post, "--veto", "--reason", "late", "--by", "ana")

    assert (refused.exit_code, shown(post)) == (1, before)
    assert "it is published" in refused.stderr


def test_no_command_edits_a_text() -> None:
    assert {name for name, _ in commands(post_group)} == {
        "ask",
        "list",
        "publish",
        "review",
        "show",
        "write",
    }


FLAGGED = "# A Day\n\nWrite to keeper@halcyon.example."


def given_by(by: str, verdict: Verdict, *, flagged: bool = False, program: bool = False) -> Review:
    flag = {"criterion": "private-data", "detector": "d", "what": "w", "start": 0, "end": 1}
    return Review(
        draft="draft",
        verdict=verdict,
        reason="because",
        by=by,
        at="2026-11-25T00:00:00.000000Z",
        by_kind=PROGRAM if program else PERSON,
        criteria=1,
        criteria_digest="0",
        flags=[flag] if flagged else [],
    )


YES, NO = Verdict.APPROVED, Verdict.VETOED


@pytest.mark.parametrize(
    ("reviews", "verdict", "proposed_by"),
    [
        pytest.param([given_by("ana", YES)], YES, None, id="one approves what is not flagged"),
        pytest.param([given_by("ana", NO)], None, "ana", id="one proposes a veto"),
        pytest.param([given_by("ana", NO), given_by("ana", NO)], None, "ana", id="the same twice"),
        pytest.param([given_by("ana", NO), given_by("bo", NO)], NO, None, id="two veto"),
        pytest.param(
            [given_by("ana", YES, flagged=True)], None, "ana", id="one approves a flagged"
        ),
        pytest.param(
            [given_by("ana", YES, flagged=True), given_by("bo", YES, flagged=True)],
            YES,
            None,
            id="two approve a flagged one",
        ),
        pytest.param(
            [given_by("ana", NO), given_by("bo", YES)], YES, None, id="a proposed veto turned down"
        ),
        pytest.param(
            [given_by("ana", NO), given_by("bo", YES, flagged=True)],
            None,
            "bo",
            id="turned down by what is only proposed",
        ),
        pytest.param(
            [given_by("ana", NO), given_by("bo", NO), given_by("ana", YES)],
            NO,
            "ana",
            id="one does not undo a veto of two",
        ),
        pytest.param(
            [given_by("ana", NO), given_by("bo", NO), given_by("ana", YES), given_by("bo", NO)],
            NO,
            None,
            id="the veto stands",
        ),
        pytest.param(
            [given_by("ana", NO), given_by("bo", NO), given_by("ana", YES), given_by("bo", YES)],
            YES,
            None,
            id="two undo a veto of two",
        ),
        pytest.param(
            [given_by("ana", YES), given_by("bo", NO)], YES, "bo", id="veto of an approved"
        ),
        pytest.param(
            [given_by("script", NO, program=True), given_by("ana", NO)],
            NO,
            None,
            id="a program proposes",
        ),
        pytest.param(
            [Review(draft="draft", verdict=NO, reason="x", by="ana", at="2026")],
            NO,
            None,
            id="before there were criteria one decided",
        ),
    ],
)
def test_two_people_decide_what_one_proposes(
    reviews: list[Review], verdict: Verdict | None, proposed_by: str | None
) -> None:
    found = standing(reviews)

    assert found.verdict == verdict
    assert (found.proposed.by if found.proposed else None) == proposed_by


@given(
    st.lists(
        st.builds(
            given_by,
            st.sampled_from(["ana", "bo", "cy"]),
            st.sampled_from(Verdict),
            flagged=st.booleans(),
        )
    )
)
def test_whatever_was_reviewed_a_veto_stands_on_two_people(reviews: list[Review]) -> None:
    decided = standing(reviews).decided

    flagged = decided and decided[-1].verdict == YES and decided[-1].flags
    if decided and (decided[-1].verdict == NO or flagged):
        assert len({row.by for row in decided}) == 2


@pytest.mark.parametrize(
    ("first", "second", "refusal"),
    [
        pytest.param(given_by("ana", NO), NO, "a program is never the second", id="second"),
        pytest.param(given_by("ana", NO), YES, "turns down no person's proposal", id="turns down"),
        pytest.param(given_by("robot", NO, program=True), YES, None, id="another program's"),
    ],
)
def test_a_program_decides_nothing_that_a_person_proposed(
    first: Review, second: Verdict, refusal: str | None
) -> None:
    said = may_not(given_by("script", second, program=True), Standing(proposed=first))

    assert (said is None) if refusal is None else (said is not None and refusal in said)


def test_a_veto_is_proposed_then_done_and_each_command_says_what_is_needed(
    emeritus: Emeritus, write: Write, review: ReviewPost, shown: Shown
) -> None:
    post = write()

    first = review(post, "--veto", "ana", "--class", "confidential")
    listed = emeritus("post", "list").stdout
    second = review(post, "--veto", "bo")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "its veto is proposed by ana, and needs a second person" in first.stderr
    assert "veto proposed by ana, needs a second" in listed
    assert second.stderr == f"post {post} is vetoed.\n"
    assert (shown(post)["state"], shown(post)["waits_for"]) == ("vetoed", None)


def test_a_flagged_text_is_approved_by_two_and_its_label_names_both(
    emeritus: Emeritus, write: Write, review: ReviewPost, shown: Shown
) -> None:
    post = write(FLAGGED)

    first = review(post, "--approve", "script")
    refused = emeritus("post", "publish", post)
    second = review(post, "--approve", "bo")
    published = emeritus("post", "publish", post)

    assert "The text is flagged: private-data." in first.stderr
    assert (refused.exit_code, second.exit_code, published.exit_code) == (1, 0, 0)
    assert "approved by a script (a program) and Bo Lee (named, not" in shown(post)["label"]
    (flag,) = shown(post)["drafts"][0]["reviews"][0]["flags"]
    assert FLAGGED[flag["start"] : flag["end"]] == "keeper@halcyon.example"


def test_a_flag_that_a_program_alone_would_wave_through_stays_proposed(
    write: Write, review: ReviewPost, shown: Shown
) -> None:
    post = write(FLAGGED)
    review(post, "--approve", "ana")

    refused = review(post, "--approve", "script")

    assert (refused.exit_code, shown(post)["state"]) == (1, "approval proposed")
    assert "a program is never the second" in refused.stderr


@pytest.mark.parametrize(
    ("verdict", "named", "message"),
    [
        pytest.param("--veto", "rude", "no such class: 'rude'", id="unknown"),
        pytest.param("--approve", "other", "--class is the class of a veto", id="of an approval"),
    ],
)
def test_a_class_is_one_of_the_criteria_and_of_a_veto(
    write: Write, review: ReviewPost, shown: Shown, verdict: str, named: str, message: str
) -> None:
    post = write()

    refused = review(post, verdict, "ana", "--class", named)

    assert (refused.exit_code, shown(post)["state"]) == (2, "draft")
    assert message in refused.stderr


def test_criteria_that_changed_need_a_new_version(
    write: Write, review: ReviewPost, workspace: Path
) -> None:
    posts = [write(), write()]
    review(posts[0], "--approve", "ana")
    own = workspace / "criteria.toml"
    text = '[[criterion]]\nid = "rude"\nname = "rude"\nmeans = "It insults somebody."\n'
    own.write_text(f"version = 1\n{text}")

    refused = review(posts[1], "--approve", "ana")
    own.write_text(f"version = 2\n{text}")
    accepted = review(posts[1], "--approve", "ana")

    assert (refused.exit_code, accepted.exit_code) == (2, 0)
    assert "changed, and still version 1" in refused.stderr


def test_an_overlap_with_an_earlier_post_is_flagged(
    write: Write, publish: Write, shown: Shown
) -> None:
    words = " ".join(f"word{number}" for number in range(25))
    earlier = publish(f"# One\n\n{words}")

    flags = {
        row["criterion"]: row["flags"]
        for row in shown(write(f"# Two\n\n{words}"))["criteria"]["readings"]
    }

    assert [flag["what"] for flag in flags["overlap"]] == [
        f"25 words in a row as in the post {earlier}"
    ]
