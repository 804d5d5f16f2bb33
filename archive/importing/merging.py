"""Comparing what sources say with what is on record: what is new, what is known, what differs.

Pure. What is on record stays: a source fills what nobody recorded, adds what it observed, and
where it differs the two stand side by side as a conflict. An entry is of a model on record if
its id is that model's slug, name or alias, spelling set aside, and both name no other maker.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from archive.importing.entries import Entry, Folder
from archive.records.lifecycle import Statement, adds, lives
from archive.records.naming import key_of, slug_of, with_digest

Value = str | int | list[str]


class Outcome(StrEnum):
    """What became of an entry that was understood."""

    ADDED = "added"  # its model was not on record
    MERGED = "merged"  # its model was, and the entry says something more of it
    DUPLICATE = "duplicate"  # it says nothing that is not on record


@dataclass(slots=True, kw_only=True)
class Known:
    """A model on record, and what is being added to it."""

    slug: str
    name: str
    new: bool = False
    facts: dict[str, Value] = field(default_factory=dict)  # what is recorded of its fields
    aliases: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    replacements: set[tuple[str, str, str | None]] = field(default_factory=set)  # name, voice
    folders: list[Folder] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two things that cannot both be so; both are kept, and what is recorded first stands."""

    slug: str
    what: str


@dataclass(slots=True, kw_only=True)
class Additions:
    """What is to be written of one model."""

    facts: dict[str, Value] = field(default_factory=dict)
    aliases: list[str] = field(default_factory=list)
    source: bool = False
    statements: list[Statement] = field(default_factory=list)
    replacements: list[tuple[str, Entry]] = field(default_factory=list)
    folders: list[tuple[Folder, Entry]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """One entry, and what became of it."""

    entry: Entry
    slug: str
    outcome: Outcome
    adds: Additions


class Register:
    """The models on record while entries are merged, found by every name they have."""

    def __init__(self, models: Iterable[Known]) -> None:
        self.models: dict[str, Known] = {}
        self.conflicts: list[Conflict] = []
        self._own: dict[str, list[Known]] = defaultdict(list)  # by slug and name
        self._aliased: dict[str, list[Known]] = defaultdict(list)
        for model in models:
            self._enter(model)

    def merge(self, entry: Entry) -> Merged:
        """Take in what an entry says."""
        model = self._found(entry)
        if model is None:
            model = self._new(entry)
            outcome = Outcome.ADDED
        else:
            outcome = Outcome.MERGED
        new = self._additions(model, entry)
        if outcome is Outcome.MERGED and not _says_something(new):
            outcome = Outcome.DUPLICATE
        return Merged(entry=entry, slug=model.slug, outcome=outcome, adds=new)

    def _found(self, entry: Entry) -> Known | None:
        """Return the model that an entry is of: by its own names before its aliases."""
        key = key_of(entry.id)
        for index in (self._own, self._aliased):
            same = [model for model in index.get(key, ()) if _same_maker(model, entry)]
            if same:
                return min(same, key=lambda model: (model.slug != slug_of(entry.id), model.slug))
        return None

    def _new(self, entry: Entry) -> Known:
        slug = slug_of(entry.id)
        if slug in self.models:
            slug = with_digest(slug, f"{entry.maker or ''}/{entry.id}")
        model = Known(slug=slug, name=str(entry.facts.get("name", entry.id)), new=True)
        self._enter(model)
        return model

    def _enter(self, model: Known) -> None:
        self.models[model.slug] = model
        for key in {key_of(model.slug), key_of(model.name)}:
            self._own[key].append(model)
        for alias in model.aliases:
            self._aliased[key_of(alias)].append(model)

    def _additions(self, model: Known, entry: Entry) -> Additions:
        new = Additions(facts=self._facts(model, entry), aliases=self._aliases(model, entry))
        for statement in entry.statements:
            if adds(statement, model.statements):
                model.statements.append(statement)
                new.statements.append(statement)
        for name in entry.replacements:
            said = (name, entry.source, entry.told_by)
            if said not in model.replacements:
                model.replacements.add(said)
                new.replacements.append((name, entry))
        if entry.folder is not None and entry.folder not in model.folders[-1:]:
            model.folders.append(entry.folder)
            new.folders.append((entry.folder, entry))
        if entry.source not in model.sources:
            model.sources.append(entry.source)
            new.source = True
        return new

    def _facts(self, model: Known, entry: Entry) -> dict[str, Value]:
        """Return what nobody recorded before; what differs from the record is a conflict."""
        stated = dict(entry.facts) if entry.maker is None else {"maker": entry.maker, **entry.facts}
        stated.pop("name", None)  # another name is an alias
        new: dict[str, Value] = {}
        for name, value in stated.items():
            before = model.facts.get(name)
            if before is None:
                model.facts[name] = new[name] = value
            elif _folded(before) != _folded(value):
                what = f"{name.replace('_', ' ')}: {before} on record; {value}, says {entry.source}"
                self.conflicts.append(Conflict(slug=model.slug, what=what))
        return new

    def _aliases(self, model: Known, entry: Entry) -> list[str]:
        new = []
        for name in (entry.id, *entry.aliases, str(entry.facts.get("name", entry.id))):
            if name in {model.slug, model.name, *model.aliases}:
                continue
            if others := [one.slug for one in self._own.get(key_of(name), ()) if one is not model]:
                what = f"alias {name}: the name of {others[0]} too, says {entry.source}"
                self.conflicts.append(Conflict(slug=model.slug, what=what))
                continue
            model.aliases.append(name)
            self._aliased[key_of(name)].append(model)
            new.append(name)
        return new


def order(entries: Iterable[Entry]) -> list[Entry]:
    """Return entries in the order in which they are merged: who knows the most names first.

    A notice that has a model's shown name alone then finds the model that a feed brought.
    """
    return sorted(entries, key=lambda entry: -len(entry.aliases))


def lifecycle_findings(
    touched: Mapping[str, Sequence[Statement]], as_of: date
) -> tuple[list[Conflict], list[Conflict]]:
    """Return what sources disagree on, and what a source says and cannot be so, by model."""
    conflicts, flags = [], []
    for slug, statements in touched.items():
        for life in lives(statements, as_of):
            where = life.channel or "everywhere"
            conflicts += [Conflict(slug=slug, what=f"{where}: {x}") for x in life.conflicts]
            flags += [Conflict(slug=slug, what=f"{where}: {x}") for x in life.flags]
    return conflicts, flags


def _says_something(new: Additions) -> bool:
    return new != Additions()


def _same_maker(model: Known, entry: Entry) -> bool:
    maker = model.facts.get("maker")
    return maker is None or entry.maker is None or _folded(maker) == _folded(entry.maker)


def _folded(value: Value) -> Value:
    return value.casefold() if isinstance(value, str) else value
