"""A witness of a log that signs what it is given, with the time that a test wants.

witness = Witness.new("witness.example/w1")
cosigned = witness.cosigned(note, at=1_750_000_000)
"""

import base64
import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@dataclass(frozen=True)
class Witness:
    """It checks nothing: what a real one would refuse, a test may need signed."""

    name: str
    private: Ed25519PrivateKey

    @classmethod
    def new(cls, name: str = "witness.example/w1") -> "Witness":
        return cls(name, Ed25519PrivateKey.generate())

    @property
    def public(self) -> bytes:
        return b"\x04" + self.private.public_key().public_bytes_raw()

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(self.public).decode()}"

    def cosigned(self, note: bytes, *, at: int) -> bytes:
        """Return a note with this witness's line after the others."""
        text = note.partition(b"\n\n")[0] + b"\n"
        signature = self.private.sign(b"cosignature/v1\ntime %d\n" % at + text)
        raw = self.key_id + at.to_bytes(8) + signature
        return note + f"— {self.name} {base64.b64encode(raw).decode()}\n".encode()
