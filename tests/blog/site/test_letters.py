"""Report, correct, reply: from every page, with the page's address."""

from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from blog.site.building import contents
from blog.site.letters import letters
from blog.site.views import Missing, Site
from tests.support.markup import elements
from tests.support.sample_site import sample_site

SITE = sample_site()


def reached_by(contact: str | Missing) -> Site:
    return replace(SITE, operator=replace(SITE.operator, contact=contact))


def test_every_page_with_an_address_offers_three_letters_with_it_in_the_subject() -> None:
    for path, content in contents(SITE).items():
        if not path.endswith("index.html"):
            continue
        links = [a["href"] for _, a in elements(content.decode(), "a")]
        mails = [urlsplit(one) for one in links if one.startswith("mailto:") and "?" in one]
        address = f"{SITE.address}{path.removesuffix('index.html')}"
        assert [parse_qs(one.query) for one in mails] == [
            {"subject": [f"{wish}: {address}"]} for wish in ("Report", "Correction", "Reply")
        ]
        assert {one.path for one in mails} == {"archive@example.org"}


CONTACTS = {
    "a sign that ends the address": "a?bcc=x@elsewhere.example",
    "another field": "a@example.org&bcc=b@elsewhere.example",
    "a line feed": "a@example.org\nBcc: b@elsewhere.example",
    "quotation marks": '"a b"@example.org',
    "an address with a plus": "archive+letters@example.org",
}


@pytest.mark.parametrize("contact", CONTACTS.values(), ids=CONTACTS.keys())
def test_a_contact_is_one_address_and_nothing_else(contact: str) -> None:
    for _, address in letters(reached_by(contact), "posts/a/"):
        parts = urlsplit(address)
        assert unquote(parts.path) == " ".join(contact.split())
        assert parse_qs(parts.query).keys() == {"subject"}


def test_a_contact_that_is_a_page_is_given_once_and_none_is_made_up() -> None:
    page = "https://example.org/contact"

    assert letters(reached_by(page), "") == (("Report, correct or reply", page),)
    assert letters(reached_by(Missing.NOT_STATED), "") == ()
    assert letters(SITE, None) == ()
