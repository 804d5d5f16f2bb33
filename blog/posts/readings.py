"""Reading what an operator gives a model to read: a file, and what is stated of it.

What is stated stands in options of the command, or in `NAME.toml` beside the file NAME; never in
both, so that nobody has to ask which holds.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archive.canonical import sha256
from archive.errors import InputError, Place
from archive.rendering.characters import one_line
from blog.posts.contexts import Source, Text
from interviews.campaigns.prices import read_toml

CONSENTS = {
    "shown": "to be shown to the model",
    "printed": "to be printed with the post",
    "kept": "to be kept",
}
"""What a reader is asked for, each for itself, before a letter is used."""

LONGEST_STATED = 300  # characters of a source or a citation


def read_file(path: Path, stated: Mapping[str, str]) -> tuple[Source, Text]:
    """Return a text that the operator saved: a reading, where source and citation are stated.

    Args:
        path: Of the text.
        stated: Its `source` and `citation` as the command's options have them.

    Raises:
        InputError: It cannot be read, or only one of the two is stated.
    """
    facts = _texts(path, stated, known=("source", "citation"))
    content, text = _read(path)
    named = {"name": path.name, "sha256": sha256(content)}
    if not facts:
        return Source.FILE, Text(item={"kind": "file", **named}, text=text)
    return Source.READING, Text(item={"kind": "reading", **named, **facts}, text=text)


def read_news(path: Path, stated: Mapping[str, str]) -> Text:
    """Return news that the operator saved, with its source.

    Raises:
        InputError: It cannot be read, or its source is not stated.
    """
    facts = _texts(path, stated, known=("source",))
    if not facts:
        raise InputError(
            "its source is not stated",
            at=str(path),
            mend=f"Name it with --news-source, or as source in {path.name}.toml beside it.",
        )
    content, text = _read(path)
    return Text(
        item={"kind": "news", "name": path.name, "sha256": sha256(content), **facts}, text=text
    )


def read_letter(path: Path, consents: Mapping[str, bool]) -> Text:
    """Return a reader's letter; its file's name, which may be the reader's, is not recorded.

    Args:
        path: Of the letter.
        consents: To each of `CONSENTS`, as the command's options have it.

    Raises:
        InputError: It cannot be read, or there is no consent that the model is shown it.
    """
    given = {name: agreed for name, agreed in consents.items() if agreed}
    agreed = given | dict.fromkeys(_consents(path, given), True)
    if "shown" not in agreed:
        raise InputError(
            "there is no consent that it is shown to the model",
            at=str(path),
            mend="Ask the reader, and say what was agreed with --may-be-shown, --may-be-printed"
            f" and --may-be-kept;\n  or as shown, printed and kept in {path.name}.toml beside it.",
        )
    content, text = _read(path)
    said = {name: "yes" if name in agreed else "no" for name in CONSENTS}
    return Text(
        item={"kind": "letter", "sha256": sha256(content), **said},
        text=text,
        kept="kept" in agreed,
        printed="printed" in agreed,
    )


def _consents(path: Path, given: Mapping[str, bool]) -> list[str]:
    """Return which consents the file beside a letter has."""
    beside = _beside(path, given, known=tuple(CONSENTS))
    for name, value in beside.items():
        if not isinstance(value, bool):
            raise InputError(
                "neither true nor false",
                at=Place(f"{path.name}.toml", field=name),
                mend=f"Say whether the reader agreed {CONSENTS[name]}.",
            )
    return [name for name, value in beside.items() if value]


def _texts(path: Path, stated: Mapping[str, str], *, known: tuple[str, ...]) -> dict[str, str]:
    """Return all that is stated of a file, or nothing; InputError if it is a part of it."""
    facts = {**stated, **_beside(path, stated, known=known)}
    for name, value in facts.items():
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_STATED:
            raise InputError(
                f"no text of at most {LONGEST_STATED} characters",
                at=Place(str(path), field=name),
                mend="Write it as it is to stand on the post's page.",
            )
    missing = [name for name in known if name not in facts]
    if facts and missing:
        raise InputError(
            "not stated, and the rest is",
            at=Place(str(path), field=missing[0]),
            mend=f"A text is named by all of: {', '.join(known)}.",
        )
    return {name: one_line(value) for name, value in facts.items()}


def _beside(path: Path, stated: Mapping[str, object], *, known: tuple[str, ...]) -> dict[str, Any]:
    """Return what `NAME.toml` says of a file; InputError if the command says something too."""
    beside = path.with_name(f"{path.name}.toml")
    facts = read_toml(beside)
    for name in facts.keys() - set(known):
        raise InputError(
            "no such field",
            at=Place(str(beside), field=name),
            mend=f"Take it out. There are {', '.join(known)}.",
        )
    if facts and stated:
        raise InputError(
            "is stated on the command line too",
            at=str(beside),
            mend="Say it in one place: leave out the options, or move the file away.",
        )
    return facts


def _read(path: Path) -> tuple[bytes, str]:
    try:
        content = path.read_bytes()
        text = content.decode()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise InputError(
            f"cannot be read: {reason}",
            at=str(path),
            mend="Name a text file, or one of: none, interviews, posts.",
        ) from error
    if not text.strip():
        raise InputError("holds no word", at=str(path), mend="Name a file with a text in it.")
    return content, text
