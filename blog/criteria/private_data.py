"""Private data that rules can see: addresses, telephone numbers, cards, accounts, identity numbers.

Pure. A number that carries a check digit is found only where it is right. Whether a name is that
of a private person, or what is told of somebody's health or life is private, no rule here knows.
"""

import re
from collections.abc import Callable, Iterator

from blog.criteria import checksums
from blog.criteria.findings import Finding

DETECTOR = "private data, rules 1"

_MAIL = re.compile(
    r"(?<![\w.+-])[\w][\w.%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24}(?![\w-])"
)
_NUMBER = re.compile(r"(?<![\w.,:])[+(]?\d(?:[ ()./\u00a0-]{0,2}\d){6,18}(?![\w]|[.,:]\d)")
_NORTH_AMERICAN = re.compile(r"(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}")
_CARD = re.compile(r"(?<![\w.,-])[3-6]\d{3}(?:[ -]?\d){9,15}(?!\w)")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,28}")
_ELEVEN = re.compile(r"(?<![\w.,-])\d{11}(?![\w]|[.,]\d)")
_SPANISH = re.compile(r"(?<!\w)(?:\d{8}|[XYZ]\d{7})-?[A-HJ-NP-TV-Z](?!\w)")
_FRENCH = re.compile(r"(?<![\w.,])[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d{2} ?\d{3} ?\d{3} ?\d{2}(?!\w)")
_AMERICAN = re.compile(r"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])")
_BRITISH = re.compile(r"(?<!\w)[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)")
_POSTCODE = re.compile(r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}(?!\w)")

_NAME = r"[A-ZÀ-ÖØ-Þ][\w'\u2019.-]{0,30}"
_STREETS = (
    re.compile(
        rf"(?<![\w.,])\d{{1,5}}[A-Za-z]?,? (?:{_NAME} ){{1,4}}"
        r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Boulevard|Blvd|Court|Square|Terrace|Place"
        r"|Close|Crescent|Row|Mews|Gardens)(?!\w)"
    ),
    re.compile(
        r"(?<!\w)[A-ZÄÖÜ][a-zäöüß-]{1,30}(?:straße|strasse|str\.|weg|platz|allee|gasse|ufer|damm)"
        r" \d{1,4} ?[a-z]?(?!\w)"
    ),
    re.compile(r"(?<!\w)\d{1,4}[a-z]?, (?:D-)?\d{5} [A-ZÄÖÜ][a-zäöüß]"),
    re.compile(
        r"(?<![\w.,])\d{1,4}(?: bis| ter)?,? (?:rue|avenue|boulevard|place|chemin|impasse|quai"
        rf"|allée) (?:(?:de|du|des|la|le|les) |l['\u2019]|d['\u2019]){{0,3}}{_NAME}"
    ),
    re.compile(
        r"(?<!\w)(?:[Cc]alle|C/|[Aa]venida|[Pp]laza|[Pp]aseo) (?:(?:de|del|la|las|los) ){0,2}"
        rf"(?:{_NAME} ?){{1,3}},? (?:n\.?º ?)?\d{{1,4}}(?!\w)"
    ),
    re.compile(r"(?<!\w)P\.? ?O\.? Box \d{1,6}(?!\w)"),
)

Sure = Callable[[str], bool]


def find(text: str) -> list[Finding]:
    """Return every place at which private data stand, in order; none lies within another."""
    found = sorted(_all(text), key=lambda one: (one.start, -one.end))
    outer: list[Finding] = []
    for one in found:
        if not outer or one.start >= outer[-1].end:
            outer.append(one)
    return outer


def _all(text: str) -> Iterator[Finding]:
    for what, pattern, sure in _KINDS:
        for match in pattern.finditer(text):
            if sure(match[0]):
                yield Finding(what=what, start=match.start(), end=match.end())
    for match in _IBAN.finditer(text):
        if (length := _of_account(match[0])) is not None:
            yield Finding(what="a bank account", start=match.start(), end=match.start() + length)


def _of_account(run: str) -> int | None:
    """Return how many characters of `run` are an account number; None: none are."""
    wanted = checksums.IBAN_LENGTHS.get(run[:2], 0)
    places = [place for place, char in enumerate(run) if char != " "]
    if not wanted or len(places) < wanted:
        return None
    length = places[wanted - 1] + 1
    return length if checksums.iban(run[:length].replace(" ", "")) else None


def _digits(run: str) -> str:
    return "".join(char for char in run if char.isdecimal() and char.isascii())


def _is_telephone(run: str) -> bool:
    """Whether a run of digits is written as a telephone number is."""
    digits = _digits(run)
    if run.startswith("+") or digits.startswith("00"):
        return 8 <= len(digits) <= 15
    if _NORTH_AMERICAN.fullmatch(run):
        return True
    return digits[0] == "0" and digits[1] != "0" and 9 <= len(digits) <= 12


def _is_card(run: str) -> bool:
    digits = _digits(run)
    return 13 <= len(digits) <= 19 and checksums.luhn(digits)


def _always(_run: str) -> bool:
    return True


_KINDS: tuple[tuple[str, re.Pattern[str], Sure], ...] = (
    ("an e-mail address", _MAIL, _always),
    ("a telephone number", _NUMBER, _is_telephone),
    ("a card's number", _CARD, _is_card),
    ("a tax number", _ELEVEN, checksums.german_tax_number),
    (
        "an identity number",
        _SPANISH,
        lambda run: checksums.spanish_identity(run.replace("-", "")),
    ),
    (
        "a social security number",
        _FRENCH,
        lambda run: checksums.french_social_security(_digits(run)),
    ),
    ("a social security number", _AMERICAN, _always),
    ("a national insurance number", _BRITISH, _always),
    ("a postal address", _POSTCODE, _always),
    *(("a postal address", street, _always) for street in _STREETS),
)
