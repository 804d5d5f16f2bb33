"""A comparison of sessions as one HTML file that needs nothing else: no script, no network.

What models said goes through the sanitising function; between two sessions the differing words
are marked in the text as it was written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive.rendering import markdown
from archive.rendering.pages import environment
from archive.rendering.resources import DATA
from interviews.comparisons.aligning import Found, Place
from interviews.comparisons.presenting import Compared, Pieces, label
from interviews.comparisons.wording import Piece
from interviews.sessions.header import describe

STYLES = ("2-ground.css", "3-text.css", "4-records.css")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one session has at a question, as the page shows it."""

    label: str  # with what its condition has and another's has not
    remark: str | None
    asked: str | None
    html: Markup | None
    pieces: list[Piece] | None  # where the differences are marked
    language: str


def comparison_page(found: Compared) -> str:
    """Return the page."""
    styles = (DATA / "site" / "styles" / name for name in STYLES)
    return (
        environment("report")
        .get_template("comparison.html")
        .render(
            styles=Markup("\n".join(path.read_text("utf-8") for path in styles)),  # noqa: S704  # ours
            sessions=[
                (label(place), one, describe(one["condition"]))
                for place, one in enumerate(found.documents)
            ],
            language=found.documents[0]["condition"]["language"],
            rows=[
                (row, list(_cells(found, number, row.places, pieces)))
                for number, (row, pieces) in enumerate(found.rows)
            ],
            two=len(found.documents) == 2,
        )
    )


def _cells(found: Compared, number: int, places: Sequence[Place], pieces: Pieces) -> Iterator[Cell]:
    labels = _labels(found)
    for side, place in enumerate(places):
        html = None
        if place.text and pieces is None:
            rendered = markdown.render(place.text, prefix=f"q{number}-{side}-", top=4)
            html = Markup(rendered.html)  # noqa: S704  # sanitised
        yield Cell(
            label=labels[side],
            remark=_remark(place),
            asked=place.asked,
            html=html,
            pieces=None if pieces is None else pieces[side],
            language=found.documents[side]["condition"]["language"],
        )


def _labels(found: Compared) -> list[str]:
    """Return what each session is called beside its answers: who has scrolled down knows it again."""
    conditions = [one["condition"] for one in found.documents]
    names = [
        name
        for name in ("stance", "information", "character", "language")
        if len({condition.get(name) for condition in conditions}) > 1
    ]
    differing = (
        [condition[name] for name in names if name in condition] for condition in conditions
    )
    return [", ".join([label(side), *words]) for side, words in enumerate(differing)]


def _remark(place: Place) -> str | None:
    remarks = []
    if place.turn is None:
        remarks.append(f"{str(place.found).capitalize()}.")
    elif place.text is None:
        remarks.append("Not kept.")
    elif not place.text.strip():
        remarks.append("Nothing said.")
    if place.found is Found.DECLINED:
        heard = (
            "" if place.declined_in is None else f", heard in its own words: “{place.declined_in}”"
        )
        remarks.append(f"Declined{heard}.")
    if place.cut:
        remarks.append("Cut off at the limit.")
    return " ".join(remarks) or None
