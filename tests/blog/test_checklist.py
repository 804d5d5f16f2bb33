"""The blog's lines of the retirement checklist: what each post waits for."""

from pathlib import Path
from typing import Any

from tests.blog.conftest import Write
from tests.conftest import Emeritus


def lines(emeritus: Emeritus) -> list[Any]:
    """Return the lines about posts."""
    items = emeritus("status", "halcyon-2", "--json").json["models"][0]["items"]
    return [item for item in items if item["subject"].startswith("post")]


def test_a_model_that_was_not_asked_to_write_is_said_to_be(
    emeritus: Emeritus, workspace: Path
) -> None:
    del workspace

    assert [(item["state"], item["next"]) for item in lines(emeritus)] == [
        ("not recorded", "emeritus post write halcyon-2")
    ]


def test_a_post_waits_for_a_review_then_for_its_publication_then_for_its_release(
    emeritus: Emeritus, write: Write
) -> None:
    post = write("# A Day")
    waits = [lines(emeritus)[0]["detail"]]
    for command in (
        ("post", "review", post, "--approve", "--reason", "fine", "--by", "ana"),
        ("post", "publish", post),
        ("release", "post", post, "--public", "--by", "ana"),
    ):
        assert emeritus(*command).exit_code == 0
        waits.append(lines(emeritus)[0]["detail"])

    assert waits == [
        "waits for a review",
        "is approved and not published",
        "is published, and nobody decided who may see it",
        "1 asked for, 1 published, none waits for a decision",
    ]


def test_a_post_that_is_not_published_is_not_released(emeritus: Emeritus, write: Write) -> None:
    refused = emeritus("release", "post", write(), "--public", "--by", "ana")

    assert (refused.exit_code, "is not published: draft" in refused.stderr) == (2, True)
