"""`post withdraw` and `post restore`: two people, or one at once; a tombstone at the same address."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, delete, update

from archive.workspace.workspace import Workspace
from blog.posts.reviews import PERSON, PROGRAM
from blog.posts.withdrawals import Act, Withdrawal, standing
from tests.blog.conftest import Release, Shown, Write
from tests.conftest import Emeritus, Result
from tests.support.messages_server import MessagesServer

OUT, NOW, BACK = Act.WITHDRAW, Act.WITHDRAW_URGENTLY, Act.RESTORE
AT = "2026-11-25T10:00:00.000000Z"
TEXT = "# Zanzibar\n\nPelargonium stands by the window."

Take = Callable[..., Result]


def by(person: str, act: Act) -> Withdrawal:
    kind = PROGRAM if person == "script" else PERSON
    return Withdrawal(post="post", act=act, reason="because", by=person, by_kind=kind, at=AT)


@pytest.mark.parametrize(
    ("acts", "withdrawn", "proposed_by", "due"),
    [
        pytest.param([("ana", OUT)], False, "ana", False, id="one proposes"),
        pytest.param([("ana", OUT), ("ana", OUT)], False, "ana", False, id="one, twice"),
        pytest.param([("ana", OUT), ("bo", OUT)], True, None, False, id="two withdraw"),
        pytest.param([("script", OUT), ("bo", OUT)], True, None, False, id="a program proposes"),
        pytest.param([("ana", OUT), ("bo", BACK)], False, None, False, id="turned down"),
        pytest.param([("ana", NOW)], True, None, True, id="one at once"),
        pytest.param([("ana", OUT), ("bo", NOW)], True, None, False, id="at once, by the second"),
        pytest.param([("ana", NOW), ("bo", OUT)], True, None, False, id="confirmed"),
        pytest.param([("ana", NOW), ("ana", OUT)], True, None, True, id="not by the same"),
        pytest.param([("ana", NOW), ("bo", BACK)], False, None, False, id="restored by another"),
        pytest.param([("ana", NOW), ("ana", BACK)], True, "ana", True, id="not by oneself"),
        pytest.param(
            [("ana", NOW), ("bo", OUT), ("ana", BACK)], True, "ana", False, id="what two did"
        ),
        pytest.param(
            [("ana", OUT), ("bo", OUT), ("ana", BACK), ("bo", BACK)],
            False,
            None,
            False,
            id="two restore",
        ),
        pytest.param(
            [("ana", OUT), ("bo", OUT), ("ana", BACK), ("bo", OUT)],
            True,
            None,
            False,
            id="restoring is turned down",
        ),
    ],
)
def test_two_withdraw_and_one_at_once(
    acts: list[tuple[str, Act]],
    withdrawn: bool,  # noqa: FBT001  # a parameter of the table
    proposed_by: str | None,
    due: bool,  # noqa: FBT001  # as above
) -> None:
    found = standing([by(*act) for act in acts])

    assert (found.withdrawn is not None) is withdrawn
    assert (found.proposed.by if found.proposed else None) == proposed_by
    assert found.due == (date(2026, 12, 2) if due else None)


@pytest.fixture
def take(emeritus: Emeritus, others: None) -> Take:
    del others

    def taken(command: str, post: str, person: str, *options: str) -> Result:
        named = ("--class", "private-data") if command == "withdraw" else ()
        why = ("--reason", "It names a neighbour.", "--by", person)
        return emeritus("post", command, post, *named, *why, *options)

    return taken


@pytest.fixture
def shown_post(emeritus: Emeritus, publish: Write, release: Release) -> str:
    """A post that the public reads, in two folders."""
    post = publish(TEXT)
    release("model", "halcyon-2")
    release("post", post)
    for folder in ("public", "elsewhere"):
        assert emeritus("site", "build", "--out", folder).exit_code == 0
    return post


def holding(word: str, folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path.name for path in files if word.encode() in path.read_bytes()]


def test_an_urgent_withdrawal_leaves_a_tombstone_in_every_folder_at_once(
    workspace: Path, shown_post: str, take: Take, shown: Shown
) -> None:
    done = take("withdraw", shown_post, "ana", "--urgent")

    assert (done.exit_code, shown(shown_post)["state"]) == (0, "withdrawn")
    assert "withdrawn by ana alone; a second person reviews it by" in done.stderr
    for folder in (workspace / "public", workspace / "elsewhere"):
        assert holding("Pelargonium", folder) == []
        assert holding("Zanzibar", folder) == []
        page = (folder / "posts/zanzibar/index.html").read_text()
        assert "was withdrawn on" in page
        assert "It names a neighbour." in page
        assert "A second one reviews it by" in page
        (item,) = json.loads((folder / "feeds/feed.json").read_text())["items"]
        assert (item["id"], "It names a neighbour." in item["content_html"]) == (
            f"urn:uuid:{shown_post}",
            True,
        )
        assert item["url"].endswith("/posts/zanzibar/")
        model = (folder / "models/halcyon-2/index.html").read_text()
        assert "Withdrawn for" in model
    assert shown(shown_post)["drafts"][0]["text"] == TEXT


def test_the_model_is_not_shown_again_what_was_withdrawn(
    shown_post: str, take: Take, emeritus: Emeritus, server: MessagesServer
) -> None:
    assert take("withdraw", shown_post, "ana", "--urgent").exit_code == 0
    asked = len(server.requests)

    earlier = emeritus("post", "write", "halcyon-2", "--context", "posts")
    corrected = emeritus("post", "write", "halcyon-2", "--corrects", shown_post)

    assert (earlier.exit_code, corrected.exit_code, len(server.requests)) == (2, 2, asked)
    assert "has none yet" in earlier.stderr
    assert "no post that halcyon-2 has published" in corrected.stderr


def test_two_withdraw_and_the_site_changes_with_the_second(
    workspace: Path, shown_post: str, take: Take
) -> None:
    first = take("withdraw", shown_post, "ana")
    between = holding("Pelargonium", workspace / "public")
    second = take("withdraw", shown_post, "bo")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "is proposed by ana, and needs a second person" in first.stderr
    assert between != []
    assert holding("Pelargonium", workspace / "public") == []
    assert (
        "by <bdi>Ana Ruiz and Bo Lee</bdi>"
        in (workspace / "public/posts/zanzibar/index.html").read_text()
    )


def test_a_second_person_restores_and_the_text_is_the_same(
    workspace: Path, shown_post: str, take: Take, shown: Shown
) -> None:
    before = (workspace / "public/posts/zanzibar/post.md").read_bytes()
    take("withdraw", shown_post, "ana", "--urgent")

    alone = take("restore", shown_post, "ana")
    restored = take("restore", shown_post, "bo")

    assert (alone.exit_code, restored.exit_code) == (0, 0)
    assert shown(shown_post)["state"] == "published"
    assert (workspace / "public/posts/zanzibar/post.md").read_bytes() == before


def test_what_nobody_reviews_in_a_week_is_overdue(
    emeritus: Emeritus, opened: Workspace, shown_post: str, take: Take
) -> None:
    take("withdraw", shown_post, "ana", "--urgent")
    document = emeritus("status", "halcyon-2", "--json").json["models"][0]
    (open_item,) = [one for one in document["items"] if "alone" in one["detail"]]
    long_ago = f"{date.today() - timedelta(days=9)}T10:00:00.000000Z"  # noqa: DTZ011
    with opened.database.writing() as session:
        session.exec(
            update(Withdrawal).where(col(Withdrawal.post) == shown_post).values(at=long_ago)
        )

    late = emeritus("status", "halcyon-2")

    assert (open_item["state"], "in 7 days" in open_item["detail"]) == ("open", True)
    assert (late.exit_code, "2 days ago" in late.stdout) == (1, True)


@pytest.mark.parametrize(
    ("acts", "refused", "message"),
    [
        pytest.param([], ("restore", "bo"), "it is not withdrawn", id="nothing to restore"),
        pytest.param(
            [("withdraw", "ana")], ("withdraw", "ana"), "needs a second person", id="the same again"
        ),
        pytest.param(
            [("withdraw", "ana")], ("withdraw", "script"), "a program is never", id="a program"
        ),
        pytest.param(
            [("withdraw", "ana"), ("withdraw", "bo")],
            ("withdraw", "ana"),
            "withdrawn already",
            id="withdrawn already",
        ),
    ],
)
def test_what_would_change_nothing_is_refused(
    shown_post: str,
    take: Take,
    shown: Shown,
    acts: list[tuple[str, str]],
    refused: tuple[str, str],
    message: str,
) -> None:
    for command, person in acts:
        assert take(command, shown_post, person).exit_code == 0
    before = shown(shown_post)

    result = take(refused[0], shown_post, refused[1])

    assert (result.exit_code, shown(shown_post)) == (1, before)
    assert message in result.stderr


def test_what_is_not_published_is_not_withdrawn(write: Write, take: Take) -> None:
    refused = take("withdraw", write(), "ana", "--urgent")

    assert (refused.exit_code, "is not published: draft" in refused.stderr) == (1, True)


def test_a_withdrawal_that_is_taken_out_of_the_database_stops_the_build(
    emeritus: Emeritus, opened: Workspace, shown_post: str, take: Take
) -> None:
    take("withdraw", shown_post, "ana", "--urgent")
    with opened.database.writing() as session:
        session.exec(delete(Withdrawal))

    built = emeritus("site", "build")

    assert (built.exit_code, "is on record no more" in built.stderr) == (1, True)
