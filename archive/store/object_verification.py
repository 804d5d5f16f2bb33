"""Verifying one object: its folders, its inventories, and the bytes of every file.

Needs no workspace and no database. Files are read in blocks, links are never followed.
Source: OCFL 1.1, section 3.
"""

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from archive.store.conformance import SPECS, Examined, examine, version_number
from archive.store.digests import ALGORITHMS, HEX_LENGTH
from archive.store.findings import UNREAD, Finding
from archive.store.history import disagreements
from archive.store.inventory import INVENTORY, Inventory, sidecar_name
from archive.store.reading import (
    BLOCK,
    LONGEST_INVENTORY,
    Listing,
    list_folder,
    opened,
    read_at_most,
)

REGISTERED_EXTENSIONS: Final = frozenset(
    (
        "0001-digest-algorithms",
        "0002-flat-direct-storage-layout",
        "0003-hash-and-id-n-tuple-storage-layout",
        "0004-hashed-n-tuple-storage-layout",
        "0005-mutable-head",
        "0006-flat-omit-prefix-storage-layout",
        "0007-n-tuple-omit-prefix-storage-layout",
        "0008-schema-registry",
        "0009-digest-algorithms",
        "0010-differential-n-tuple-omit-prefix-storage-layout",
        "0011-direct-clean-path-layout",
        "0012-hash-and-no-prefix-id-n-tuple-storage-layout",
        "initial",
    )
)
"""Source: ocfl.github.io/extensions, 2026."""

_LONGEST_SIDECAR = 4096  # bytes
_VERSION_FOLDER = re.compile(r"v\d+")
_SIDECAR = re.compile(rb"([0-9a-fA-F]+)[ \t]+inventory\.json\s*")


OnBytes: TypeAlias = Callable[[int], None]
"""Told how many bytes were read since the last time."""


def not_counted(_count: int) -> None:
    """Do nothing: nobody asked how far the reading is."""


class Verification:
    """One run: what it has found, under the folder `base`."""

    def __init__(self, base: str, *, on_bytes: OnBytes = not_counted) -> None:
        self.findings: list[Finding] = []
        self.objects = 0
        self._base = base
        self._on_bytes = on_bytes
        self._linked: dict[tuple[int, int], str] = {}  # files with several names, by inode

    def found(self, code: str, path: str, message: str) -> None:
        self.findings.append(Finding(path or ".", code, message))

    def listing(self, folder: str) -> Listing:
        """Return what is in a folder; a link in it is found fault with.

        Raises:
            OSError: It cannot be read.
        """
        listing = list_folder(self._absolute(folder))
        for name in listing.links:
            self.found("E090", join(folder, name), "a symbolic link")
        return listing

    def read(self, path: str, *, limit: int, code: str) -> bytes | None:
        """Return a whole file; None, and a finding with `code`, if it cannot be read."""
        try:
            with opened(self._absolute(path)) as (descriptor, status):
                self._note_links(path, status)
                return read_at_most(descriptor, limit)
        except OSError as error:
            self.found(code, path, f"cannot be read: {error.strerror or error}")
        except ValueError as error:  # of an inventory no rule of OCFL says that it is too long
            too_long = UNREAD if limit == LONGEST_INVENTORY else code
            self.found(too_long, path, f"not read: {error}")
        return None

    def digests(self, path: str, algorithms: Iterable[str]) -> Mapping[str, str]:
        """Return the digests of a file, all from one reading.

        Raises:
            OSError: It cannot be read.
        """
        digests = {algorithm: ALGORITHMS[algorithm]() for algorithm in algorithms}
        with opened(self._absolute(path)) as (descriptor, status):
            self._note_links(path, status)
            # a small file is read whole by the first call; the second finds its end
            while block := os.read(descriptor, min(status.st_size + 1, BLOCK)):
                self._on_bytes(len(block))
                for digest in digests.values():
                    digest.update(block)
        return {algorithm: digest.hexdigest() for algorithm, digest in digests.items()}

    def check_declaration(self, path: str, content: str, *, code: str) -> None:
        """Check the content of a conformance declaration."""
        if self.read(path, limit=256, code=code) not in {f"{content}\n".encode(), None}:
            self.found(code, path, f"does not say {content!r}")

    def check_extensions(self, folder: str, *, stray: Sequence[str], unregistered: str) -> None:
        """Check an `extensions` folder; the codes differ between an object and a root."""
        listing = self.listing(folder)
        for name in (*listing.files, *listing.others):
            for code in stray:
                self.found(code, join(folder, name), "not the folder of an extension")
        for name in listing.folders:
            if name not in REGISTERED_EXTENSIONS:
                self.found(unregistered, join(folder, name), "not a registered extension")

    def _absolute(self, path: str) -> str:
        return join(self._base, path) if path else self._base

    def _note_links(self, path: str, status: os.stat_result) -> None:
        if status.st_nlink < 2:
            return
        other = self._linked.setdefault((status.st_dev, status.st_ino), path)
        if other != path:
            self.found("E090", path, f"a hard link: the same file as {other}")


