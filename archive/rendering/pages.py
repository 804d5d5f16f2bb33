"""The templates' environment: every value is escaped, and none is missing in silence."""

from datetime import date, datetime

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from archive.rendering import characters, markdown
from archive.rendering.resources import DATA
from archive.times import long_date

CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
"""What a browser may load for a page of ours: our style, our fonts, our icon; no script."""


def environment(folder: str) -> Environment:
    """Return the environment for the templates in one folder of `templates/`."""
    made = Environment(
        loader=FileSystemLoader(str(DATA / "templates" / folder)),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_presentable,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(
        day=day, moment=moment, bytes=size, line=characters.one_line, operator_text=operator_text
    )
    return made


def day(value: date) -> Markup:
    """Return a date as prose has it, marked up: 23 November 2026."""
    return _time(f"{value:%Y-%m-%d}", long_date(value))


def moment(value: datetime) -> Markup:
    """Return a time to the minute, marked up: 23 November 2026, 15:04 UTC."""
    return _time(f"{value:%Y-%m-%dT%H:%M:%SZ}", f"{long_date(value)}, {value:%H:%M} UTC")


def size(count: int) -> str:
    """Return a number of bytes with its unit, three digits at most before the point."""
    amount = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


def operator_text(text: str, top: int = 2) -> Markup:
    """Return what the operator wrote in Markdown, its first heading at level `top`."""
    return Markup(markdown.render_own(text, top=top))  # noqa: S704  # sanitised there


def _time(exact: str, words: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(exact, words)


def _presentable(value: object) -> object:
    """Return a text as one that any page can hold; markup was made so already."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return characters.plain(value)
    return value
