"""The facts that a workspace writes down for its protocols: `facts.yaml`.

Each has a source, a date, a basis and a visibility; without them nothing is told to a model.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from archive.errors import InputError, Place
from archive.records.lifecycle import check_date
from interviews.protocols.facts import Fact, FactVisibility
from interviews.protocols.protocol import Protocol
from interviews.protocols.reading_design import check_fact
from interviews.protocols.reading_texts import read_slug
from interviews.protocols.yaml_tree import LARGEST, Entry, read_tree

FILE_NAME = "facts.yaml"

_FIELDS = ("text", "source", "date", "basis", "visibility")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedFact:
    """A fact that the workspace states, and the model that it is about."""

    fact: Fact
    model: str | None  # a slug; None: of every model that has none of its own


def stated_facts(root: Path) -> tuple[StatedFact, ...]:
    """Return what `facts.yaml` in the folder `root` states; nothing where there is no such file.

    Raises:
        InputError: It cannot be used; the first thing wrong is named with its line and field.
    """
    try:
        with (root / FILE_NAME).open("rb") as file:
            source = file.read(LARGEST + 1)
    except FileNotFoundError:
        return ()
    return read_facts_file(source, name=FILE_NAME)


def read_facts_file(source: bytes, *, name: str) -> tuple[StatedFact, ...]:
    """Return the facts in the bytes of a file; `name` is what errors call that file.

    Raises:
        InputError: It cannot be used; the first thing wrong is named.
    """
    stated: list[StatedFact] = []
    for fact, entry in read_tree(source, file=name).entries().items():
        check_fact(fact, entry)
        about: set[str | None] = set()
        for item in entry.items() if entry.is_list else [entry]:
            one = _stated(fact, item)
            if one.model in about:
                raise item.error(
                    f"{fact} stands twice for {one.model or 'every model'}",
                    mend="Take one of the two out, or name another model in it.",
                )
            about.add(one.model)
            stated.append(one)
    return tuple(stated)


def facts_about(model: str, stated: Iterable[StatedFact]) -> dict[str, Fact]:
    """Return what is stated of a model, by name; its own goes before that of every model."""
    general_first = sorted(
        (one for one in stated if one.model in {None, model}),
        key=lambda one: one.model is not None,
    )
    return {one.fact.name: one.fact for one in general_first}


def demanded(protocol: Protocol, model: str, stated: Iterable[StatedFact]) -> dict[str, Fact]:
    """Return the facts of its own that `protocol` demands of the workspace, about a model.

    Raises:
        InputError: The workspace lacks one; what to write where is said.
    """
    known = facts_about(model, stated)
    missing = lacking(protocol, model, stated)
    if missing:
        raise InputError(
            f"the workspace does not say {', '.join(f'{{{name}}}' for name in missing)} of {model}",
            at=Place(f"protocol {protocol.slug}", field="facts"),
            mend=f"Write in {FILE_NAME} of the workspace:\n"
            + "\n".join(to_write(name, protocol.facts[name], model) for name in missing),
        )
    return {name: known[name] for name in protocol.facts}


def lacking(protocol: Protocol, model: str, stated: Iterable[StatedFact]) -> list[str]:
    """Return the names of the facts that `protocol` demands and nobody stated about a model."""
    known = facts_about(model, stated)
    return [name for name in protocol.facts if name not in known]


def to_write(name: str, says: str, model: str) -> str:
    """Return what to write in `facts.yaml` so that it states a fact."""
    lines = (
        f"{name}:",
        f"  model: {model}",
        f"  text: {says}, as a phrase that can stand after a colon; or: not recorded",
        "  source: who says so",
        "  date: of the fact, or of when it was looked up",
        "  basis: how it is known",
        f"  visibility: {' or '.join(FactVisibility)}",
    )
    return "\n".join(f"    {line}" for line in lines)


def _stated(name: str, entry: Entry) -> StatedFact:
    parts = entry.fields(_FIELDS, optional=("model",))
    date = parts["date"]
    return StatedFact(
        fact=Fact(
            name=name,
            text=" ".join(parts["text"].text().split()),
            source=parts["source"].phrase(),
            date=check_date(date.day(), at=str(date.place)),
            basis=parts["basis"].phrase(),
            visibility=parts["visibility"].choice(FactVisibility),
        ),
        model=read_slug(parts["model"]) if "model" in parts else None,
    )