class VerifiedObject(NamedTuple):
    """What a storage root must know of an object in it."""

    id: str  # empty if unknown
    spec: str | None  # the declared version of OCFL


def verify_object(run: Verification, folder: str, listing: Listing) -> VerifiedObject:
    """Verify the object in `folder`, which holds `listing`.

    Raises:
        OSError: One of its folders cannot be read.
    """
    run.objects += 1
    return _ObjectVerification(run, folder).verify(listing)


def is_version_folder(name: str) -> bool:
    """Whether a folder is named like a version's."""
    return _VERSION_FOLDER.fullmatch(name) is not None


def join(folder: str, name: str) -> str:
    """Return the path of `name` in `folder`; no folder is the one that is verified."""
    return f"{folder}/{name}" if folder else name


class _Claim(NamedTuple):
    """What an inventory says of the bytes of a file, apart from the object's own manifest."""

    algorithm: str
    digest: str  # lower case
    code: str  # of the finding if the bytes are others
    inventory: str  # which inventory says so, relative to the object


class _ObjectVerification:
    """One object under verification; paths are relative to it."""

    def __init__(self, run: Verification, folder: str) -> None:
        self._run = run
        self._folder = folder
        self._content: set[str] = set()  # every file in a content folder
        self._manifest: dict[str, str] = {}  # of the present version: path → digest, lower case
        self._claims: dict[str, list[_Claim]] = {}

    def verify(self, listing: Listing) -> VerifiedObject:
        spec = self._check_declarations(listing.files)
        if INVENTORY not in listing.files:
            self._found("E063", INVENTORY, "the object has no inventory")
        content = self._read_inventory("", listing.files)
        examined = None if content is None else self._examine("", listing.files, content, spec)
        present = None if examined is None else examined.inventory
        self._check_entries(listing, present)
        if content is None or examined is None or present is None:
            return VerifiedObject("", spec)
        folders = [name for name in present.versions if name in listing.folders]
        inside = {name: self._version_folder(name, present) for name in folders}
        self._check_manifest(present, lists_all=examined.lists_all)
        self._check_version_inventories(inside, present, content)
        self._check_bytes(present.algorithm)
        return VerifiedObject(present.id, spec)

    def _found(self, code: str, path: str, message: str) -> None:
        self._run.found(code, join(self._folder, path) if path else self._folder, message)

    def _check_declarations(self, files: Sequence[str]) -> str | None:
        """Return the version of OCFL that the object declares."""
        declarations = [name for name in files if name[1:2] == "="]
        if len(declarations) != 1:
            self._found("E003", "", f"{len(declarations)} declarations of the version of OCFL")
        declared = [spec for spec in SPECS if f"0=ocfl_object_{spec}" in declarations]
        for name in declarations:
            if not name.startswith("0"):
                self._found("E005", name, "a declaration begins with 0=")
            elif name[2:] not in {f"ocfl_object_{spec}" for spec in SPECS}:
                self._found("E006", name, "does not declare OCFL 1.0 or 1.1")
            else:
                self._run.check_declaration(join(self._folder, name), name[2:], code="E007")
        return max(declared, default=None)

    def _read_inventory(self, folder: str, files: Sequence[str]) -> bytes | None:
        if INVENTORY not in files:
            return None
        path = join(self._folder, join(folder, INVENTORY))
        return self._run.read(path, limit=LONGEST_INVENTORY, code="E033")

    def _examine(
        self, folder: str, files: Sequence[str], content: bytes, spec: str | None
    ) -> Examined:
        """Hold an inventory and its sidecar to the rules that need no other file."""
        examined = examine(content, spec=spec)
        for fault in examined.faults:
            self._found(fault.code, join(folder, INVENTORY), fault.message)
        self._check_sidecar(folder, files, content, examined.inventory)
        return examined

    def _check_sidecar(
        self, folder: str, files: Sequence[str], content: bytes, inventory: Inventory | None
    ) -> None:
        sidecars = {name for name in files if _is_sidecar(name)}
        if inventory is None:  # its algorithm is not known: take the one that a sidecar names
            algorithm = next((a for a in HEX_LENGTH if sidecar_name(a) in sidecars), None)
        else:
            algorithm = inventory.algorithm
        expected = None if algorithm is None else sidecar_name(algorithm)
        if algorithm is not None and expected in sidecars:
            self._compare_sidecar(join(folder, expected), content, algorithm)
        elif expected is not None or not sidecars:
            self._found("E058", join(folder, INVENTORY), "has no sidecar with its digest")
        if inventory is not None:
            stray = "E015" if folder else "E001"
            for name in sidecars - {expected}:
                code = stray if expected in sidecars else "E059"
                self._found(code, join(folder, name), "not by the inventory's algorithm")

    def _compare_sidecar(self, path: str, content: bytes, algorithm: str) -> None:
        stated = self._run.read(join(self._folder, path), limit=_LONGEST_SIDECAR, code="E061")
        if stated is None:
            return
        match = _SIDECAR.fullmatch(stated)
        digest = ALGORITHMS[algorithm]()
        digest.update(content)
        if match is None:
            self._found("E061", path, "is not: digest, space, inventory.json")
        elif match[1].decode().lower() != digest.hexdigest():
            self._found("E060", path, "is not the digest of the inventory beside it")

    def _check_entries(self, listing: Listing, present: Inventory | None) -> None:
        for name in listing.files:
            if name != INVENTORY and not _is_sidecar(name) and name[1:2] != "=":
                self._found("E001", name, "a file that is no part of an object")
        for name in listing.others:
            self._found("E001", name, "neither a file nor a folder")
        if "extensions" in listing.folders:
            path = join(self._folder, "extensions")
            self._run.check_extensions(path, stray=["E067"], unregistered="W013")
        folders = set(listing.folders) - {"extensions", "logs"}
        versions = {name for name in folders if is_version_folder(name)}
        for name in folders - versions:
            self._found("E001", name, "a folder that is no part of an object")
        if present is not None:
            for name in versions - present.versions.keys():
                self._found("E046", name, "a version that the inventory does not name")
            for name in present.versions.keys() - versions:
                for code in ("E010", "E046"):  # a gap among the folders; a name without one
                    self._found(code, name, "the inventory names this version; it has no folder")

    def _version_folder(self, version: str, present: Inventory) -> Listing:
        listing = self._run.listing(join(self._folder, version))
        has_inventory = INVENTORY in listing.files
        for name in listing.files:
            if name != INVENTORY and not (has_inventory and _is_sidecar(name)):
                self._found("E015", join(version, name), "a file beside the content folder")
        for name in listing.others:
            self._found("E015", join(version, name), "neither a file nor a folder")
        content = present.content_directory
        for name in listing.folders:
            if name != content:
                self._found("W002", join(version, name), "a folder beside the content folder")
        if content in listing.folders:
            self._walk_content(join(version, content))
        elif _names_files_in(f"{version}/{content}/", present.manifest):
            self._found("E016", version, "has no content folder; the manifest names files in it")
        if not has_inventory:
            self._found("W010", version, "has no inventory")
        return listing

    def _walk_content(self, top: str) -> None:
        folders = [top]
        while folders:
            folder = folders.pop()
            listing = self._run.listing(join(self._folder, folder))
            self._content.update(f"{folder}/{name}" for name in listing.files)
            folders += (f"{folder}/{name}" for name in listing.folders)
            for name in listing.others:
                self._found("E023", f"{folder}/{name}", "neither a file nor a folder")
            if listing == Listing():
                self._found("W003" if folder == top else "E024", folder, "an empty folder")

    def _check_manifest(self, present: Inventory, *, lists_all: bool) -> None:
        for digest, paths in present.manifest.items():
            self._manifest.update(dict.fromkeys(paths, digest.lower()))
        for path in self._manifest.keys() - self._content:
            # E023 too: OCFL's own fixtures give a missing file that code
            for code in ("E023", "E092"):
                self._found(code, path, "in the manifest, and in no content folder")
        if lists_all:
            for path in self._content - self._manifest.keys():
                self._found("E023", path, "in a content folder, and not in the manifest")
        self._claim_fixity(present, INVENTORY)

    def _check_version_inventories(
        self, inside: Mapping[str, Listing], present: Inventory, content: bytes
    ) -> None:
        last = max(present.versions, key=version_number)
        spec = SPECS[0]
        for folder in sorted(inside, key=version_number):
            files = inside[folder].files
            own = self._read_inventory(folder, files)
            if own is None:
                continue
            if folder == last and own == content:
                self._check_sidecar(folder, files, own, present)
                inventory: Inventory | None = present
            else:
                inventory = self._earlier_inventory(folder, files, own, present)
                if folder == last:
                    self._found("E064", join(folder, INVENTORY), "is not the object's inventory")
            if inventory is not None and inventory.spec < spec:
                message = f"by OCFL {inventory.spec}, after a version by OCFL {spec}"
                self._found("E103", join(folder, INVENTORY), message)
            spec = spec if inventory is None else max(spec, inventory.spec)

    def _earlier_inventory(
        self, folder: str, files: Sequence[str], content: bytes, present: Inventory
    ) -> Inventory | None:
        examined = self._examine(folder, files, content, None)
        earlier = examined.inventory
        if earlier is None:
            return None
        name = join(folder, INVENTORY)
        for fault in disagreements(earlier, present, folder=folder):
            self._found(fault.code, name, fault.message)
        if earlier.head == folder:
            self._claim_earlier(earlier, present.algorithm, name)
            self._claim_fixity(earlier, name)
            if examined.lists_all:
                self._check_earlier_manifest(earlier, name)
        return earlier

    def _claim_earlier(self, earlier: Inventory, algorithm: str, name: str) -> None:
        """Note what an earlier manifest says of files that the present one does not say."""
        for digest, paths in earlier.manifest.items():
            claim = _Claim(earlier.algorithm, digest.lower(), "E092", name)
            for path in paths:
                if earlier.algorithm == algorithm and self._manifest.get(path) == claim.digest:
                    continue
                if path in self._content:
                    self._claims.setdefault(path, []).append(claim)
                elif path not in self._manifest:
                    self._found("E092", name, f"names {path!r}, which is in no content folder")

    def _check_earlier_manifest(self, earlier: Inventory, name: str) -> None:
        number = version_number(earlier.head)
        listed = {path for paths in earlier.manifest.values() for path in paths}
        for path in self._content & self._manifest.keys() - listed:
            if version_number(path.partition("/")[0]) <= number:
                self._found("E023", name, f"does not name {path!r}")

    def _claim_fixity(self, inventory: Inventory, name: str) -> None:
        for algorithm, digests in inventory.fixity.items():
            for digest, paths in digests.items():
                claim = _Claim(algorithm, digest.lower(), "E093", name)
                for path in paths:
                    if path in self._content:
                        self._claims.setdefault(path, []).append(claim)
                    else:
                        message = f"fixity names {path!r}, which is in no content folder"
                        self._found("E093", name, message)

    def _check_bytes(self, algorithm: str) -> None:
        for path in sorted(self._content):
            claims = self._claims.get(path, ())
            if path in self._manifest or claims:
                self._check_file(path, algorithm, claims)

    def _check_file(self, path: str, algorithm: str, claims: Iterable[_Claim]) -> None:
        wanted = {algorithm, *(claim.algorithm for claim in claims)}
        try:
            digests = self._run.digests(join(self._folder, path), wanted)
        except OSError as error:
            self._found("E092", path, f"cannot be read: {error.strerror or error}")
            return
        sound = self._manifest.get(path) in {digests[algorithm], None}
        if not sound:
            self._found("E092", path, f"its {algorithm} is not the one in the manifest")
        for claim in claims:
            if digests[claim.algorithm] == claim.digest:
                continue
            if claim.code == "E093":
                message = f"its {claim.algorithm} is not the one in fixity of {claim.inventory}"
                self._found(claim.code, path, message)
            elif sound:
                message = f"gives {path!r} another {claim.algorithm} than its bytes have"
                self._found(claim.code, claim.inventory, message)


def _is_sidecar(name: str) -> bool:
    return name.startswith(f"{INVENTORY}.")


def _names_files_in(folder: str, manifest: Mapping[str, Sequence[str]]) -> bool:
    return any(path.startswith(folder) for paths in manifest.values() for path in paths)
