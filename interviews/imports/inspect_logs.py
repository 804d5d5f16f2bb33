"""Inspect's logs: `.json`, one document, and `.eval`, a zip with a member for each sample.

The format is that of version 2, as its reader has it (inspect_ai 0.3.285): a sample's messages
may name attachments that stand beside them, and of two samples with one name the last holds.
"""

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from interviews.imports.bounded import LARGEST, UnreadableError, parse
from interviews.imports.conversations import (
    Conversation,
    Unread,
    facts,
    plain,
    sampling_of,
)
from interviews.imports.messages import turns_of
from interviews.imports.zip_members import read_member

VERSION = 2  # the newest that is known
LARGEST_LOG = 32 * 1024**3  # bytes of all samples of an .eval, unpacked
MOST_REPLICATES = 1_000_000
_HEADERS = ("header.json", "_journal/start.json")  # the second one of a log that was not finished
_SAMPLES = "samples/"
_ATTACHMENT = "attachment://"
_CONVERT = "Convert it with `inspect log convert --to eval`: of such a log the samples are read one by one."
_ASK_AGAIN = "Ask for the file again, or leave it out; the rest comes in."


def read_eval(path: Path) -> Iterator[Conversation | Unread]:
    """Yield the samples of an `.eval`."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield from _samples(archive, plain(path.name))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        yield Unread(
            file=plain(path.name),
            place="directory of the zip",
            what=f"cannot be read: {error}",
            mend="It may be cut: ask for it again, or try `inspect log recover`.",
        )


def read_json(path: Path) -> Iterator[Conversation | Unread]:
    """Yield the samples of a `.json` log."""

    def unread(place: str, what: str, mend: str = _ASK_AGAIN) -> Unread:
        return Unread(file=plain(path.name), place=place, what=what, mend=mend)

    if (size := path.stat().st_size) > LARGEST:
        yield unread("whole file", f"{size:,} bytes; at most {LARGEST:,} are read", _CONVERT)
        return
    try:
        log = parse(path.read_bytes())
        spec = _spec(log)
    except UnreadableError as error:
        yield unread("whole file", str(error))
        return
    samples = log.get("samples")
    if not isinstance(samples, list):
        yield unread("samples", "there are none: the log holds only its head")
        return
    for number, sample in enumerate(samples):
        place = f"samples[{number}]"
        try:
            yield _conversation(spec, sample, place)
        except UnreadableError as error:
            yield unread(place, str(error))


def _samples(archive: zipfile.ZipFile, file: str) -> Iterator[Conversation | Unread]:
    members = {info.filename: info for info in archive.infolist()}
    samples = {
        name: info
        for name, info in members.items()
        if name.startswith(_SAMPLES) and name.endswith(".json")
    }
    total = sum(info.file_size for info in samples.values())
    if total > LARGEST_LOG:
        raise UnreadableError(f"its samples say that they are {total:,} bytes large")
    header = next((members[name] for name in _HEADERS if name in members), None)
    if header is None:
        raise UnreadableError("it has no header.json: it is no log of Inspect's")
    spec = _spec(parse(read_member(archive, header, LARGEST)))
    for name, info in samples.items():
        try:
            yield _conversation(spec, parse(read_member(archive, info, LARGEST)), plain(name))
        except UnreadableError as error:
            yield Unread(file=file, place=plain(name), what=str(error), mend=_ASK_AGAIN)


def _spec(log: object) -> Mapping[str, Any]:
    """Return what a log says of the whole run."""
    if not isinstance(log, dict) or not isinstance(log.get("eval"), dict):
        raise UnreadableError("is no log of Inspect's: it has no `eval`")
    version = log.get("version", VERSION)
    if not isinstance(version, int) or version > VERSION:
        raise UnreadableError(
            f"is of version {str(version)[:20]} of the format; {VERSION} is known here"
        )
    spec: Mapping[str, Any] = log["eval"]
    return spec


def _conversation(spec: Mapping[str, Any], sample: object, place: str) -> Conversation:
    if not isinstance(sample, dict) or not isinstance(sample.get("messages"), list):
        raise UnreadableError("is no sample: it has no list of messages")
    named = sample.get("attachments")
    attachments = named if isinstance(named, dict) else {}
    failed = sample.get("error")
    message = failed.get("message") if isinstance(failed, dict) else None
    config = spec.get("model_generate_config")
    return Conversation(
        place=place,
        turns=turns_of(sample["messages"], lambda message: _resolved(message, attachments)),
        replicate=_replicate(sample.get("epoch")),
        sampling=sampling_of(config if isinstance(config, dict) else {}),
        reason=None if message is None else f"its source says: {plain(str(message))[:1000]}",
        said_of_itself=facts(
            task=spec.get("task"),
            model=spec.get("model"),
            created=spec.get("created"),
            run_id=spec.get("run_id"),
            eval_id=spec.get("eval_id"),
            sample=sample.get("id"),
            epoch=sample.get("epoch"),
            uuid=sample.get("uuid"),
            started_at=sample.get("started_at"),
            completed_at=sample.get("completed_at"),
            target=sample.get("target"),
            metadata=sample.get("metadata"),
            scores=sample.get("scores"),
            model_usage=sample.get("model_usage"),
            limit=sample.get("limit"),
            error=message,
        ),
    )


def _resolved(value: Any, attachments: Mapping[str, Any]) -> Any:  # noqa: ANN401  # any JSON
    """Return a value with each name of an attachment as the attachment."""
    if isinstance(value, str):
        if value.startswith(_ATTACHMENT):
            found = attachments.get(value.removeprefix(_ATTACHMENT))
            return found if isinstance(found, str) else value
        return value
    if isinstance(value, list):
        return [_resolved(one, attachments) for one in value]
    if isinstance(value, dict):
        return {name: _resolved(one, attachments) for name, one in value.items()}
    return value


def _replicate(epoch: object) -> int:
    return epoch if isinstance(epoch, int) and 1 <= epoch <= MOST_REPLICATES else 1
