"""The digest of the program that builds a site, and of its templates."""

import platform
import unicodedata
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

from archive.rendering.resources import DATA

_LIBRARIES = ("comrak", "emeritus", "jinja2", "markdown", "markupsafe", "nh3")


@cache
def software() -> str:
    """Return a digest that is another when other bytes could come of the same record.

    It covers the templates, what travels with them, our own code that lays out, and the versions of
    the libraries that do: in a checkout, the code changes without its version.
    """
    digest = sha256(f"{platform.python_version()} {unicodedata.unidata_version}".encode())
    for library in _LIBRARIES:
        digest.update(f" {library} {version(library)}".encode())
    for folder in (
        files("blog"),
        files("archive") / "rendering",
        DATA / "templates" / "site",
        DATA / "site",
    ):
        for file in _below(folder):
            digest.update(sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _below(folder: Traversable) -> list[Traversable]:
    found = []
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir() and item.name != "__pycache__":
            found += _below(item)
        elif item.is_file():
            found.append(item)
    return found
