"""Settings: `emeritus.toml`, but for [workspace] overridden by `EMERITUS_*`.

A value that is missing or empty is *not stated*; it is never filled in.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from archive.errors import InputError, Place

FILE_NAME = "emeritus.toml"

NO_RIGHTS_CLAIMED = (
    "No rights are claimed in the texts that the model generated. "
    "Their legal status may differ by country."
)


LOOPBACK_URL = "http://127.0.0.1:8000/"  # where `site serve` shows the site


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What tells this workspace from every other one."""

    id: str  # UUID
    created: str  # RFC 3339


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Who runs this archive and answers for what it publishes."""

    name: str | None = None
    responsible: str | None = None  # the person who answers for it
    contact: str | None = None  # how to reach them
    relation: str | None = None  # to the maker of the models
    basis: str | None = None  # on what basis outputs are published
    licence: str | None = None  # the licence statement
    products: str | None = None  # their names, between commas: a text that names one is flagged

    @property
    def not_stated(self) -> list[str]:
        """The fields that a public build needs and that nobody has filled in."""
        needed = (field.name for field in fields(self) if field.name != "products")
        return [name for name in needed if getattr(self, name) is None]

    @property
    def names(self) -> list[str]:
        """The names of the operator and of its products."""
        listed = [self.name or "", *(self.products or "").split(",")]
        return [name.strip() for name in listed if name.strip()]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSettings:
    """How the published site presents itself."""

    title: str | None = None
    url: str = LOOPBACK_URL
    language: str = "en"
    index: bool = True  # False: ask search engines to stay out
    notice: str | None = None  # stands on every page and feed item


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSettings:
    """Where the record is kept, if not in the workspace's own file."""

    url: str | None = None  # of a PostgreSQL database, without a password


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that `emeritus.toml` says."""

    workspace: Identity
    operator: Operator
    site: SiteSettings
    database: DatabaseSettings = DatabaseSettings()


Section = TypeVar("Section", Identity, Operator, SiteSettings, DatabaseSettings)


def read_settings(path: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings in `path`, overridden by `EMERITUS_SECTION_KEY` where it is set.

    Nothing overrides what tells this workspace from every other one.

    Raises:
        InputError: The file is no TOML, or a field is unknown, missing or of the wrong type.
    """
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"not TOML: {error}", at=str(path), mend="Correct the line that the message names."
        ) from error
    known = {"workspace", "operator", "site", "database"}
    for name in document.keys() - known:
        raise InputError(
            "no such section",
            at=Place(str(path), field=name),
            mend=f"Take it out. The sections are {', '.join(sorted(known))}.",
        )
    return Settings(
        operator=_section(Operator, "operator", document, path, environment),
        site=_section(SiteSettings, "site", document, path, environment),
        workspace=_section(Identity, "workspace", document, path, {}),
        database=_section(DatabaseSettings, "database", document, path, environment),
    )


def _section(
    kind: type[Section],
    name: str,
    document: Mapping[str, Any],
    path: Path,
    environment: Mapping[str, str],
) -> Section:
    written = document.get(name, {})
    types = {field.name: bool if field.name == "index" else str for field in fields(kind)}
    if not isinstance(written, dict):
        raise InputError("not a section", at=Place(str(path), field=name), mend=f"Write [{name}].")
    for key, value in written.items():
        place = Place(str(path), field=f"{name}.{key}")
        if key not in types:
            mend = f"Take it out. [{name}] has {', '.join(types)}."
            raise InputError("no such field", at=place, mend=mend)
        if not isinstance(value, types[key]):
            mend = "Write true or false." if types[key] is bool else "Write it in quotes."
            raise InputError("wrong kind of value", at=place, mend=mend)
    values = {**written, **_overrides(name, types, environment)}
    stated = {key: value for key, value in values.items() if value != ""}
    try:
        return kind(**stated)
    except TypeError as error:
        missing = [field.name for field in fields(Identity) if field.name not in stated]
        raise InputError(
            "missing",
            at=Place(str(path), field=f"{name}.{missing[0]}"),
            mend="Put back the line that `emeritus init` wrote.",
        ) from error


def _overrides(
    section: str, types: Mapping[str, type], environment: Mapping[str, str]
) -> dict[str, str | bool]:
    found: dict[str, str | bool] = {}
    for key, kind in types.items():
        text = environment.get(f"EMERITUS_{section.upper()}_{key.upper()}")
        if text is not None:
            found[key] = text.lower() in {"1", "true", "yes"} if kind is bool else text
    return found
