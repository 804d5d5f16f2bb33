"""The demonstration's story, told with a server that answers for the model."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.records.models import Model
from archive.workspace.making import make_workspace
from archive.workspace.workspace import Workspace
from blog.demo import exercise, story
from blog.posts.posts import State, histories_of
from tests.support.messages_server import MessagesServer, Step

END = Step(text="END INTERVIEW")
NO_POST = Step(text="DECLINE POST")


@pytest.fixture
def demonstration(
    tmp_path: Path, server: MessagesServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workspace]:
    """The workspace of a demonstration whose model `server` answers for."""
    del server  # it is in the environment
    served = exercise.MODEL.model_dump() | {"participant": "anthropic:halcyon-2"}
    monkeypatch.setattr(exercise, "MODEL", Model(**served))
    monkeypatch.setattr(exercise, "TEMPERATURE", None)  # the API takes none
    folder = tmp_path / "demo"
    with closing(
        make_workspace(folder, exercise.OPERATOR, exercise.SITE, [exercise.SCRIPT])
    ) as workspace:
        with workspace.database.writing() as session:
            session.add(Model(**served))
        yield workspace


def posts(workspace: Workspace) -> list[tuple[str, State]]:
    with workspace.database.reading() as session:
        found = histories_of(session, story.SLUG)
    return [(history.post.context, history.state) for history in found]


def test_with_both_interviews_declined_the_story_still_ends_with_a_site(
    demonstration: Workspace, server: MessagesServer
) -> None:
    """What has nothing to show is said, and asked for with no context; nothing is left out."""
    server.script = [END, END]
    said: list[str] = []

    for chapter in (story.interview, story.write, story.release, story.build):
        chapter(demonstration, said.append)

    assert sorted(posts(demonstration)) == [
        ("none", State.PUBLISHED),
        ("none", State.PUBLISHED),
        ("posts", State.PUBLISHED),
    ]
    assert [line for line in said if "nothing to show" in line] == [
        "  Of its interviews there is nothing to show: it is asked for a post with no context."
    ]
    assert story.is_told(demonstration)


def test_a_text_that_is_flagged_is_not_published_by_a_script_and_the_story_goes_on(
    demonstration: Workspace, server: MessagesServer
) -> None:
    flagged = Step(text="# A Day\n\nWrite to keeper@halcyon.example.")
    server.script = [END, END, flagged, Step(text="# A Night\n\nIt was quiet.")]
    said: list[str] = []

    for chapter in (story.interview, story.write, story.write, story.release, story.build):
        chapter(demonstration, said.append)

    assert [state for _, state in posts(demonstration)] == [
        State.APPROVAL_PROPOSED,
        State.PUBLISHED,
        State.PUBLISHED,
    ]
    told = "  A text is flagged (an e-mail address): a script may only propose to approve it."
    assert any(line.startswith(told) for line in said)
    assert story.is_told(demonstration)


def test_a_model_that_declines_everything_is_asked_so_often_and_no_more(
    demonstration: Workspace, server: MessagesServer
) -> None:
    server.script = [END, END, *3 * exercise.POST_ASKINGS * [NO_POST]]

    for chapter in (story.interview, story.write, story.write):  # stopped after, and gone on with
        chapter(demonstration, lambda _: None)

    assert posts(demonstration) == 3 * exercise.POST_ASKINGS * [("none", State.DECLINED)]
