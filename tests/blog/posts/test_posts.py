"""How far a post is, told from what became of it."""

import pytest

from blog.posts.posts import Draft, History, Post, Publication, State
from blog.posts.reviews import Review, Verdict

AT = "2026-11-23T15:00:00.000000Z"
POST = Post(
    id="post",
    model="halcyon-2",
    context="none",
    items=[],
    left_out=None,
    shown="",
    context_digest=None,
    prompt="Write.",
    sampling={},
    participant="embedded",
    engine={},
    software={},
    selection_rule="the first draft",
    begun_at=AT,
)
PUBLICATION = Publication(
    post="post", draft="draft", slug="a-day", source_digest="0", by=None, at=AT
)


def draft(identifier: str = "draft", *, number: int = 1, declined: bool = False) -> Draft:
    return Draft(
        id=identifier,
        post="post",
        number=number,
        source=b"A day.",
        source_digest="0",
        reading_digest="0",
        title=None,
        declined=declined,
        stop_reason="end_turn",
        provider_model="halcyon-2",
        attempt="attempt",
        written_at=AT,
    )


def review(verdict: Verdict, of: str = "draft") -> Review:
    return Review(draft=of, verdict=verdict, reason="because", by="ana", at=AT)


DRAFT, DECLINED, SECOND = draft(), draft(declined=True), draft("second", number=2)
APPROVAL, VETO = review(Verdict.APPROVED), review(Verdict.VETOED)


@pytest.mark.parametrize(
    ("drafts", "reviews", "publication", "state"),
    [
        pytest.param([], [], None, State.INTERRUPTED, id="no answer came"),
        pytest.param([DECLINED], [], None, State.DECLINED, id="the model declined"),
        pytest.param([DRAFT], [], None, State.DRAFT, id="not reviewed"),
        pytest.param([DRAFT], [APPROVAL], None, State.APPROVED, id="approved"),
        pytest.param([DRAFT], [APPROVAL, VETO], None, State.VETOED, id="the last review holds"),
        pytest.param([DRAFT], [VETO, APPROVAL], None, State.APPROVED, id="a veto taken back"),
        pytest.param([DRAFT], [APPROVAL], PUBLICATION, State.PUBLISHED, id="published"),
        pytest.param(
            [DRAFT, SECOND],
            [review(Verdict.APPROVED, "second")],
            None,
            State.DRAFT,
            id="a review of another draft is none of this one",
        ),
    ],
)
def test_the_state_follows_from_what_became_of_a_post(
    drafts: list[Draft], reviews: list[Review], publication: Publication | None, state: State
) -> None:
    history = History(post=POST, drafts=drafts, reviews=reviews, publication=publication)

    assert history.state is state
