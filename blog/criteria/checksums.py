"""Numbers that carry a check digit: whether it is right.

Pure. Sources: ISO/IEC 7812-1 (cards: the Luhn algorithm), ISO 13616 with ISO/IEC 7064 mod 97-10
(IBAN), ISO/IEC 7064 mod 11,10 (the German tax number); the Spanish DNI's letter is the number
modulo 23, the French NIR's key 97 less the number modulo 97.
"""

from collections.abc import Mapping

_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_NIE_DIGITS = {"X": "0", "Y": "1", "Z": "2"}

IBAN_LENGTHS: Mapping[str, int] = {
    "NO": 15,
    "BE": 16,
    "DK": 18,
    "FI": 18,
    "NL": 18,
    "SI": 19,
    "AT": 20,
    "EE": 20,
    "LT": 20,
    "LU": 20,
    "CH": 21,
    "HR": 21,
    "LV": 21,
    "BG": 22,
    "DE": 22,
    "GB": 22,
    "IE": 22,
    "CZ": 24,
    "ES": 24,
    "RO": 24,
    "SE": 24,
    "SK": 24,
    "PT": 25,
    "FR": 27,
    "GR": 27,
    "IT": 27,
    "PL": 28,
    "HU": 28,
    "CY": 28,
    "TR": 26,
    "SA": 24,
    "AE": 23,
    "IL": 23,
    "BR": 29,
}
"""The length of an account number of each country, without blanks."""


def luhn(digits: str) -> bool:
    """Whether the last digit of a card's number is its check digit."""
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    total = sum(map(int, digits[-1::-2])) + sum(one - 9 if one > 9 else one for one in doubled)
    return total % 10 == 0


def iban(account: str) -> bool:
    """Whether an account number without blanks has its country's length and its check digits."""
    if IBAN_LENGTHS.get(account[:2]) != len(account):
        return False
    turned = account[4:] + account[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % 97 == 1


def german_tax_number(digits: str) -> bool:
    """Whether the last of eleven digits is their check digit."""
    product = 10
    for digit in digits[:-1]:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return digits[0] != "0" and (11 - product) % 10 == int(digits[-1])


def spanish_identity(number: str) -> bool:
    """Whether the letter of a DNI or a NIE is the one of its number."""
    body = _NIE_DIGITS.get(number[0], number[0]) + number[1:-1]
    return _DNI_LETTERS[int(body) % 23] == number[-1]


def french_social_security(digits: str) -> bool:
    """Whether the last two of fifteen digits are the key of the others."""
    return 97 - int(digits[:13]) % 97 == int(digits[13:])
