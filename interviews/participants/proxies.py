"""The proxy that the environment names for a URL: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY."""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from archive.errors import InputError


def proxy_for(url: str) -> str | None:
    """Return the URL of the proxy that stands before `url`; None: none does.

    Raises:
        InputError: It is no HTTP proxy. The message does not hold it: it could hold a password.
    """
    parts, proxies = urlsplit(url), getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    scheme, found, _ = proxy.partition("://")
    if found and scheme not in {"http", "https"}:
        raise InputError(
            f"the proxy for {parts.hostname} speaks {scheme}; only HTTP proxies can be used",
            at=f"{parts.scheme.upper()}_PROXY",
            mend="Name one that begins with http://, or add the host to NO_PROXY.",
        )
    return proxy if found else f"http://{proxy}"
