"""What the interviewing model and the judge are told: our templates, filled in.

What others wrote stands in them line by line behind `>`, so that no line of it can pass for one of
ours.
"""

import functools
from importlib.resources.abc import Traversable

from jinja2 import Environment, StrictUndefined, Template

from archive.canonical import sha256
from archive.rendering.resources import DATA


def filled(name: str, **values: object) -> str:
    """Return the template `templates/prompts/NAME.txt` with its values."""
    return _template(name).render(values).strip()


def lines(text: str) -> list[str]:
    """Return the lines of what somebody wrote; no text that is sent holds U+0000."""
    return text.replace("\0", "\ufffd").splitlines() or [""]


def digest_of(name: str) -> str:
    """Return the SHA-256 of the template `templates/prompts/NAME.txt`, hex."""
    return sha256(_path(name).read_bytes())


def text_of(name: str) -> str:
    """Return the template `templates/prompts/NAME.txt` as it stands, with nothing filled in."""
    return _path(name).read_text("utf-8")


@functools.cache
def _template(name: str) -> Template:
    environment = Environment(
        undefined=StrictUndefined,
        trim_blocks=True,
        autoescape=False,  # noqa: S701  # the text goes to a model, not to a browser
    )
    return environment.from_string(text_of(name))


def _path(name: str) -> Traversable:
    return DATA / "templates" / "prompts" / f"{name}.txt"
