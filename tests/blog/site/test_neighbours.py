"""What stands beside a text: before, after, related."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from time import process_time

from blog.site.neighbours import Link, Neighbours, neighbours_of
from blog.site.shelves import shelves_of
from blog.site.views import Post
from tests.support.sample_site import DAY, bare_model, halcyon, post, posts, sample_site

ONE = post(1, "x", "x")


def text(number: int, *tags: str, model: str = "halcyon-2") -> Post:
    at = DAY + timedelta(hours=number)
    return replace(
        ONE, id=f"{number:036}", slug=f"n-{number}", model=model, published_at=at, tags=tags
    )


def beside(*models: Sequence[Post]) -> dict[str, Neighbours]:
    bases = [halcyon(), bare_model()]
    made = [replace(base, posts=own) for base, own in zip(bases, models, strict=False)]
    found = neighbours_of(shelves_of(sample_site(models=made)))
    return {str(int(key)): value for key, value in found.items()}


def numbers(found: Sequence[Link]) -> list[int]:
    return [int(one.id) for one in found]


def test_earlier_and_later_are_by_the_time_of_publication() -> None:
    found = beside([text(2), text(1)], [text(3)])

    assert found["2"].earlier is not None
    assert found["2"].later is not None
    assert (found["2"].earlier.path, found["2"].later.path) == ("posts/n-1/", "posts/n-3/")
    assert (found["1"].earlier, found["3"].later) == (None, None)


def test_texts_with_the_most_tags_in_common_come_first_then_those_of_the_model() -> None:
    found = beside(
        [text(1, "a", "b"), text(2), text(3), text(4, "A"), text(5, "a", "b"), text(6)],
        [text(7, "a", "c")],
    )

    assert numbers(found["1"].related) == [5, 4, 7]
    assert numbers(found["7"].related) == [5, 4, 1]
    assert numbers(found["3"].related) == [5, 1, 6]  # 2 and 4 are linked as its neighbours


def test_a_text_that_was_withdrawn_is_related_to_none() -> None:
    gone = replace(posts()[-1], id=f"{9:036}", tags=("a",))

    assert numbers(beside([text(1, "a"), gone])["1"].related) == []


def test_what_is_related_does_not_hang_on_the_order_of_the_record() -> None:
    own = [text(n, *"abc"[n % 3 : n % 3 + 2]) for n in range(1, 30)]

    assert beside(own) == beside(list(reversed(own)))


def test_time_grows_with_the_length_of_a_site_alone() -> None:
    def taken(count: int) -> float:
        shelves = shelves_of(
            sample_site(
                models=(replace(halcyon(), posts=[text(n, "a", "b", "c") for n in range(count)]),)
            )
        )
        begun = process_time()
        neighbours_of(shelves)
        return process_time() - begun

    short, long = (min(taken(count) for _ in range(3)) for count in (500, 4000))
    assert long < 8 * short * 5  # by the square of the length it would be 64
