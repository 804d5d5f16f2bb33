"""What the measurements of interviews have in common: whom they ask, where, and what."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from archive.records.models import Model
from archive.workspace.making import make_workspace
from archive.workspace.settings import Operator, SiteSettings
from archive.workspace.workspace import Workspace
from interviews.participants.seam import Sampling
from interviews.protocols.design import Cell
from interviews.protocols.reading import find_protocol
from interviews.sessions.beginning import Plan, plans_for
from interviews.sessions.content import decoded
from interviews.sessions.facts import facts_of
from interviews.sessions.header import Addresses
from interviews.sessions.reading import sessions_of, turns_of

MODEL = "claude-bench"
TOKENS = 256
ADDRESSES = Addresses(participant=f"anthropic:{MODEL}")


def made(folder: Path) -> Workspace:
    """Return a new workspace with the model on record."""
    workspace = make_workspace(folder, Operator(), SiteSettings(), [])
    with workspace.database.writing() as session:
        session.add(Model(slug=MODEL, name="Bench", participant=ADDRESSES.participant))
    return workspace


def planned(workspace: Workspace, sessions: int) -> list[Plan]:
    """Return the plans of so many sessions on the standard protocol."""
    with workspace.database.reading() as session:
        facts = facts_of(
            session,
            session.get_one(Model, MODEL),
            workspace.settings.operator,
            reply_limit=TOKENS,
            today=datetime.now(UTC).date(),
        )
    return plans_for(
        MODEL,
        find_protocol("retirement", folder=None),
        cells={Cell(stance="neutral", information="occasion", language="en"): None},
        replicates=sessions,
        sampling=Sampling(max_tokens=TOKENS),
        facts=facts,
    )


def questions(workspace: Workspace) -> list[str]:
    """Return what the first interview asked."""
    with workspace.database.reading() as session:
        first, *_ = sessions_of(session)
        turns = turns_of(session, first.id)
    return [decoded(turn.content or b"").text for turn in turns[::2]]


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """Serve an instant Messages API from a process of its own; return its URL."""
    command = [sys.executable, "-m", "tests.support.messages_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603  # this interpreter
        try:
            yield (server.stdout.readline() if server.stdout else "").strip()
        finally:
            server.terminate()
