"""Fixtures of the interviews' tests: a Messages API on loopback, and sessions held with it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Emeritus, Result
from tests.support.messages_server import MessagesServer, Script, serving
from tests.support.protocols import FILE, SMALL

KEY = "a-key-that-the-server-takes"
ASKS = ["opening", "making", "use", "self", "closing"]

Api = Callable[..., MessagesServer]
Hold = Callable[..., Result]
Document = dict[str, Any]
Shown = Callable[[], Document]


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """A Messages API with the script that is given, where the next commands find it."""
    with ExitStack() as servers:

        def serve(script: Script = ()) -> MessagesServer:
            server = servers.enter_context(serving(script, key=KEY))
            monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
            monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
            return server

        yield serve


@pytest.fixture
def hold(emeritus: Emeritus, workspace: Path) -> Hold:
    """`interview run` of halcyon-2 on the small protocol, with further options."""
    (workspace / FILE).write_text(SMALL)
    assert emeritus("protocol", "approve", "exit", "--by", "ana").exit_code == 0

    def run(*options: str) -> Result:
        return emeritus("interview", "run", "halcyon-2", "--protocol", "exit", "--json", *options)

    return run


@pytest.fixture
def shown(emeritus: Emeritus) -> Shown:
    """The one session on record, as `interview show --json` has it."""

    def show() -> Document:
        (row,) = emeritus("interview", "list", "--json").json["sessions"]
        document: Document = emeritus("interview", "show", row["id"], "--json").json
        return document

    return show
