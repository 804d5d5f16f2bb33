"""Fingerprints and comparisons of them, as they are shown.

Pure. A fingerprint that agrees with an earlier one is evidence of consistency, and never a proof
that the weights are the same: that is said wherever a comparison is shown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from archive.rendering.terminal import for_terminal
from interviews.fingerprints.comparing import Comparison, Difference

EVIDENCE = "Evidence of consistency, no proof that the weights are the same or have changed."
FROM_SAMPLING = "no temperature could be set: differences may come from sampling"


def described(document: Mapping[str, Any], digest: str) -> str:
    """Return a fingerprint in a few lines."""
    settings = ", ".join(
        f"{name.replace('_', ' ')} {value}" for name, value in document["settings"].items()
    )
    lines = [
        f"Fingerprint {document['id']} of {document['model']}: {len(document['replies'])} replies",
        f"  digest {digest}",
        f"  {for_terminal(document['participant'])}; {settings}",
        f"  the provider's own name for the model: {for_terminal(provider_models(document))}",
    ]
    if not takes_temperature(document):
        lines.append(f"  {FROM_SAMPLING}")
    return "\n".join(lines)


def takes_temperature(document: Mapping[str, Any]) -> bool:
    """Whether the replies were drawn at a temperature that was set."""
    return bool(document["settings"]["temperature"] != "not applicable")


def provider_models(document: Mapping[str, Any]) -> str:
    """Return by which names the provider called what answered: one, unless it changed midway."""
    names = {reply.get("provider_model") for reply in document["replies"]} - {None}
    return ", ".join(sorted(names)) or "not stated"


def notes(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Return what else differs between the takings of two fingerprints, and what that may mean."""
    told = [] if takes_temperature(one) else [FROM_SAMPLING]
    for name, what in (("model", "the model"), ("participant", "the participant")):
        if one[name] != other[name]:
            told.append(f"{what} is {one[name]} in the earlier one and {other[name]} in the later")
    before, after = (provider_models(each) for each in (one, other))
    if before != after:
        told.append(f"the provider called the model {before} and calls it {after}")
    for name, value in sorted((one["engine"] | other["engine"]).items()):
        before, after = (each["engine"].get(name, "not stated") for each in (one, other))
        if before != after:
            told.append(f"the engine's {name} was {before} and is {after or value}")
    if one["weights"] != other["weights"]:
        told.append("the weight files on record were not the same")
    return told


def comparison_document(
    one: Mapping[str, Any], other: Mapping[str, Any], found: Comparison, tolerance: float
) -> dict[str, Any]:
    """Return a comparison as JSON has it; differences of log-probabilities are in nats."""
    return {
        "earlier": one["id"],
        "later": other["id"],
        "verdict": str(found.verdict),
        "tolerance": tolerance,
        "replies": found.replies,
        "same_texts": found.same_texts,
        "largest_difference": None if found.largest is None else found.largest / 1e6,
        "differences": [
            asdict(difference) | {"by": None if difference.by is None else difference.by / 1e6}
            for difference in found.differences
        ],
        "notes": notes(one, other),
        "meaning": EVIDENCE,
    }


def compared(document: Mapping[str, Any], differences: Comparison) -> str:
    """Return a comparison for people."""
    return "\n".join(_lines(document, differences))


def _lines(document: Mapping[str, Any], found: Comparison) -> Iterator[str]:
    yield f"{document['later']} beside {document['earlier']}: {found.verdict}"
    yield f"  {found.same_texts} of {found.replies} texts are the same"
    if found.largest is None:
        yield "  log-probabilities: not measured"
    else:
        yield (
            f"  log-probabilities differ by at most {found.largest / 1e6:.6f} nats where the "
            f"texts are the same so far (tolerance {document['tolerance']:g})"
        )
    for difference in found.differences:
        yield f"  {_text(difference)}"
    for note in document["notes"]:
        yield f"  note: {for_terminal(note)}"
    yield EVIDENCE


def _text(found: Difference) -> str:
    one, other = (repr(for_terminal(text)) for text in (found.one, found.other))
    if found.by is not None:
        return f"{found.prompt}: log-probability of token {found.place} differs by {found.by / 1e6:.6f}"
    unit = "character" if found.what == "text" else "token"
    where = "" if found.place is None else f" from {unit} {found.place} on"
    return f"{found.prompt}: {found.what} differs{where}: {one} and {other}"
