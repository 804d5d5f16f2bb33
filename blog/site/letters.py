"""Letters to the operator: how a reader reports a page, corrects it or replies, from the page itself.

Pure.
"""

from collections.abc import Sequence
from urllib.parse import quote

from archive.rendering.characters import one_line
from blog.site.views import Missing, Site

_WISHES = {
    "Report a problem": "Report",
    "Correct an error": "Correction",
    "Reply": "Reply",
}


def letters(site: Site, path: str | None) -> Sequence[tuple[str, str]]:
    """Return what may be written, and the address that opens the letter, for the page at `path`.

    The page's address stands in the subject. Where the operator's contact is a page, it is given
    once; where there is none, or the page has no address of its own, nothing is.
    """
    contact = site.operator.contact
    if isinstance(contact, Missing) or path is None:
        return ()
    if "://" in contact:
        return (("Report, correct or reply", contact),)
    to = quote(one_line(contact), safe="@+")
    return [
        (words, f"mailto:{to}?subject={quote(f'{wish}: {site.address}{path}', safe='')}")
        for words, wish in _WISHES.items()
    ]
