"""Which key may have signed which checkpoint: the keys of one log, one after the other.

Pure. All have the log's origin as their name. At a hand-over the last checkpoint of the old key
is signed by the new one too, so that whoever follows the old key is led to the new one.
"""

from dataclasses import dataclass

from archive.errors import FaultError
from archive.log.notes import Checkpoint, VerifyingKey, open_note_of, parse_checkpoint

_BRING_BACK = "Bring back the checkpoint that belongs here."


@dataclass(frozen=True, slots=True)
class Term:
    """What a key that was retired has signed: checkpoints of up to `last` entries."""

    key: VerifyingKey
    last: int


@dataclass(frozen=True, slots=True)
class Keyring:
    """The key that signs now, and those before it, oldest first."""

    current: VerifyingKey
    former: tuple[Term, ...] = ()

    @property
    def keys(self) -> list[VerifyingKey]:
        """All keys, oldest first."""
        return [*(term.key for term in self.former), self.current]

    def open_checkpoint(self, note: bytes, *, at: str) -> Checkpoint:
        """Return what a signed checkpoint of this log states.

        Raises:
            FaultError: It is no checkpoint, is another log's, or was not signed by the key
                whose turn it was.
        """
        text, signers = open_note_of(note, self.keys, at=at)
        checkpoint = parse_checkpoint(text, at=at)
        if checkpoint.origin != self.current.name:
            raise FaultError(f"of another log: {checkpoint.origin}", at=at, mend=_BRING_BACK)
        if not any(self._may_sign(key, checkpoint.size) for key in signers):
            names = ", ".join(f"{key.name}+{key.key_id.hex()}" for key in signers)
            raise FaultError(
                f"signed for {checkpoint.size} entries by {names}, which was not the log's key then",
                at=at,
                mend="A retired key may be in wrong hands: find out who signed it.",
            )
        return checkpoint

    def _may_sign(self, key: VerifyingKey, size: int) -> bool:
        first = 0
        for term in self.former:
            if key == term.key:
                return first <= size <= term.last
            first = term.last
        return size >= first
