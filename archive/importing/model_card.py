"""What a Hugging Face repository's own files say of a model: its card's front matter, its config.

Pure; `archive.importing.snapshots` reads them.

Source: huggingface.co/docs/hub, "Model Cards" and "Licenses".
"""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

WEIGHTS = frozenset({".safetensors", ".gguf", ".bin", ".pt", ".pth", ".h5", ".msgpack", ".onnx"})

TOKENIZERS = (
    "tokenizer.json",
    "tokenizer.model",
    "vocab.json",
    "vocab.txt",
    "spiece.model",
    "tekken.json",
)

_SPDX = {  # the hub's words for licences that SPDX has one id for
    spdx.lower(): spdx
    for spdx in (
        "AFL-3.0", "Apache-2.0", "Artistic-2.0", "BSD-2-Clause", "BSD-3-Clause",
        "BSD-3-Clause-Clear", "BSL-1.0", "CC0-1.0", "CC-BY-2.0", "CC-BY-2.5", "CC-BY-3.0",
        "CC-BY-4.0", "CC-BY-SA-3.0", "CC-BY-SA-4.0", "CC-BY-NC-2.0", "CC-BY-NC-3.0",
        "CC-BY-NC-4.0", "CC-BY-ND-4.0", "CC-BY-NC-ND-3.0", "CC-BY-NC-ND-4.0",
        "CC-BY-NC-SA-2.0", "CC-BY-NC-SA-3.0", "CC-BY-NC-SA-4.0", "CDLA-Permissive-1.0",
        "CDLA-Permissive-2.0", "CDLA-Sharing-1.0", "ISC", "MIT", "MPL-2.0", "MS-PL", "NCSA",
        "ODbL-1.0", "OFL-1.1", "PDDL-1.0", "PostgreSQL", "Unlicense", "WTFPL", "Zlib",
    )
}  # fmt: skip

_MODALITIES = {
    "text-generation": ["text"],
    "text2text-generation": ["text"],
    "fill-mask": ["text"],
    "feature-extraction": ["text"],
    "sentence-similarity": ["text"],
    "image-text-to-text": ["image", "text"],
    "audio-text-to-text": ["audio", "text"],
    "video-text-to-text": ["video", "text"],
    "automatic-speech-recognition": ["audio", "text"],
    "text-to-speech": ["text", "audio"],
    "text-to-image": ["text", "image"],
    "text-to-video": ["text", "video"],
}


def facts_of(
    config: Mapping[str, Any], card: Mapping[str, Any]
) -> dict[str, str | int | list[str]]:
    """Return the fields of a model that its config and the front matter of its card state."""
    licence = card.get("license")
    name = _text(card.get("license_name")) or _text(licence)
    spdx = spdx_of(licence)
    rights = f"licence on its card: {name} (no SPDX id)" if name and spdx is None else None
    found: dict[str, str | int | list[str] | None] = {
        "family": _text(config.get("model_type")),
        "context_window": _window(config),
        "licence": spdx,
        "rights": rights,
        "modalities": _MODALITIES.get(str(card.get("pipeline_tag"))),
    }
    return {field: value for field, value in found.items() if value is not None}


def spdx_of(licence: object) -> str | None:
    """Return the SPDX id of a licence under the hub's word for it, where there is one."""
    return _SPDX.get(licence.lower()) if isinstance(licence, str) else None


def weights_among(files: Iterable[str]) -> list[str]:
    """Return which files are of weights, by their names alone."""
    return sorted(name for name in files if PurePosixPath(name).suffix.lower() in WEIGHTS)


def missing_from(files: Iterable[str], shards: Iterable[str]) -> list[str]:
    """Return what running the model wants and the folder has not.

    Args:
        files: The folder's files, by their paths in it.
        shards: The files that an index of sharded weights names.
    """
    there = set(files)
    weights = weights_among(there)
    wanted = ["config.json", "generation_config.json", "tokenizer_config.json", "README.md"]
    if any(name.endswith(".gguf") for name in weights):
        wanted = ["README.md"]  # a GGUF file holds its own tokenizer and settings
    elif not there & set(TOKENIZERS):
        wanted.append("a tokenizer")
    missing = [name for name in wanted if name not in there]
    if not weights:
        missing.append("weights")
    return missing + sorted(set(shards) - there)


def _window(config: Mapping[str, Any]) -> int | None:
    nested = config.get("text_config")
    for part in (config, nested if isinstance(nested, dict) else {}):
        for field in ("max_position_embeddings", "n_positions", "max_sequence_length"):
            value = part.get(field)
            if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**53:
                return value
    return None


def _text(value: object) -> str | None:
    if isinstance(value, str) and value.strip().isprintable() and 0 < len(value.strip()) <= 256:
        return value.strip()
    return None
