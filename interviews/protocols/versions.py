"""Versions of protocols: the bytes that were used, and who approved them."""

from sqlmodel import Field, Session, SQLModel, col, select

from archive.errors import FaultError, InputError
from archive.log import entries
from archive.times import now, to_text
from interviews.protocols.checking import check, faults, places_of
from interviews.protocols.protocol import Protocol


class ProtocolVersion(SQLModel, table=True):
    """A protocol's file as it was when a session first ran on it, or somebody approved it."""

    __tablename__ = "protocol_version"

    digest: str = Field(primary_key=True)  # sha256 of the file's bytes
    slug: str = Field(index=True)
    version: str
    source: bytes
    kept_at: str
    approved_at: str | None = None
    approved_by: str | None = None  # a person's id


def keep_version(session: Session, protocol: Protocol) -> ProtocolVersion:
    """Return the row of `protocol`, added in the caller's transaction if it is not there."""
    kept = session.get(ProtocolVersion, protocol.digest)
    if kept is None:
        kept = ProtocolVersion(
            digest=protocol.digest,
            slug=protocol.slug,
            version=str(protocol.version),
            source=protocol.source,
            kept_at=to_text(now()),
        )
        session.add(kept)
        session.flush()
    return kept


def approve(session: Session, protocol: Protocol, *, by: str) -> ProtocolVersion:
    """Keep and approve `protocol` as it is now, and log it, in the caller's transaction.

    Raises:
        FaultError: It has faults, or these bytes are approved already; the approval that stands is
            kept.
        InputError: Other bytes are approved under this version number.
    """
    place = f"protocol {protocol.slug} version {protocol.version}"
    wrong = faults(check(protocol))
    if wrong:
        places = places_of(protocol, wrong)
        listed = "\n  ".join(f"{at}: {one.what}" for at, one in zip(places, wrong, strict=True))
        raise FaultError(
            "faults: it cannot be approved",
            at=place,
            mend=f"{listed}\n  See `emeritus protocol check`.",
        )
    _refuse_other_bytes(session, protocol, at=place)
    kept = keep_version(session, protocol)
    if kept.approved_at is not None:
        raise FaultError(
            f"approved already, by {kept.approved_by} on {kept.approved_at}",
            at=place,
            mend="What was approved stays. An edited file is approved as a version of its own.",
        )
    kept.approved_at, kept.approved_by = to_text(now()), by
    session.add(kept)
    entries.append(
        session,
        "approval",
        kept.digest,
        {
            "protocol": kept.slug,
            "version": kept.version,
            "digest": kept.digest,
            "by": by,
            "at": kept.approved_at,
        },
    )
    return kept


def _refuse_other_bytes(session: Session, protocol: Protocol, *, at: str) -> None:
    rows = select(ProtocolVersion).where(
        ProtocolVersion.slug == protocol.slug,
        ProtocolVersion.version == str(protocol.version),
        ProtocolVersion.digest != protocol.digest,
        col(ProtocolVersion.approved_at).is_not(None),
    )
    other = session.exec(rows).first()
    if other is not None:
        raise InputError(
            f"other words are approved under this number, by {other.approved_by}: {other.digest}",
            at=at,
            mend=f"Raise the version in {protocol.file} to {protocol.version + 1}.",
        )


def approved_versions(session: Session, slug: str) -> list[ProtocolVersion]:
    """Return the approved versions of a protocol, the last approved first."""
    rows = select(ProtocolVersion).where(
        ProtocolVersion.slug == slug, col(ProtocolVersion.approved_at).is_not(None)
    )
    return list(session.exec(rows.order_by(col(ProtocolVersion.approved_at).desc())))
