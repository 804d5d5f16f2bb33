"""The interviews' kinds: protocols, campaigns, sessions, their turns; fingerprints."""

from collections.abc import Sequence
from pathlib import Path

from sqlmodel import select

from archive.errors import InputError
from archive.store.deletions import deleted, deletion_of
from archive.store.kinds import Kind
from archive.workspace.workspace import Workspace
from interviews.campaigns import archiving as campaigns
from interviews.fingerprints import archiving as fingerprints
from interviews.protocols import archiving as versions
from interviews.protocols.versions import ProtocolVersion
from interviews.sessions import archiving
from interviews.sessions.erasing import ERASURE
from interviews.sessions.reading import load_session, sessions_of, turns_of
from interviews.sessions.records import state_of

SCHEMAS = Path(__file__).parent / "schemas"
PROTOCOL_SCHEMA = SCHEMAS / "protocol.schema.json"
EXPORT_SCHEMA = SCHEMAS / "export.schema.json"
TRANSCRIPT_SCHEMA = SCHEMAS / "transcript.schema.json"


def _find_session(workspace: Workspace, typed: str) -> str:
    with workspace.database.reading() as session:
        row = load_session(session, typed)
        if (gone := deletion_of(session, "session", row.id)) is not None:
            raise InputError(
                f"was {gone.words}",
                at=f"session {typed}",
                mend="See `emeritus preserve list`: nothing of it is sealed or released.",
            )
        if not state_of(row).ended:
            raise InputError(
                "has not ended",
                at=f"session {typed}",
                mend="Go on with `emeritus interview resume`; then it can be released.",
            )
        return row.id


def _find_turn(workspace: Workspace, typed: str) -> str:
    """Return the subject of a turn that was typed as SESSION:INDEX."""
    identifier, _, index = typed.partition(":")
    found = _find_session(workspace, identifier)
    with workspace.database.reading() as session:
        length = len(turns_of(session, found))
    if not (index.isascii() and index.isdigit() and int(index) < length):
        raise InputError(
            "no such turn",
            at=typed,
            mend=f"Write SESSION:INDEX, with an index from 0 to {length - 1}."
            if length
            else "Nothing was said in this session.",
        )
    return f"{found}:{int(index)}"


def _ended_sessions(workspace: Workspace) -> Sequence[str]:
    with workspace.database.reading() as session:
        gone = deleted(session)
        return [
            row.id
            for row in sessions_of(session)
            if state_of(row).ended and ("session", row.id) not in gone
        ]


def _protocols(workspace: Workspace) -> Sequence[str]:
    with workspace.database.reading() as session:
        digests = select(ProtocolVersion.digest).order_by(ProtocolVersion.digest)
        return session.exec(digests).all()


KINDS = (
    Kind(
        name="protocol",
        find=None,  # what was asked is published with each session that is released
        sealable=_protocols,
        deposit=versions.deposit,
        schema=SCHEMAS / "protocol-version.schema.json",
        restore=versions.restore,
    ),
    Kind(
        name="campaign",
        find=None,  # its plan is published with its sessions
        sealable=campaigns.campaigns,
        deposit=campaigns.deposit,
        schema=SCHEMAS / "campaign.schema.json",
        restore=campaigns.restore,
    ),
    Kind(
        name="session",
        find=_find_session,
        sealable=_ended_sessions,
        deposit=archiving.deposit,
        schema=SCHEMAS / "session.schema.json",
        restore=archiving.restore,
        erasure=ERASURE,
    ),
    Kind(name="turn", find=_find_turn),
    Kind(
        name="fingerprint",
        find=None,  # it is not published
        sealable=fingerprints.taken,
        deposit=fingerprints.deposit,
        schema=SCHEMAS / "fingerprint.schema.json",
        restore=fingerprints.restore,
    ),
)
