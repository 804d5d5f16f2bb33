"""What the headers of a folder's weight files say of its model; no other weight file is opened."""

from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath

from archive.errors import InputError, ServiceError
from archive.importing.model_card import spdx_of
from archive.weights import gguf_header, safetensors_header
from archive.weights.gguf_header import GgufHeader
from archive.weights.opening import opened
from archive.weights.safetensors_header import SafetensorsHeader

Facts = dict[str, str | int | list[str]]


def facts_of_headers(
    folder: Path, files: Collection[str], shards: Collection[str]
) -> tuple[Facts, Mapping[str, str]]:
    """Return the fields of a model that its weight files state, and which have a bad header.

    Args:
        folder: Where they are.
        files: Their paths in it, and those of others.
        shards: The files that an index of sharded weights names.
    """
    safetensors, ggufs = dict[str, SafetensorsHeader](), list[GgufHeader]()
    bad = dict[str, str]()
    for name in sorted(files):
        suffix = PurePosixPath(name).suffix.lower()
        if suffix not in {".safetensors", ".gguf"}:
            continue
        try:
            with opened(folder / name) as file:
                if suffix == ".gguf":
                    ggufs.append(gguf_header.parse_header(file, at=name))
                else:
                    safetensors[name] = safetensors_header.parse_header(file, at=name)
        except (InputError, ServiceError) as error:
            bad[name] = error.what
    return _parameters(safetensors, shards) | _of_ggufs(ggufs), bad


def _parameters(headers: Mapping[str, SafetensorsHeader], shards: Collection[str]) -> Facts:
    """Return how many there are, where it is clear which files are the whole model."""
    whole = set(shards) or (set(headers) if len(headers) == 1 else set())
    if not whole or not whole <= headers.keys():
        return {}
    return {"parameters": str(sum(headers[name].parameters for name in whole))}


def _of_ggufs(headers: Collection[GgufHeader]) -> Facts:
    """Return what all of them say: a folder may hold one model in several quantisations."""
    said = {
        (header.architecture, header.context_length, spdx_of(header.licence)) for header in headers
    }
    if len(said) != 1:
        return {}
    architecture, window, licence = said.pop()
    stated = {"family": architecture, "context_window": window, "licence": licence}
    return {field: value for field, value in stated.items() if value}
