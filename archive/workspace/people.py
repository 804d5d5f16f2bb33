"""The roster: who may decide here, from `people.toml`.

A decision made with no signing key shows "named, not authenticated"; one made by a program
shows "no person read this".
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.errors import InputError, Place
from archive.identifiers import check_slug

FILE_NAME = "people.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody on the roster; `program` marks a script that decides by rule."""

    id: str
    name: str  # shown: a name or a pseudonym
    roles: tuple[str, ...] = ()
    key: str | None = None  # public signing key, if they have one
    program: bool = False

    @property
    def authentication(self) -> str:
        """What is known of whether it was really them, in words for a page."""
        return "a program; no person read this" if self.program else "named, not authenticated"


def shown_name(people: Mapping[str, Person], identifier: str) -> str:
    """Return the name that the public is shown for an id: never the id itself."""
    person = people.get(identifier)
    return "somebody who is no longer on the roster" if person is None else person.name


def read_people(path: Path) -> dict[str, Person]:
    """Return the roster by id.

    Raises:
        InputError: The file is no TOML or a person is written wrongly.
    """
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"not TOML: {error}", at=str(path), mend="Correct the line that the message names."
        ) from error
    people = document.get("people", {})
    if not isinstance(people, dict):
        raise InputError(
            "not a table", at=Place(str(path), field="people"), mend="Write [people.ID] sections."
        )
    return {name: _person(name, entry, path) for name, entry in people.items()}


def _person(identifier: str, entry: Any, path: Path) -> Person:  # noqa: ANN401  # it is checked here
    place = Place(str(path), field=f"people.{identifier}")
    check_slug(identifier, at=str(place))
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise InputError("no name", at=place, mend='Give the person a name = "…".')
    if unknown := entry.keys() - {"name", "roles", "key", "program"}:
        raise InputError(
            f"no such field: {', '.join(sorted(unknown))}",
            at=place,
            mend="A person has name, roles, key and program.",
        )
    roles = entry.get("roles", [])
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise InputError("roles is no list of words", at=place, mend='Write roles = ["reviewer"].')
    return Person(
        id=identifier,
        name=entry["name"],
        roles=tuple(roles),
        key=entry.get("key"),
        program=entry.get("program") is True,
    )
