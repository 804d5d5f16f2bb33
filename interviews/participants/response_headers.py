"""The headers of a response that are kept with an attempt: those by which a provider explains itself.

Pure. What is not listed here goes nowhere: cookies, the account's name, what may hold a secret.

Source: the Messages API's pages on rate limits and errors; OpenAI's page on rate limits.
"""

from collections.abc import Mapping

from interviews.participants.failures import one_line

KEPT = frozenset(
    {
        "content-type",
        "date",
        "openai-processing-ms",
        "openai-version",
        "request-id",
        "retry-after",
        "retry-after-ms",
        "x-request-id",
        "x-should-retry",
    }
)
KEPT_FAMILIES = ("anthropic-priority-", "anthropic-ratelimit-", "x-ratelimit-")

LARGEST_VALUE, MOST_HEADERS = 200, 64


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that are kept, their names in lower case and each value on one line."""
    lower = {name.lower(): value for name, value in headers.items()}
    names = sorted(name for name in lower if name in KEPT or name.startswith(KEPT_FAMILIES))
    return {
        one_line(name, limit=LARGEST_VALUE): one_line(lower[name], limit=LARGEST_VALUE)
        for name in names[:MOST_HEADERS]
    }
