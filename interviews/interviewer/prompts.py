"""What the interviewing model and the judge are told: our templates, filled in.

What others wrote stands in them line by line behind `>`, so that no line of it can pass for one of
ours.
"""

import functools

from jinja2 import Environment, StrictUndefined, Template

from archive.rendering.resources import DATA


def filled(name: str, **values: object) -> str:
    """Return the template `templates/prompts/NAME.txt` with its values."""
    return _template(name).render(values).strip()


def lines(text: str) -> list[str]:
    """Return the lines of what somebody wrote; no text that is sent holds U+0000."""
    return text.replace("\0", "\ufffd").splitlines() or [""]


@functools.cache
def _template(name: str) -> Template:
    environment = Environment(
        undefined=StrictUndefined,
        trim_blocks=True,
        autoescape=False,  # noqa: S701  # the text goes to a model, not to a browser
    )
    source = DATA / "templates" / "prompts" / f"{name}.txt"
    return environment.from_string(source.read_text("utf-8"))
