"""Showing a built site on this machine, with the headers that a host should send.

For reading on loopback; a public site is served by any web server from the same files.
"""

import errno
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from typing_extensions import override

from archive.canonical import sha256
from archive.errors import InputError
from archive.rendering.pages import CONTENT_POLICY
from blog.site.manifest import read_manifest

HOST = "127.0.0.1"
HEADERS = {
    "Content-Security-Policy": f"{CONTENT_POLICY}; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "browsing-topics=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
TYPES = {
    ".bib": "application/x-bibtex; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
FEED_TYPES = {
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json",
    "rss.xml": "application/rss+xml; charset=utf-8",
}


class SiteServer(ThreadingHTTPServer):
    """Serves the files of one folder; `port` 0 takes a free one.

    Their paths start with `below`, as at the address for which the site was built.
    """

    daemon_threads = True

    def __init__(self, folder: Path, port: int, below: str) -> None:
        self.folder = folder.resolve()
        self.below = below
        super().__init__((HOST, port), _Handler)

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.server_address[1]}{self.below}"


def open_server(folder: Path, port: int) -> SiteServer:
    """Return a server of the site in `folder`; its `serve_forever` runs until it is shut down.

    Raises:
        InputError: There is no site in `folder`, or `port` is in use or not to be had.
    """
    below = urlsplit(read_manifest(folder).address).path
    try:
        return SiteServer(folder, port, below)
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        use = "in use" if error.errno == errno.EADDRINUSE else "only for the system"
        raise InputError(
            f"port {port} is {use}",
            at="--port",
            mend=f"Take another: emeritus site serve --port {port + 1 if port > 1023 else 8000}",
        ) from error


def serve(folder: Path, port: int, *, ready: Callable[[str], None]) -> None:
    """Serve the site in `folder` until the process is interrupted.

    Args:
        folder: What `blog.site.building.build` wrote.
        port: On loopback; 0 takes a free one.
        ready: Given the address once the server listens.

    Raises:
        InputError: There is no site in `folder`, or `port` is in use or not to be had.
    """
    with open_server(folder, port) as server:
        ready(server.address)
        server.serve_forever()


class _Handler(BaseHTTPRequestHandler):
    server: SiteServer
    protocol_version = "HTTP/1.1"
    server_version = "Emeritus"
    sys_version = ""

    def do_GET(self) -> None:  # http.server's name
        self._answer(with_body=True)

    def do_HEAD(self) -> None:  # http.server's name
        self._answer(with_body=False)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet: nobody is counted."""

    def _answer(self, *, with_body: bool) -> None:
        path = unquote(urlsplit(self.path).path, errors="replace")
        file, folder = self._find(path), self._find(f"{path}/")
        if file is not None:
            self._send(HTTPStatus.OK, file, with_body=with_body)
        elif folder is not None:
            # relative: an absolute one would let //host/ lead elsewhere
            self._redirect(f"{quote(path.rpartition('/')[2])}/")
        elif path == "/":
            self._redirect(self.server.below)
        else:
            page = self.server.folder / "404.html"
            self._send(HTTPStatus.NOT_FOUND, page, with_body=with_body)

    def _find(self, path: str) -> Path | None:
        below = self.server.below
        if not path.startswith(below):
            return None
        return find(self.server.folder, f"/{path.removeprefix(below)}")

    def _redirect(self, target: str) -> None:
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: HTTPStatus, file: Path, *, with_body: bool) -> None:
        content = file.read_bytes()
        tag = f'"{sha256(content)}"'
        fresh = status is HTTPStatus.OK and self.headers.get("If-None-Match") == tag
        self.send_response(HTTPStatus.NOT_MODIFIED if fresh else status)
        self.send_header("Content-Type", FEED_TYPES.get(file.name) or TYPES[file.suffix])
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-cache")
        self.send_header("ETag", tag)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        if with_body and not fresh:
            self.wfile.write(content)


def find(folder: Path, path: str) -> Path | None:
    """Return the file of the site in `folder` that a request's decoded path names.

    Hidden files, what lies outside, and types that no site has are not found.
    """
    parts = path.split("/")
    if "\0" in path or any(part.startswith(".") for part in parts):
        return None
    inside = "/".join(part for part in parts if part)
    file = folder / inside / "index.html" if path.endswith("/") else folder / inside
    known = file.suffix in TYPES
    return file if known and file.is_file() and file.resolve().is_relative_to(folder) else None
