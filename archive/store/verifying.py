"""Verifying any OCFL object or storage root, 1.0 or 1.1, with no workspace and no database.

Source: OCFL 1.1, section 4, for the root; `archive.store.object_verification` has the objects.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from archive.errors import InputError
from archive.store import layout
from archive.store.conformance import SPECS
from archive.store.findings import Report, report
from archive.store.inventory import INVENTORY
from archive.store.layout import Layout
from archive.store.object_verification import (
    REGISTERED_EXTENSIONS,
    OnBytes,
    Verification,
    is_version_folder,
    join,
    not_counted,
    verify_object,
)
from archive.store.reading import Listing

_LONGEST_DOCUMENT = 1 << 20  # bytes


def verify(path: Path, *, on_bytes: OnBytes = not_counted) -> Report:
    """Verify the OCFL object or storage root at `path`.

    Args:
        path: Where it is.
        on_bytes: Told of each block of content that was read.

    Raises:
        InputError: There is no folder at `path`.
        OSError: A folder in it cannot be read. A file that cannot be read is a finding.
    """
    if not path.is_dir():
        raise InputError("not a folder", at=str(path), mend="Name an object or a storage root.")
    run = Verification(str(path), on_bytes=on_bytes)
    listing = run.listing("")
    if _is_root(listing):
        _RootVerification(run).verify(listing)
    else:
        verify_object(run, "", listing)
    return report(run.findings, objects=run.objects)


def verify_root(path: Path) -> tuple[Report, Sequence[str]]:
    """Verify what the storage root at `path` holds beside its objects; return their folders too.

    Raises:
        OSError: A folder in it cannot be read.
    """
    run = Verification(str(path))
    objects = [folder for folder, _ in _RootVerification(run).verify_itself(run.listing(""))]
    return report(run.findings, objects=0), objects


def _is_root(listing: Listing) -> bool:
    """Whether to judge the folder as a storage root, which may lack its declaration."""
    if _is_object(listing):
        return False
    if _declarations(listing.files) or layout.LAYOUT_FILE in listing.files:
        return True
    return bool(listing.folders) and not any(is_version_folder(name) for name in listing.folders)


def _is_object(listing: Listing) -> bool:
    return INVENTORY in listing.files or any(
        name[1:].startswith("=ocfl_object_") for name in listing.files
    )


def _declarations(files: Sequence[str]) -> list[str]:
    return [name for name in files if name[1:].startswith("=ocfl_")]


class _RootVerification:
    """One storage root under verification."""

    def __init__(self, run: Verification) -> None:
        self._run = run
        self._spec: str | None = None
        self._layout: Layout | None = None  # None: none that this program knows
        self._folder_of: dict[str, str] = {}  # object id → folder

    def verify(self, listing: Listing) -> None:
        for folder, inside in self.verify_itself(listing):
            self._object(folder, inside)
        depths = {folder.count("/") > 0 for folder in self._folder_of.values()}
        if len(depths) > 1:
            self._run.found("W015", "", "objects both directly in the root and deeper")

    def verify_itself(self, listing: Listing) -> Iterator[tuple[str, Listing]]:
        """Verify all but the objects; return the folder of each, with what is in it."""
        self._check_declarations(_declarations(listing.files))
        if layout.LAYOUT_FILE in listing.files:
            self._read_layout()
        if "extensions" in listing.folders:
            stray = ["E112"] if self._spec != "1.0" else ["E112", "E086"]
            self._run.check_extensions("extensions", stray=stray, unregistered="W016")
        yield from self._walk(name for name in listing.folders if name != "extensions")

    def _check_declarations(self, declarations: Sequence[str]) -> None:
        found = self._run.found
        if not declarations:
            found("E069", "", "no declaration of a storage root")
        elif len(declarations) > 1:
            found("E076", "", f"{len(declarations)} declarations of the version of OCFL")
        for name in declarations:
            if not name.startswith("0"):
                found("E078", name, "a declaration begins with 0=")
            elif name[2:] not in {f"ocfl_{spec}" for spec in SPECS}:
                found("E079", name, "does not declare OCFL 1.0 or 1.1")
            else:
                self._run.check_declaration(name, name[2:], code="E080")
                self._spec = max(self._spec or "", name.removeprefix("0=ocfl_"))

    def _read_layout(self) -> None:
        document = self._read_object(layout.LAYOUT_FILE, code="E070")
        if document is None:
            return
        extension = document.get("extension")
        if not isinstance(extension, str) or not isinstance(document.get("description"), str):
            self._run.found("E070", layout.LAYOUT_FILE, "needs an extension and a description")
        elif extension not in REGISTERED_EXTENSIONS:
            self._run.found("E071", layout.LAYOUT_FILE, f"{extension!r} is not registered")
        elif extension == layout.NAME:
            self._layout = self._read_layout_config()

    def _read_layout_config(self) -> Layout | None:
        document = self._read_object(layout.CONFIG_FILE, code="E071")
        if document is None:
            return None
        try:
            return layout.parse_config(document)
        except ValueError as error:
            self._run.found("E071", layout.CONFIG_FILE, str(error))
        return None

    def _read_object(self, path: str, *, code: str) -> dict[str, Any] | None:
        content = self._run.read(path, limit=_LONGEST_DOCUMENT, code=code)
        if content is None:
            return None
        try:
            document = json.loads(content.decode())
        except (ValueError, RecursionError) as error:
            self._run.found(code, path, f"not JSON in UTF-8: {error}")
            return None
        if isinstance(document, dict):
            return document
        self._run.found(code, path, "not a JSON object")
        return None

    def _walk(self, top: Iterable[str]) -> Iterator[tuple[str, Listing]]:
        folders = sorted(top, reverse=True)
        while folders:
            folder = folders.pop()
            listing = self._run.listing(folder)
            if _is_object(listing):
                yield folder, listing
                continue
            for name in (*listing.files, *listing.others):
                self._run.found("E072", join(folder, name), "no part of an object")
            if listing == Listing():
                self._run.found("E073", folder, "an empty folder")
            folders += sorted((join(folder, name) for name in listing.folders), reverse=True)

    def _object(self, folder: str, listing: Listing) -> None:
        found = verify_object(self._run, folder, listing)
        if found.spec is not None and self._spec is not None and found.spec > self._spec:
            self._run.found("E081", folder, f"OCFL {found.spec} in a root by OCFL {self._spec}")
        other = self._folder_of.setdefault(found.id or folder, folder)
        if other != folder:
            self._run.found("E037", folder, f"has the id of the object in {other}")
        if found.id and self._layout and self._layout.object_path(found.id) != folder:
            self._run.found("E083", folder, f"is not where the layout puts {found.id!r}")
