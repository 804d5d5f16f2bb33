"""Erasing a session: what was said goes with its salts; the chain and the log still verify.

Of a turn its place, its speaker, its time and its digests stay. The header stays but for its
salt: it holds the archive's own words, and its digest is the first link. Of a member check and its
replays what was shown goes too, for it quotes other sessions; of an import the file's name, the place
in it and what it says of itself go too.
"""

import json

from sqlmodel import Session

from archive.canonical import as_kept, canonical_bytes
from archive.identifiers import to_urn
from archive.store.erasure import DELETED, Erasable, Erasure
from interviews.attempts import erase_attempts
from interviews.sessions.quoting import words_shown
from interviews.sessions.reading import load_session, probes_of, turns_of
from interviews.sessions.shown_words import without_words


def find(session: Session, identifier: str) -> Erasable:
    """Return the session, ended or not.

    Raises:
        InputError: There is none with that id.
    """
    row = load_session(session, identifier)
    return Erasable(subject=row.id, model=row.model, object_id=to_urn(row.id), source=row.source)


def erase(session: Session, identifier: str) -> None:
    """Destroy what was said in a session, and all that came of its attempts."""
    row = load_session(session, identifier)
    header = json.loads(as_kept(row.header)) | {"salt": ""}
    origin = row.origin
    if origin is not None:
        # `source` stays, and stands in the tombstone: the file does not bring this back
        origin = origin | {"file": DELETED, "place": DELETED}
        header |= {"origin": origin, "said_of_itself": {}}
    if (shown := words_shown(session, row)) is not None:
        header = without_words(header, shown)
    # why it stopped may be told in the provider's words
    kept = {"header": canonical_bytes(header), "reason": None, "origin": origin}
    session.add(row.sqlmodel_update(kept))
    for turn in turns_of(session, identifier):
        session.add(turn.sqlmodel_update({"content": None, "salt": None}))
    for probe in probes_of(session, identifier):
        said = ("text", "judged", "raw_digest")
        session.add(probe.sqlmodel_update({**dict.fromkeys(said), "faults": []}))
    erase_attempts(session, identifier)


ERASURE = Erasure(find=find, erase=erase)
