"""Reading JSON that somebody else wrote: its size, its number of values and its depth have ends.

Pure. A few bytes of JSON can ask for a hundred times as much memory, so what could become values
is counted before they are made.
"""

import json
from typing import Any


class UnreadableError(ValueError):
    """What a file holds cannot be read; the words go after the place where it stands."""


LARGEST = 128 * 1024**2  # bytes of one document
MOST_VALUES = 10_000_000


def parse(content: bytes) -> Any:  # noqa: ANN401  # any JSON document
    """Return a JSON document; a number that JSON has not (NaN) as the text that stands there.

    Raises:
        UnreadableError: It cannot be read; the words say why.
    """
    if sum(map(content.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise UnreadableError(f"may hold more than {MOST_VALUES:,} values")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"byte {error.start} is not UTF-8") from error
    try:
        return json.loads(text, parse_constant=str)
    except json.JSONDecodeError as error:
        ends = not text[error.pos :].strip()
        raise UnreadableError(
            "ends in the middle" if ends else f"is no JSON at line {error.lineno}, {error.msg}"
        ) from error
    except ValueError as error:  # a number of thousands of digits
        raise UnreadableError("holds a number of too many digits") from error
    except RecursionError:
        raise UnreadableError("is nested too deeply") from None
