"""How a model's own names become a slug, and when two names are the same name.

Pure. Providers write the same model as `Claude 3.7 Sonnet`, `claude-3-7-sonnet` and
`models/…`: letter case, spaces, dots, underscores and hyphens tell no two models apart.
"""

import hashlib
import re
from functools import lru_cache

MOST = 64  # characters of a slug

_RESOURCE = "models/"  # Google's APIs write a name with the collection that it stands in


def slug_of(name: str) -> str:
    """Return the slug that a provider's name for a model gets; equal names give equal slugs.

    What no slug can hold becomes a hyphen, `+` becomes `plus`. A name of which too little is
    left or that is too long ends with eight hex digits of its SHA-256.
    """
    plain = name.removeprefix(_RESOURCE).lower().replace("+", " plus ")
    slug = re.sub(r"[^a-z0-9.]+", "-", plain)
    slug = re.sub(r"[.-]*-[.-]*|\.{2,}", "-", slug).strip(".-")
    if slug and len(slug) <= MOST:
        return slug
    return with_digest(slug or "model", name)


def with_digest(slug: str, name: str) -> str:
    """Return a slug of its own for `name`, whose slug is another model's or cannot be used."""
    digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:8]
    return f"{slug[: MOST - 9].rstrip('.-')}-{digest}"


@lru_cache(maxsize=2**16)  # sealing asks it of every name for every model
def key_of(name: str) -> str:
    """Return what two spellings of the same name share."""
    return slug_of(name).replace(".", "-")
