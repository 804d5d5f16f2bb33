"""Serving a built site on loopback."""

import http.client
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import InputError
from blog.site.serving import SiteServer, open_server


@pytest.fixture(scope="module")
def server(public: Path) -> Iterator[SiteServer]:
    with open_server(public, 0) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def get(server: SiteServer, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=5)
    connection.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


TYPES = {
    "": "text/html; charset=utf-8",
    "posts/a-short-letter/": "text/html; charset=utf-8",
    "posts/a-short-letter/post.md": "text/markdown; charset=utf-8",
    "styles/site.css": "text/css; charset=utf-8",
    "fonts/newsreader-latin-normal.woff2": "font/woff2",
    "icon.svg": "image/svg+xml",
    "feeds/atom.xml": "application/atom+xml; charset=utf-8",
    "feeds/rss.xml": "application/rss+xml; charset=utf-8",
    "feeds/feed.json": "application/feed+json",
    "sitemap.xml": "application/xml",
    "robots.txt": "text/plain; charset=utf-8",
}


@pytest.mark.parametrize(("path", "type_"), TYPES.items())
def test_each_file_has_its_type_and_the_headers(server: SiteServer, path: str, type_: str) -> None:
    answer, body = get(server, f"/retired/{path}")

    assert (answer.status, answer.getheader("Content-Type")) == (200, type_)
    assert "default-src 'none'" in (answer.getheader("Content-Security-Policy") or "")
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
    assert body


MISSING = {
    "nothing there": "/retired/nowhere/",
    "outside": "/retired/../../etc/passwd",
    "outside, encoded": "/retired/%2e%2e/%2e%2e/etc/passwd",
    "outside, encoded slashes": "/retired/..%2f..%2fetc%2fpasswd",
    "hidden": "/retired/.emeritus-site.json",
    "NUL": "/retired/a%00b",
    "not UTF-8": "/retired/%ff/",
    "not below the site": "/feeds/atom.xml",
}


@pytest.mark.parametrize("path", MISSING.values(), ids=MISSING.keys())
def test_what_is_not_the_sites_is_not_found_and_the_page_says_so(
    server: SiteServer, path: str
) -> None:
    answer, body = get(server, path)

    assert answer.status == 404
    assert b"There is nothing at this address" in body


REDIRECTS = {
    "/": "/retired/",
    "/retired/about": "about/",
    "/retired/posts/a-short-letter": "a-short-letter/",
    "/retired//about": "about/",
}


@pytest.mark.parametrize(("path", "target"), REDIRECTS.items())
def test_an_address_without_its_slash_leads_on(server: SiteServer, path: str, target: str) -> None:
    answer, _ = get(server, path)

    assert (answer.status, answer.getheader("Location")) == (302, target)


def test_a_file_that_did_not_change_is_not_sent_again(server: SiteServer) -> None:
    first, _ = get(server, "/retired/feeds/atom.xml")

    again, body = get(
        server, "/retired/feeds/atom.xml", If_None_Match=first.getheader("ETag") or ""
    )

    assert (again.status, body) == (304, b"")


def test_a_port_in_use_is_named_with_the_way_out(public: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(InputError, match=f"port {port} is in use") as refusal:
            open_server(public, port)

    assert refusal.value.exit_code == 2
    assert f"--port {port + 1}" in str(refusal.value)


def test_a_folder_without_a_site_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no site"):
        open_server(tmp_path, 0)
