"""The set of prompts: a file of this package, named by its version and its digest.

A set that was published is never changed: a better one is a new file with the next version, and
fingerprints of the two are not compared.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.canonical import sha256
from interviews.participants.seam import Message, Repeatable, Request, Sampling

FILE = Path(__file__).with_name("prompts-1.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptSet:
    """What every fingerprint of one version asks, and how."""

    version: int
    digest: str  # sha256 of the file's bytes
    sampling: Sampling
    repeatable: Repeatable
    texts: Mapping[str, str]  # by the prompt's id, in the order in which they are asked

    def request(self, prompt: str) -> Request:
        """Return what asks `prompt`: each stands alone, and is no part of a conversation."""
        said = Message(role="user", blocks=[{"type": "text", "text": self.texts[prompt]}])
        return Request(messages=[said], sampling=self.sampling, repeatable=self.repeatable)


def prompt_set() -> PromptSet:
    """Return the set that new fingerprints are taken with."""
    content = FILE.read_bytes()
    document = json.loads(content)
    settings = document["settings"]
    return PromptSet(
        version=document["version"],
        digest=sha256(content),
        sampling=Sampling(max_tokens=settings["max_tokens"], temperature=settings["temperature"]),
        repeatable=Repeatable(seed=settings["seed"], top_logprobs=settings["top_logprobs"]),
        texts={prompt["id"]: prompt["text"] for prompt in document["prompts"]},
    )
