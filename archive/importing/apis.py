"""Asking APIs for the models that they have. One attempt, bounded; redirects are not followed.

Keys come from the environment; none is stored, shown, or sent to another address.
"""

import ipaddress
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

import anthropic  # noqa: TID253  # this module is imported when an API is asked
import httpx2

from archive.errors import InputError, ServiceError
from archive.importing.documents import LARGEST, parsed
from archive.importing.entries import Reading, sorted_out
from archive.importing.fields import NotUnderstoodError, fields
from archive.importing.lists import (
    ANTHROPIC,
    OPENAI,
    anthropic_entries,
    items_of,
    openai_entries,
)
from archive.providers import ANTHROPIC_URL, anthropic_key, anthropic_url, check_url

SECONDS = 30.0  # without a byte
PAGE = 1000  # models; the API's most
MOST_PAGES = 100

_CHANNELS = {"api.anthropic.com": "anthropic", "api.openai.com": "openai"}


def read_anthropic(environment: Mapping[str, str], *, observed_at: str) -> Reading:
    """Return what Anthropic's Models API, or the one at ANTHROPIC_BASE_URL, lists.

    Raises:
        InputError: There is no key, or the URL is none.
        ServiceError: It refused, was not there, or answered something else than models.
    """
    url, key = anthropic_url(environment), anthropic_key(environment)
    at = f"{_shown(url)}/v1/models"
    with _http(url) as http:
        client = anthropic.Anthropic(
            api_key=key, base_url=url, max_retries=0, open_telemetry=False, http_client=http
        )
        items = _all_pages(client, at)
    found = anthropic_entries(
        at,
        items,
        channel=_channel(url),
        maker="Anthropic" if url.rstrip("/") == ANTHROPIC_URL else None,
        observed_at=observed_at,
    )
    return sorted_out(at, ANTHROPIC, found)


def read_openai(base_url: str, environment: Mapping[str, str], *, observed_at: str) -> Reading:
    """Return what the OpenAI-compatible API at `base_url` lists; with OPENAI_API_KEY if set.

    Raises:
        InputError: The URL is none.
        ServiceError: It refused, was not there, or answered something else than models.
    """
    check_url(base_url, at="openai:BASE_URL", mend="Write it as openai:http://127.0.0.1:8000/v1.")
    base = base_url.rstrip("/")
    url = f"{base}/models" if base.endswith("/v1") else f"{base}/v1/models"
    key = environment.get("OPENAI_API_KEY", "").strip()
    if not key.isascii() or not key.isprintable():
        raise InputError("not an API key", at="OPENAI_API_KEY", mend="Copy it anew.")
    headers = {"authorization": f"Bearer {key}"} if key else {}
    at = _shown(url)
    try:
        with _http(url) as http, http.stream("GET", url, headers=headers) as response:
            if response.status_code != 200:
                raise _refused(at, response.status_code)
            document = _document(at, response.iter_bytes())
    except httpx2.HTTPError as error:
        raise _not_there(at, error) from error
    items = _items(at, document, "/data")
    found = openai_entries(at, items, channel=_channel(url), observed_at=observed_at)
    return sorted_out(at, OPENAI, found)


def _all_pages(client: anthropic.Anthropic, at: str) -> list[tuple[str, object]]:
    items: list[tuple[str, object]] = []
    after: str | anthropic.Omit = anthropic.omit
    for number in range(1, MOST_PAGES + 1):
        page = _page(client, at, after)
        items += _items(at, page, f"page {number}: /data")
        found = fields(page, "")
        last = found.text("last_id")
        if not found.values.get("has_more"):
            return items
        if last is None or last == after:
            break
        after = last
    raise ServiceError(
        "its pages do not end", at=at, mend="Tell who runs it; nothing was brought in."
    )


def _page(client: anthropic.Anthropic, at: str, after: "str | anthropic.Omit") -> object:
    try:
        with client.models.with_streaming_response.list(
            limit=PAGE, lifecycle=["active", "deprecated", "retired"], after_id=after
        ) as response:
            return _document(at, response.iter_bytes())
    except anthropic.APIStatusError as error:
        raise _refused(at, error.status_code) from error
    except (anthropic.APIConnectionError, httpx2.HTTPError) as error:
        raise _not_there(at, error) from error


def _document(at: str, pieces: Iterable[bytes]) -> object:
    content = bytearray()
    for piece in pieces:
        content += piece
        if len(content) > LARGEST:
            raise ServiceError(
                f"answered more than {LARGEST:,} bytes", at=at, mend="Nothing was brought in."
            )
    try:
        return parsed(content.decode())
    except ValueError as error:  # UnicodeDecodeError is one
        raise _no_models(at, "no JSON") from error


def _items(at: str, document: object, pointer: str) -> list[tuple[str, object]]:
    try:
        found = items_of(document)
    except NotUnderstoodError as error:
        raise _no_models(at, error.what) from error
    return [(f"{pointer}/{index}", item) for index, item in enumerate(found)]


def _no_models(at: str, what: str) -> ServiceError:
    mend = "Is it the address of such an API? Nothing was brought in."
    return ServiceError(f"answered no list of models: {what}", at=at, mend=mend)


def _refused(at: str, status: int) -> ServiceError:
    mend = {
        401: "It wants another key.",
        403: "It wants another key.",
        404: "It has no such list: is the address right?",
    }.get(status, "Try again later.")
    return ServiceError(f"answered {status}", at=at, mend=f"{mend} Nothing was brought in.")


def _not_there(at: str, error: Exception) -> ServiceError:
    return ServiceError(
        f"could not be reached ({type(error).__name__})",
        at=at,
        mend="Is it running, and is the address right? Nothing was brought in.",
    )


def _http(url: str) -> httpx2.Client:
    """Return a client; on this machine no proxy stands between."""
    return httpx2.Client(timeout=SECONDS, follow_redirects=False, trust_env=not _is_here(url))


def _is_here(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _channel(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    return _CHANNELS.get(host, host if parts.port is None else f"{host}:{parts.port}")


def _shown(url: str) -> str:
    """Return the URL without a user's name and password, and without a query."""
    parts = urlsplit(url)
    netloc = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=netloc, query="", fragment="").geturl().rstrip("/")
