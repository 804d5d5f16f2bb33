"""Laying a page out: views into a template, and the page's place in the site.

Pure but for the templates, which are read once.
"""

from dataclasses import dataclass
from functools import cache

from jinja2 import Environment
from markupsafe import Markup

from archive.rendering.pages import CONTENT_POLICY, environment
from archive.rendering.reading_text import FORM
from blog.site.feeds import FEED_KINDS
from blog.site.letters import letters
from blog.site.lifecycle import dated
from blog.site.views import Audience, Missing, Site


@dataclass(frozen=True, slots=True)
class Page:
    """One file of the site."""

    path: str  # within the site
    content: bytes


def fill(template: str, site: Site, path: str, **values: object) -> Page:
    """Return the page of the folder `path`; its links are relative, from `root`."""
    text = fill_text(template, site, path, root=root_of(path), **values)
    return Page(f"{path}index.html", text.encode())


def root_of(path: str) -> Markup:
    """Return how a page in the folder `path` names the site's root."""
    return Markup("../" * path.count("/") or "./")  # noqa: S704  # dots and slashes


def fill_text(template: str, site: Site, path: str | None, **values: object) -> str:
    """Return what a template makes of the values; `path` is None where the page has no address."""
    internal = site.audience is Audience.INTERNAL
    return (
        _templates()
        .get_template(template)
        .render(
            site=site,
            path=path,
            internal=internal,
            indexed=site.indexed and not internal and path is not None,
            letters=letters(site, path),
            **values,
        )
    )


@cache
def _templates() -> Environment:
    made = environment("site")
    made.tests["missing"] = lambda value: isinstance(value, Missing)
    made.globals.update(
        policy_of_content=CONTENT_POLICY, feed_kinds=FEED_KINDS, form=FORM, dated=dated
    )
    return made
