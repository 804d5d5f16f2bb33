"""What makes an inventory conform: the rules of OCFL 1.1, section 3.5, over its JSON.

Pure. Every rule is applied that can still be applied, so that one fault does not hide another.
An object that declares OCFL 1.0 is held to the same rules; where 1.1 moved a rule to a new code,
the old code is given beside it.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final, NamedTuple, NoReturn, TypeAlias, TypeGuard

from archive.store.digests import ALGORITHMS, HEX_LENGTH
from archive.store.inventory import Inventory, User, Version
from archive.store.paths import conflicts, has_forbidden_element, has_outer_slash

SPECS: Final = ("1.0", "1.1")
VERSION_NAME = re.compile(r"v0*[1-9]\d{0,8}")

_REQUIRED: Final = {
    "id": "E036",
    "type": "E036",
    "digestAlgorithm": "E036",
    "head": "E036",
    "manifest": "E041",
    "versions": "E041",
}
_KEYS: Final = frozenset((*_REQUIRED, "contentDirectory", "fixity"))
_VERSION_KEYS: Final = frozenset(("created", "state", "message", "user"))
_USER_KEYS: Final = frozenset(("name", "address"))
_CODE_IN_1_0: Final = {"E106": "E041", "E107": "E050", "E111": "E056"}

_TYPE = re.compile(r"https://ocfl\.io/(\d+\.\d+)/spec/#inventory")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_HEX = re.compile(r"[0-9a-fA-F]+")
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)"
)

DigestBlock: TypeAlias = Mapping[str, Sequence[str]]
"""What the manifest is, and each block of fixity: digest → content paths."""


class Fault(NamedTuple):
    """One rule that is broken."""

    code: str  # the specification's: E…, a must; W…, a should
    message: str


@dataclass(frozen=True, slots=True)
class Examined:
    """What an inventory says, as far as it can be read, and what is wrong with it."""

    inventory: Inventory | None  # None: it says too little to check an object by
    faults: Sequence[Fault]
    lists_all: bool  # every entry of the manifest could be read


def examine(content: bytes, *, spec: str | None) -> Examined:
    """Hold the bytes of an `inventory.json` to the specification.

    Args:
        content: The bytes.
        spec: The version of OCFL that the object declares; None: whichever the inventory names.
    """
    try:
        document = json.loads(
            content.decode(), object_pairs_hook=_json_object, parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError) as error:
        return _unreadable(f"not JSON in UTF-8: {error}")
    if not isinstance(document, dict):
        return _unreadable("not a JSON object")
    return _Examination(document).examined(spec)


def version_number(name: str) -> int:
    """Return the number in the name of a version."""
    return int(name[1:])


def is_rfc3339(text: str) -> bool:
    """Whether `text` is a date and time with seconds and an offset, and a real one."""
    match = _TIME.fullmatch(text)
    if match is None:
        return False
    date, minutes, seconds = match.groups()
    try:
        datetime.fromisoformat(f"{date}T{minutes}")
    except ValueError:
        return False
    return int(seconds) <= 60  # 60: a leap second


def _unreadable(message: str) -> Examined:
    return Examined(None, [Fault("E033", message)], lists_all=False)


class _Repeating(dict[str, Any]):
    """A JSON object in which a key stood more than once."""


def _json_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Repeating(found)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


class _Examination:
    """One pass over one inventory: it reads each part and gathers what is wrong with it."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._faults: list[Fault] = []

    def examined(self, declared: str | None) -> Examined:
        for key, code in _REQUIRED.items():
            if key not in self._document:
                self._fault(code, f"the key {key!r} is missing")
        self._check_keys(self._document, _KEYS, "the inventory")
        spec = self._spec(declared)
        algorithm = self._algorithm()
        manifest = self._manifest(algorithm)
        content_directory = self._content_directory()
        lists_all = not any(fault.code in {"E092", "E099", "E100"} for fault in self._faults)
        versions = self._versions(manifest)
        self._check_content_places(manifest or {}, versions, content_directory)
        inventory = Inventory(
            id=self._id(),
            head=self._head(versions),
            versions=versions,
            manifest=manifest or {},
            fixity=self._fixity(),
            algorithm=algorithm or "",
            content_directory=content_directory,
            spec=spec,
        )
        if spec == "1.0":
            old = [(_CODE_IN_1_0.get(code), message) for code, message in self._faults]
            self._faults += [Fault(code, message) for code, message in old if code]
        readable = algorithm is not None and manifest is not None and bool(versions)
        return Examined(inventory if readable else None, self._faults, lists_all)

    def _fault(self, code: str, message: str) -> None:
        self._faults.append(Fault(code, message))

    def _check_keys(self, block: Mapping[str, Any], known: frozenset[str], where: str) -> None:
        for key in block.keys() - known:
            self._fault("E102", f"{where} has the key {key!r}, which OCFL does not know")
        if isinstance(block, _Repeating):
            self._fault("E033", f"{where} has a key more than once")

    def _id(self) -> str:
        found = self._document.get("id", "")
        if not isinstance(found, str) or ("id" in self._document and not found):
            self._fault("E037", "the id is not a string with something in it")
            return ""
        if found and not _URI.fullmatch(found):
            self._fault("W005", f"the id {found!r} is not a URI")
        return found

    def _spec(self, declared: str | None) -> str:
        found = self._document.get("type")
        match = _TYPE.fullmatch(found) if isinstance(found, str) else None
        named = None if match is None or match[1] not in SPECS else match[1]
        if "type" in self._document and (named is None or declared not in {None, named}):
            self._fault("E038", f"the type {found!r} does not name the declared version of OCFL")
        return named or declared or SPECS[-1]

    def _algorithm(self) -> str | None:
        found = self._document.get("digestAlgorithm")
        if isinstance(found, str) and found in HEX_LENGTH:
            if found != "sha512":
                self._fault("W004", f"the digest algorithm is {found}, not sha512")
            return found
        if "digestAlgorithm" in self._document:
            self._fault("E025", f"the digest algorithm {found!r} is not sha512 or sha256")
        return None

    def _content_directory(self) -> str:
        found = self._document.get("contentDirectory", "content")
        if not isinstance(found, str) or "/" in found:
            self._fault("E017", f"the contentDirectory {found!r} is not the name of a folder")
        elif found in {".", ".."}:
            self._fault("E018", f"the contentDirectory is {found!r}")
        elif not found:
            self._fault("E108", "the contentDirectory is empty")
        else:
            return found
        return "content"

    def _head(self, versions: Iterable[str]) -> str:
        if "head" not in self._document:
            return ""
        found = self._document["head"]
        last = max(versions, key=version_number, default=None)
        if not isinstance(found, str) or (last is not None and found != last):
            self._fault("E040", f"the head is {found!r}; the last version is {last!r}")
        return found if isinstance(found, str) else ""

    def _manifest(self, algorithm: str | None) -> DigestBlock | None:
        block = self._document.get("manifest")
        if not isinstance(block, dict):
            if "manifest" in self._document:
                self._fault("E106", "the manifest is not a JSON object")
            return None
        manifest = self._digest_block(block, "the manifest", "E092", "E096")
        if algorithm is not None:
            for digest in manifest:
                if len(digest) != HEX_LENGTH[algorithm] or not _HEX.fullmatch(digest):
                    self._fault("E039", f"{digest!r} in the manifest is no {algorithm} digest")
        return manifest

    def _check_content_places(
        self, manifest: DigestBlock, versions: Iterable[str], content_directory: str
    ) -> None:
        """Check that every content path leads into the content folder of a version."""
        names = frozenset(versions)
        if not names or names != self._document["versions"].keys():
            return  # it is not known which versions there are
        numbers = {version_number(name) for name in names}
        for path in (path for paths in manifest.values() for path in paths):
            name, _, inside = path.partition("/")
            if name in names and inside.startswith(f"{content_directory}/"):
                continue
            self._fault("E042", f"{path!r} does not lie in the content folder of a version")
            is_version = name not in names and VERSION_NAME.fullmatch(name)
            if is_version and version_number(name) in numbers:
                self._fault("E014", f"{path!r} does not use the name of the version's folder")

    def _fixity(self) -> Mapping[str, DigestBlock]:
        block = self._document.get("fixity", {})
        if not isinstance(block, dict):
            self._fault("E111", "fixity is not a JSON object")
            return {}
        fixity: dict[str, DigestBlock] = {}
        for algorithm, digests in block.items():
            where = f"fixity.{algorithm}"
            if algorithm not in ALGORITHMS:
                self._fault("E056", f"{where}: no such algorithm")
            elif not isinstance(digests, dict):
                self._fault("E057", f"{where} is not a JSON object")
            else:
                fixity[algorithm] = self._digest_block(digests, where, "E057", "E097")
        return fixity

    def _digest_block(
        self, block: Mapping[str, Any], where: str, bad_value: str, repeated: str
    ) -> DigestBlock:
        """Return the entries that can be used; the codes are those of this kind of block."""
        if isinstance(block, _Repeating) or len({digest.lower() for digest in block}) < len(block):
            self._fault(repeated, f"{where} names a digest more than once")
        found: dict[str, list[str]] = {}
        digest_of: dict[str, str] = {}
        for digest, paths in block.items():
            # fixity may have nothing to say of a digest; content without a path is nowhere
            if not _is_strings(paths) or (bad_value == "E092" and not paths):
                self._fault(bad_value, f"{where}.{digest} is not a list of content paths")
                continue
            for path in paths:
                if not self._is_content_path(path, where):
                    continue
                if path in digest_of and not _differ_in_case(digest_of[path], digest):
                    self._fault("E101", f"{where} names {path!r} more than once")
                digest_of[path] = digest
                found.setdefault(digest, []).append(path)
        for path in conflicts(digest_of):
            self._fault("E101", f"{where} names {path!r}, which lies within another file")
        return found

    def _is_content_path(self, path: str, where: str) -> bool:
        outer, inner = has_outer_slash(path), has_forbidden_element(path)
        if outer:
            self._fault("E100", f"{where}: the path {path!r} begins or ends with a slash")
        if inner:
            self._fault("E099", f"{where}: the path {path!r} has an empty, . or .. element")
        return not outer and not inner

    def _versions(self, manifest: DigestBlock | None) -> Mapping[str, Version]:
        block = self._document.get("versions")
        if not isinstance(block, dict):
            if "versions" in self._document:
                self._fault("E044", "versions is not a JSON object")
            else:  # of the two sentences that ask for it, validators name one or the other
                self._fault("E043", "there is no block of versions")
            return {}
        if not block:
            self._fault("E008", "there is no version")
        self._check_keys(block, frozenset(block), "versions")
        names = [name for name in block if self._is_version_name(name)]
        self._check_sequence(names)
        versions = {name: self._version(name, block[name], manifest) for name in names}
        if manifest is not None and not self._lacks_states(block):
            used = {digest.lower() for version in versions.values() for digest in version.state}
            for digest in manifest:
                if digest.lower() not in used:
                    self._fault("E107", f"no version holds {digest} of the manifest")
        return versions

    def _lacks_states(self, versions: Mapping[str, Any]) -> bool:
        """Whether it is not known what the versions use: there is none, or one has no state."""
        return not versions or any(
            not VERSION_NAME.fullmatch(name)
            or not isinstance(block, dict)
            or not isinstance(block.get("state"), dict)
            for name, block in versions.items()
        )

    def _is_version_name(self, name: str) -> bool:
        if VERSION_NAME.fullmatch(name):
            return True
        code = "E105" if name.startswith("v") else "E104"
        self._fault(code, f"the version name {name!r} is not v and a number from 1")
        return False

    def _check_sequence(self, names: Iterable[str]) -> None:
        ordered = sorted(names, key=version_number)
        numbers = [version_number(name) for name in ordered]
        if numbers and numbers[0] != 1:
            self._fault("E009", f"the versions start at {ordered[0]}")
        if any(later != earlier + 1 for earlier, later in pairwise(numbers)):
            self._fault("E010", f"the versions are not in sequence: {', '.join(ordered)}")
        if any(name[1] == "0" for name in ordered):
            self._fault("W001", "the version numbers are padded with zeros")
            self._check_padding(ordered)

    def _check_padding(self, ordered: Sequence[str]) -> None:
        first, plain = ordered[0], [name for name in ordered if name[1] != "0"]
        if first in plain:
            self._fault("E012", f"{first} is not padded with zeros, a later version is")
        elif plain:
            for code in ("E011", "E013"):
                self._fault(code, f"{plain[0]} has no zero after the v, as {first} has")
        elif len({len(name) for name in ordered}) > 1:
            self._fault("E012", "the version numbers are padded to different lengths")

    def _version(self, name: str, block: object, manifest: DigestBlock | None) -> Version:
        if not isinstance(block, dict):
            self._fault("E047", f"{name} is not a JSON object")
            return Version(created="", state={})
        self._check_keys(block, _VERSION_KEYS, name)
        for key, code in (
            ("created", "E048"),
            ("state", "E048"),
            ("message", "W007"),
            ("user", "W007"),
        ):
            if key not in block:
                self._fault(code, f"{name} has no {key!r}")
        return Version(
            created=self._created(name, block),
            state=self._state(name, block.get("state", {}), manifest),
            message=self._message(name, block),
            user=self._user(name, block["user"]) if "user" in block else None,
        )

    def _created(self, name: str, block: Mapping[str, Any]) -> str:
        found = block.get("created", "")
        if isinstance(found, str) and (is_rfc3339(found) or "created" not in block):
            return found
        self._fault("E049", f"{name} was created at {found!r}, which is no RFC 3339 time")
        return ""

    def _message(self, name: str, block: Mapping[str, Any]) -> str | None:
        found = block.get("message")
        if isinstance(found, str) or "message" not in block:
            return found
        self._fault("E094", f"the message of {name} is not a string")
        return None

    def _user(self, name: str, block: object) -> User | None:
        if not isinstance(block, dict) or not isinstance(block.get("name"), str):
            self._fault("E054", f"the user of {name} is not an object with a name")
            return None
        self._check_keys(block, _USER_KEYS, f"the user of {name}")
        address = block.get("address")
        if "address" not in block:
            self._fault("W008", f"the user of {name} has no address")
        elif not isinstance(address, str):
            self._fault("E054", f"the address of the user of {name} is not a string")
        elif not _URI.fullmatch(address):
            self._fault("W009", f"the address {address!r} of the user of {name} is not a URI")
        return User(name=block["name"], address=address if isinstance(address, str) else None)

    def _state(self, name: str, block: object, manifest: DigestBlock | None) -> DigestBlock:
        if not isinstance(block, dict):
            self._fault("E050", f"the state of {name} is not a JSON object")
            return {}
        if isinstance(block, _Repeating):
            self._fault("E050", f"the state of {name} names a digest more than once")
        state: dict[str, Sequence[str]] = {}
        files: set[str] = set()
        for digest, paths in block.items():
            if manifest is not None and digest not in self._document["manifest"]:
                self._fault("E050", f"{digest} in {name} is not in the manifest")
            if not _is_strings(paths):
                for code in ("E050", "E051"):  # no code says it: validators give one or the other
                    self._fault(code, f"the state of {name}: {digest} does not list paths")
                paths = []  # noqa: PLW2901  # it is named all the same: not unused
            state[digest] = paths
            self._check_logical_paths(name, paths, files)
        for path in conflicts(files):
            self._fault("E095", f"{name} holds {path!r}, which lies within another file")
        return state

    def _check_logical_paths(self, name: str, paths: Sequence[str], files: set[str]) -> None:
        """Check the paths of one digest, and add them to the `files` of the version."""
        for path in paths:
            if path in files:
                self._fault("E095", f"{name} holds {path!r} more than once")
            if has_outer_slash(path):
                self._fault("E053", f"{name}: the path {path!r} begins or ends with a slash")
            if has_forbidden_element(path):
                self._fault("E052", f"{name}: the path {path!r} has an empty, . or .. element")
            files.add(path)


def _is_strings(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _differ_in_case(one: str, other: str) -> bool:
    return one != other and one.lower() == other.lower()
