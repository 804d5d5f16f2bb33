"""What a provider's refusal means: from statuses, error objects and headers to a `Failure`.

Pure. A provider's words are foreign text: they are shown as one printable line.

Source: the Messages API's error reference; RFC 9110 (10.2.3, Retry-After).
"""

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from interviews.participants.seam import Cause, Failure

LONGEST_RETRY_AFTER = 24 * 60 * 60.0  # seconds; who asks for more is not believed

_STATUSES = {
    401: Cause.KEY_REFUSED,
    402: Cause.KEY_REFUSED,
    403: Cause.KEY_REFUSED,
    404: Cause.NOT_FOUND,
    408: Cause.SERVER_ERROR,
    409: Cause.SERVER_ERROR,
    429: Cause.RATE_LIMITED,
    529: Cause.OVERLOADED,
}
_KINDS = {
    "invalid_request_error": Cause.BAD_REQUEST,
    "request_too_large": Cause.BAD_REQUEST,
    "exceed_context_size_error": Cause.BAD_REQUEST,  # llama.cpp's
    "authentication_error": Cause.KEY_REFUSED,
    "billing_error": Cause.KEY_REFUSED,
    "permission_error": Cause.KEY_REFUSED,
    "not_found_error": Cause.NOT_FOUND,
    "rate_limit_error": Cause.RATE_LIMITED,
    "overloaded_error": Cause.OVERLOADED,
}


def failure_of_status(status: int, body: bytes, *, retry_after: float | None) -> Failure:
    """Return the failure that a response with another status than 200 tells of."""
    cause = _STATUSES.get(status, Cause.SERVER_ERROR if status >= 500 else Cause.BAD_REQUEST)
    return Failure(cause=cause, message=_words_of(body) or _phrase(status), retry_after=retry_after)


def failure_of_error(error: object) -> Failure:
    """Return the failure that an error in mid-stream tells of: there its type stands alone."""
    kind = error.get("type") if isinstance(error, Mapping) else None
    cause = _KINDS.get(kind, Cause.SERVER_ERROR) if isinstance(kind, str) else Cause.SERVER_ERROR
    return Failure(cause=cause, message=one_line(_message_of(error)))


def seconds_of(header: str | None, *, at: datetime) -> float | None:
    """Return the seconds that a `retry-after` header received `at` asks for; None: it makes no sense."""
    if header is None:
        return None
    try:
        seconds = float(header)
    except ValueError:
        seconds = _seconds_until(header, at)
    return seconds if 0 <= seconds <= LONGEST_RETRY_AFTER else None  # neither holds of NaN


def one_line(text: str, *, limit: int = 300) -> str:
    """Return foreign text as one printable line of at most `limit` characters."""
    line = " ".join(text[: 4 * limit].split())
    printable = "".join(char if char.isprintable() else "\ufffd" for char in line)
    return printable if len(printable) <= limit else f"{printable[: limit - 1]}…"


def _seconds_until(date: str, now: datetime) -> float:
    try:
        then = parsedate_to_datetime(date)
    except ValueError:
        return math.nan
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return max(0.0, (then - now).total_seconds())


def _words_of(body: bytes) -> str:
    """Return what a body says to people; a page of HTML says nothing."""
    text = body.decode(errors="replace").strip()
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return "" if text.startswith("<") else one_line(text)
    error = document.get("error", document) if isinstance(document, Mapping) else document
    return one_line(_message_of(error))


def _message_of(error: object) -> str:
    if isinstance(error, Mapping):
        return str(error.get("message") or error.get("type") or dict(error))
    return str(error)


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "no reason given"
