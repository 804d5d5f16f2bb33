"""Where an object stands in a storage root: OCFL's layout extension 0003, and a root's own files.

Pure. The folder name of an object shows its id, so that a person finds it without software.
Source: ocfl.github.io/extensions/0003-hash-and-id-n-tuple-storage-layout
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from archive.canonical import Canonical, canonical_bytes
from archive.store.digests import ALGORITHMS

NAME = "0003-hash-and-id-n-tuple-storage-layout"
ROOT_DECLARATION = "0=ocfl_1.1"
LAYOUT_FILE = "ocfl_layout.json"
CONFIG_FILE = f"extensions/{NAME}/config.json"

_LONGEST_NAME = 100  # characters of the encoded id, before its digest takes the place of the rest
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The extension with its parameters; the defaults are the extension's and ours."""

    digest_algorithm: str = "sha256"
    tuple_size: int = 3
    number_of_tuples: int = 3

    def object_path(self, object_id: str) -> str:
        """Return the folder of an object, relative to the root, with slashes."""
        digest = ALGORITHMS[self.digest_algorithm]()
        digest.update(object_id.encode())
        hexadecimal = digest.hexdigest()
        size = self.tuple_size
        tuples = (hexadecimal[n * size : n * size + size] for n in range(self.number_of_tuples))
        name = _UNSAFE.sub(_percent_encoded, object_id)
        if len(name) > _LONGEST_NAME:
            name = f"{name[:_LONGEST_NAME]}-{hexadecimal}"
        return "/".join((*tuples, name))


def parse_config(config: Mapping[str, object]) -> Layout:
    """Return the layout that a `config.json` of the extension describes.

    Raises:
        ValueError: A parameter is not one that the extension allows.
    """
    algorithm = config.get("digestAlgorithm", "sha256")
    size = config.get("tupleSize", 3)
    number = config.get("numberOfTuples", 3)
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise ValueError(f"digestAlgorithm is {algorithm!r}")
    if not isinstance(size, int) or not isinstance(number, int):
        raise ValueError("tupleSize and numberOfTuples must be integers")  # noqa: TRY004  # JSON's fault, not a caller's
    allowed = 0 <= size <= 32 and 0 <= number <= 32 and (size == 0) == (number == 0)
    if not allowed or size * number > len(ALGORITHMS[algorithm]().hexdigest()):
        raise ValueError(
            f"tupleSize {size} and numberOfTuples {number} are not allowed for {algorithm}"
        )
    return Layout(digest_algorithm=algorithm, tuple_size=size, number_of_tuples=number)


def root_files() -> Mapping[str, bytes]:
    """Return what an empty root of ours holds, by path."""
    layout = Layout()
    config: dict[str, Canonical] = {
        "digestAlgorithm": layout.digest_algorithm,
        "extensionName": NAME,
        "numberOfTuples": layout.number_of_tuples,
        "tupleSize": layout.tuple_size,
    }
    description = (
        "The first nine characters of the SHA-256 of an object's id, in threes, then the id "
        "with every character but letters, digits, - and _ percent-encoded."
    )
    return {
        ROOT_DECLARATION: b"ocfl_1.1\n",
        LAYOUT_FILE: canonical_bytes({"description": description, "extension": NAME}),
        CONFIG_FILE: canonical_bytes(config),
    }


def _percent_encoded(unsafe: re.Match[str]) -> str:
    return "".join(f"%{byte:02x}" for byte in unsafe[0].encode())
