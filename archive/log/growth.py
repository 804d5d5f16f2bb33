"""That the log of now grew from an earlier checkpoint of it."""

from pathlib import Path

from archive.errors import FaultError
from archive.log import merkle, tiles
from archive.log.notes import Checkpoint


def proof_of_growth(log: Path, old: Checkpoint, now: Checkpoint, *, at: str) -> list[bytes]:
    """Return the proof that `now` grew from `old` (RFC 6962, 2.1.2); `at` names the old one.

    Raises:
        FaultError: It did not, or a tile is missing or damaged.
    """
    proof = list[bytes]()
    if old.size <= now.size:
        proof = merkle.consistency_proof(old.size, now.size, tiles.stored_hashes(log, now.size))
    if not merkle.verify_consistency(old.size, now.size, proof, old.root, now.root):
        raise FaultError(
            f"the log did not grow from its {old.size} entries",
            at=at,
            mend="A backup may have been brought back: keep both, and find out which is right.",
        )
    return proof
