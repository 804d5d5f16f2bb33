"""An object's inventory: which versions it has, which files each holds, and where their bytes are.

Pure. Terms follow OCFL 1.1, section 3.5; `archive.store.conformance` reads inventories.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from archive.canonical import Canonical, canonical_bytes

INVENTORY = "inventory.json"
SIDECAR = f"{INVENTORY}.sha512"
DECLARATION = "0=ocfl_object_1.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Who made a version."""

    name: str
    address: str | None = None  # a URI: mailto:… or a page about the person


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The state of an object at one time."""

    created: str  # RFC 3339
    state: Mapping[str, Sequence[str]]  # digest → logical paths
    message: str | None = None
    user: User | None = None

    @property
    def digests(self) -> dict[str, str]:
        """The digest of each file, by its logical path."""
        return {path: digest for digest, paths in self.state.items() for path in paths}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """All versions of an object, and where the bytes of their files are."""

    id: str
    head: str  # the last version's name: v1, v2, …
    versions: Mapping[str, Version]
    manifest: Mapping[str, Sequence[str]]  # digest → content paths, relative to the object
    fixity: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    algorithm: str = "sha512"
    content_directory: str = "content"
    spec: str = "1.1"

    def files(self, version: str | None = None) -> dict[str, str]:
        """Return the content path of each file of a version, the last by default."""
        digests = self.versions[version or self.head].digests
        return {path: self.manifest[digest][0] for path, digest in digests.items()}

    def to_bytes(self) -> bytes:
        """Return `inventory.json`: equal inventories give equal bytes."""
        document: dict[str, Canonical] = {
            "digestAlgorithm": self.algorithm,
            "head": self.head,
            "id": self.id,
            "manifest": self.manifest,
            "type": f"https://ocfl.io/{self.spec}/spec/#inventory",
            "versions": {name: _document(version) for name, version in self.versions.items()},
        }
        if self.fixity:
            document["fixity"] = self.fixity
        if self.content_directory != "content":
            document["contentDirectory"] = self.content_directory
        return canonical_bytes(document)


def extended(
    previous: Inventory | None, object_id: str, version: Version, added: Mapping[str, str]
) -> Inventory:
    """Return the inventory with one more version; the first if there is no `previous`.

    Args:
        previous: The inventory so far.
        object_id: The id of the object.
        version: The new version; its state names digests of `previous` or of `added`.
        added: Where the bytes that are new with this version are: digest → content path.
    """
    manifest = {digest: [path] for digest, path in added.items()}
    if previous is None:
        return Inventory(id=object_id, head="v1", versions={"v1": version}, manifest=manifest)
    head = f"v{len(previous.versions) + 1}"
    return Inventory(
        id=object_id,
        head=head,
        versions={**previous.versions, head: version},
        manifest={**previous.manifest, **manifest},
        fixity=previous.fixity,
    )


def sidecar_name(algorithm: str) -> str:
    """Return the name of the file beside an inventory that states its digest."""
    return f"{INVENTORY}.{algorithm}"


def sidecar(digest: str) -> bytes:
    """Return the content of the sidecar of an inventory with that sha512, hex."""
    return f"{digest} {INVENTORY}\n".encode()


def _document(version: Version) -> Canonical:
    document: dict[str, Canonical] = {"created": version.created, "state": version.state}
    if version.message is not None:
        document["message"] = version.message
    if version.user is not None:
        address = {} if version.user.address is None else {"address": version.user.address}
        document["user"] = {"name": version.user.name, **address}
    return document
