"""Seals: which version of which object holds which state, as the database knows it."""

from collections.abc import Iterable
from pathlib import Path

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from archive.identifiers import derived_id, new_id
from archive.store.digests import sha512
from archive.store.inventory import INVENTORY
from archive.store.layout import Layout


class Seal(SQLModel, table=True):
    """One version of one archival object, recorded before it is moved into the store."""

    __table_args__ = (UniqueConstraint("object_id", "version"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    kind: str
    subject: str = Field(index=True)
    object_id: str  # urn:uuid:…
    version: int  # from 1
    inventory_digest: str  # sha512 of the version's inventory, hex
    at: str


def last_seal(session: Session, kind: str, subject: str) -> Seal | None:
    """Return the last seal of a subject."""
    return last_seals(session, [subject]).get((kind, subject))


def last_seals(session: Session, subjects: Iterable[str]) -> dict[tuple[str, str], Seal]:
    """Return the last seal of each subject that was sealed, by kind and subject."""
    rows = select(Seal).where(col(Seal.subject).in_(list(subjects))).order_by(col(Seal.version))
    return {(seal.kind, seal.subject): seal for seal in session.exec(rows)}


def is_held(root: Path, seal: Seal) -> bool:
    """Whether the store at `root` holds the sealed version, going by its inventory.

    Raises:
        OSError: It cannot be read.
    """
    folder = root / Layout().object_path(seal.object_id)
    try:
        inventory = (folder / f"v{seal.version}" / INVENTORY).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return sha512(inventory) == seal.inventory_digest


def unlogged_id(seal: Seal) -> str:
    """Return the id of a seal that no log entry holds: it follows from what it seals."""
    return derived_id(seal.object_id, f"v{seal.version}")
