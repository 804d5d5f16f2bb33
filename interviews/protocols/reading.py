"""Protocols from the files that people write: in a workspace, or shipped with this package.

Whatever is wrong with a file is said with its line, its field and the mend. The form of the
file is described in `interviews/schemas/protocol.schema.json`.
"""

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from archive.errors import InputError
from archive.identifiers import check_slug
from interviews.protocols.protocol import (
    CLOSING,
    FACTS,
    OPENING,
    RULE_WORDS,
    Closing,
    Opening,
    Protocol,
    Question,
    Rules,
    Section,
    has_words,
    placeholders,
    same_words,
    without_placeholders,
)
from interviews.protocols.yaml_tree import LARGEST, Entry, read_tree

_SHIPPED = Path(__file__).parent
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


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
    whole = read_tree(source, file=name).fields(
        ("slug", "version", "language", "title", "goals", "research_questions", "stances",
         "informations", "rules", "opening", "sections", "closing")
    )  # fmt: skip
    ids = _Ids()
    stances = _named(whole["stances"])
    informations = _named(whole["informations"])
    return Protocol(
        slug=_slug(whole["slug"]),
        version=whole["version"].number(),
        language=_language(whole["language"]),
        title=whole["title"].phrase(),
        goals=tuple(goal.phrase() for goal in whole["goals"].items()),
        research_questions=tuple(
            question.phrase() for question in whole["research_questions"].items()
        ),
        stances=stances,
        informations=informations,
        rules=_rules(whole["rules"]),
        opening=_opening(whole["opening"], stances, informations),
        sections=tuple(_section(entry, stances, ids) for entry in whole["sections"].items()),
        closing=_closing(whole["closing"], stances),
        source=source,
    )


class _Ids:
    """The ids given so far, each with its line: sections and asks share one space."""

    def __init__(self) -> None:
        self._lines: dict[str, int] = {}

    def take(self, entry: Entry) -> str:
        name = _slug(entry)
        if name in {OPENING, CLOSING}:
            raise entry.error(f"{name!r} is taken", mend="Choose another id.")
        if name in self._lines:
            raise entry.error(
                f"{name!r} is the id in line {self._lines[name]}", mend="Choose another id."
            )
        self._lines[name] = entry.line
        return name


def _slug(entry: Entry) -> str:
    return check_slug(entry.phrase(), at=str(entry.place))


def _language(entry: Entry) -> str:
    language = entry.phrase()
    if not _LANGUAGE.fullmatch(language):
        raise entry.error(f"no language: {language!r}", mend="Write a code: en, pt-BR.")
    return language


def _named(entry: Entry) -> dict[str, str]:
    return {
        check_slug(name, at=str(meaning.place)): meaning.phrase()
        for name, meaning in entry.entries().items()
    }


def _rules(entry: Entry) -> Rules:
    words = {name: _way_out(word) for name, word in entry.fields(("decline", "end")).items()}
    if same_words(words["decline"], words["end"]):
        raise entry.error("decline and end are the same words", mend="Choose two.")
    return Rules(**words)


def _way_out(entry: Entry) -> str:
    words = entry.phrase()
    if not has_words(words):
        raise entry.error("no word in it", mend="Write letters: DECLINE QUESTION.")
    return words


def _opening(entry: Entry, stances: Collection[str], informations: Collection[str]) -> Opening:
    parts = entry.fields(("told", "information", "terms", "question"), optional=("lead_in",))
    terms = _said(parts["terms"])
    for rule, what in (("decline", "decline a question"), ("end", "end the interview")):
        if rule not in placeholders(terms):
            raise parts["terms"].error(
                f"does not say how to {what}", mend=f"Say which words do it: {{{rule}}}."
            )
    return Opening(
        lead_in=_lead_in(parts, stances),
        told=_said(parts["told"]),
        information=_varied(parts["information"], informations),
        terms=terms,
        question=_said(parts["question"]),
    )


def _section(entry: Entry, stances: Collection[str], ids: _Ids) -> Section:
    parts = entry.fields(("id", "title", "questions"), optional=("lead_in",))
    return Section(
        id=ids.take(parts["id"]),
        title=parts["title"].phrase(),
        lead_in=_lead_in(parts, stances),
        questions=tuple(_question(question, ids) for question in parts["questions"].items()),
    )


def _question(entry: Entry, ids: _Ids) -> Question:
    parts = entry.fields(("id", "text"))
    return Question(id=ids.take(parts["id"]), text=_said(parts["text"]))


def _closing(entry: Entry, stances: Collection[str]) -> Closing:
    parts = entry.fields(("question",), optional=("lead_in",))
    return Closing(lead_in=_lead_in(parts, stances), question=_said(parts["question"]))


def _lead_in(parts: Mapping[str, Entry], stances: Collection[str]) -> dict[str, str]:
    return _varied(parts["lead_in"], stances) if "lead_in" in parts else {}


def _varied(entry: Entry, names: Collection[str]) -> dict[str, str]:
    """Return a text for each of `names`, and for nothing else."""
    return {name: _said(text) for name, text in entry.fields(names).items()}


def _said(entry: Entry) -> str:
    """Return a text that the interviewer says: its placeholders are known, its braces theirs."""
    text = entry.text()
    for name in sorted(placeholders(text) - FACTS.keys() - RULE_WORDS):
        raise entry.error(
            f"unknown placeholder {{{name}}}",
            line=entry.line_of(f"{{{name}}}"),
            mend=f"Placeholders: {', '.join(sorted({*FACTS, *RULE_WORDS}))}.",
        )
    if brace := re.search(r"[{}]", without_placeholders(text)):
        raise entry.error(
            f"a lone {brace[0]}", mend="Braces are for placeholders only, as in {model}."
        )
    return text


def _files(folder: Path | None) -> dict[str, Path]:
    """Return the protocols' files by slug; the workspace's go before those shipped."""
    folders = (_SHIPPED,) if folder is None else (_SHIPPED, folder)
    return {path.stem: path for place in folders for path in sorted(place.glob("*.yaml"))}


def _shown(path: Path, folder: Path | None) -> str:
    return f"{path.parent.name}/{path.name}" if path.parent in {_SHIPPED, folder} else str(path)
