"""Names for things: UUIDv7 for what is made here, slugs for what people type."""

import re
import uuid

import uuid_utils

from archive.errors import InputError

_SLUG = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")


def new_id() -> str:
    """Return a new UUIDv7: ids made later sort later."""
    return str(uuid_utils.uuid7())


def derived_id(namespace: str, name: str) -> str:
    """Return the id of what has one for ever within `namespace`, a UUID: by name, UUIDv5."""
    return str(uuid.uuid5(uuid.UUID(namespace), name))


def to_urn(identifier: str) -> str:
    """Return the URN of a UUID."""
    return f"urn:uuid:{identifier}"


def check_slug(text: str, *, at: str) -> str:
    """Return `text` if it is a slug of at most 64 characters.

    Raises:
        InputError: It is not.
    """
    if len(text) <= 64 and _SLUG.fullmatch(text):
        return text
    raise InputError(
        f"not a slug: {text!r}",
        at=at,
        mend="Use lower-case letters, digits, single hyphens or dots: halcyon-2.",
    )
