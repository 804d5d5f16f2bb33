"""Protocols from the files that people write: in a workspace, or shipped with this package.

Whatever is wrong with a file is said with its line, its field and the mend. The form of the
file is described in `interviews/schemas/protocol.schema.json`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from archive.errors import InputError
from interviews.protocols.design import Varied
from interviews.protocols.protocol import CLOSING, FACTS, OPENING, Protocol, Question, Section
from interviews.protocols.reading_design import (
    read_asking_again,
    read_characters,
    read_exclusions,
    read_facts,
    read_order,
    read_replicates,
)
from interviews.protocols.reading_jumps import Layout, read_jumps, read_probes
from interviews.protocols.reading_texts import (
    read_closing,
    read_language,
    read_lead_in,
    read_named,
    read_opening,
    read_rules,
    read_said,
    read_slug,
)
from interviews.protocols.reading_translations import Base, languages_of, read_translations
from interviews.protocols.script import Jump
from interviews.protocols.yaml_tree import LARGEST, Entry, read_tree

_SHIPPED = Path(__file__).parent
_REQUIRED = (
    "slug", "version", "language", "title", "goals", "research_questions", "stances", "informations",
    "rules", "opening", "sections", "closing",
)  # fmt: skip
_OPTIONAL = (
    "facts", "characters", "order", "replicates", "asking_again", "exclusions", "translations",
)  # fmt: skip


def find_protocol(name: str, *, folder: Path | None) -> Protocol:
    """Return the protocol that `name` names.

    Args:
        name: A slug, looked for in `folder`, then among those shipped; else a path.
        folder: The workspace's `protocols/`; None outside a workspace.

    Raises:
        InputError: There is none, or it cannot be used.
    """
    path = _files(folder).get(name, Path(name))
    try:
        with path.open("rb") as file:
            source = file.read(LARGEST + 1)
    except OSError as error:
        raise InputError(
            f"no protocol {name!r}: {error.strerror}",
            at="protocol",
            mend=f"There are: {', '.join(list_protocols(folder=folder))}. Or give a path.",
        ) from error
    protocol = read_protocol(source, name=_shown(path, folder))
    if path != Path(name) and protocol.slug != name:
        raise InputError(
            f"its slug is {protocol.slug!r}",
            at=_shown(path, folder),
            mend=f"Name the file {protocol.slug}.yaml, or write slug: {name}.",
        )
    return protocol


def list_protocols(*, folder: Path | None) -> list[str]:
    """Return the slugs of the protocols in `folder` and of those shipped."""
    return sorted(_files(folder))


def read_protocol(source: bytes, *, name: str) -> Protocol:
    """Return the protocol in the bytes of a file; `name` is what errors call that file.

    Raises:
        InputError: It cannot be used; the first thing wrong is named.
    """
    whole = read_tree(source, file=name).fields(_REQUIRED, optional=_OPTIONAL)
    stances, informations = read_named(whole["stances"]), read_named(whole["informations"])
    language = read_language(whole["language"])
    own = read_facts(whole)
    facts = frozenset({*FACTS, *own})
    order = read_order(whole)
    sections = _sections(whole["sections"], stances, facts)
    layout = Layout.of(
        sections,
        varied=Varied.NOTHING if order is None else order.varied,
        languages=languages_of(whole, language),
        facts=facts,
    )
    jumps = _jumps(whole["sections"], sections, layout)
    base = Base(
        stances=stances,
        informations=informations,
        facts=facts,
        opening=read_opening(
            whole["opening"], stances=stances, informations=informations, facts=facts
        ),
        sections=_with_jumps(sections, {name: jumps[name][language] for name in jumps}),
        closing=read_closing(whole["closing"], stances=stances, facts=facts),
        characters=read_characters(whole, facts),
        jumps=jumps,
    )
    return Protocol(
        slug=read_slug(whole["slug"]),
        version=whole["version"].number(),
        language=language,
        title=whole["title"].phrase(),
        goals=_phrases(whole["goals"]),
        research_questions=_phrases(whole["research_questions"]),
        stances=stances,
        informations=informations,
        rules=read_rules(whole["rules"]),
        opening=base.opening,
        sections=base.sections,
        closing=base.closing,
        facts=own,
        characters=base.characters,
        order=order,
        replicates=read_replicates(whole),
        asking_again=read_asking_again(whole),
        exclusions=read_exclusions(whole),
        translations=read_translations(whole, base),
        source=source,
        file=name,
    )


class _Ids:
    """The ids given so far, each with its line: sections and asks share one space."""

    def __init__(self) -> None:
        self._lines: dict[str, int] = {}

    def take(self, entry: Entry) -> str:
        name = read_slug(entry)
        if name in {OPENING, CLOSING}:
            raise entry.error(f"{name!r} is taken", mend="Choose another id.")
        if name in self._lines:
            raise entry.error(
                f"{name!r} is the id in line {self._lines[name]}", mend="Choose another id."
            )
        self._lines[name] = entry.line
        return name


def _phrases(entry: Entry) -> tuple[str, ...]:
    return tuple(item.phrase() for item in entry.items())


def _sections(
    entry: Entry, stances: Collection[str], facts: Collection[str]
) -> tuple[Section, ...]:
    """Return the sections, their questions without jumps: these name what comes later."""
    ids = _Ids()
    return tuple(_section(item, stances, facts, ids) for item in entry.items())


def _section(entry: Entry, stances: Collection[str], facts: Collection[str], ids: _Ids) -> Section:
    parts = entry.fields(("id", "title", "questions"), optional=("lead_in",))
    return Section(
        id=ids.take(parts["id"]),
        title=parts["title"].phrase(),
        lead_in=read_lead_in(parts, stances, facts),
        questions=tuple(_question(item, facts, ids) for item in parts["questions"].items()),
    )


def _question(entry: Entry, facts: Collection[str], ids: _Ids) -> Question:
    parts = entry.fields(("id", "text"), optional=("probes", "then"))
    return Question(
        id=ids.take(parts["id"]),
        text=read_said(parts["text"], facts),
        probing=read_probes(parts["probes"]) if "probes" in parts else None,
    )


def _jumps(
    entry: Entry, sections: Sequence[Section], layout: Layout
) -> dict[str, dict[str, tuple[Jump, ...]]]:
    """Return the jumps by question and language."""
    found = {}
    for section_entry, section in zip(entry.items(), sections, strict=True):
        asked = section_entry.entries()["questions"].items()
        for question_entry, question in zip(asked, section.questions, strict=True):
            parts = question_entry.entries()
            if "then" in parts:
                found[question.id] = read_jumps(parts["then"], question.id, layout)
    return found


def _with_jumps(
    sections: Sequence[Section], jumps: Mapping[str, tuple[Jump, ...]]
) -> tuple[Section, ...]:
    return tuple(
        replace(
            section,
            questions=tuple(
                replace(question, jumps=jumps.get(question.id, ()))
                for question in section.questions
            ),
        )
        for section in sections
    )


def _files(folder: Path | None) -> dict[str, Path]:
    """Return the protocols' files by slug; the workspace's go before those shipped."""
    folders = (_SHIPPED,) if folder is None else (_SHIPPED, folder)
    return {path.stem: path for place in folders for path in sorted(place.glob("*.yaml"))}


def _shown(path: Path, folder: Path | None) -> str:
    return f"{path.parent.name}/{path.name}" if path.parent in {_SHIPPED, folder} else str(path)
