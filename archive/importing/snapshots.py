"""A local folder of a Hugging Face repository: what it holds and what its own files say.

Of safetensors and GGUF files the header is read; other weight files are listed by name and size,
and not opened. No link is followed: where a link leads
is not part of the folder, and each is named.
"""

import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path, PurePosixPath
from typing import Any

from archive.errors import InputError
from archive.files import read_bounded
from archive.importing.documents import parsed
from archive.importing.entries import Entry, Folder, Place, Problem, Reading, sorted_out
from archive.importing.model_card import facts_of, missing_from, weights_among
from archive.importing.weight_headers import facts_of_headers

FORM = "hugging-face"

MOST_FILES = 10_000
LARGEST = 4 * 2**20  # bytes of a config, an index or a card
_END = 64  # bytes of a larger file that are read
INDEXES = ("model.safetensors.index.json", "pytorch_model.bin.index.json")
_CACHED = re.compile(r"models--([^/]+?)--([^/]+)")  # a repository in the hub's own cache
_OWN_FILES = ("config.json", "README.md", *INDEXES)


def read_snapshot(folder: Path, *, observed_at: str) -> Reading:
    """Return the model that a folder holds, and what of the folder was left out.

    Raises:
        InputError: The folder cannot be read, holds too many files, or no file of a model.
    """
    problems: list[Problem] = []
    files = dict(_files(folder, problems))
    config = _json(folder, "config.json", files, problems)
    weights = weights_among(files)
    if not weights and not files.keys() & set(_OWN_FILES):
        raise _no_model(folder)
    _check_companions(folder, files, problems)
    card = _front_matter(folder, files, problems)
    name, revision = _name(folder, config)
    source = f"{name} at revision {revision}" if revision else f"the folder {folder.name}"
    shards = _shards(folder, files, problems)
    stated, bad = facts_of_headers(folder, files, shards)
    problems += [_problem(folder, file, f"its header is not read: {bad[file]}") for file in bad]
    entry = Entry(
        place=Place(source=str(folder), position="."),
        id=name,
        facts=stated | facts_of(config, card),
        source=source,
        observed_at=observed_at,
        folder=Folder(
            source=source,
            files=files,
            weights=tuple(weights),
            missing=tuple(missing_from(files, shards)),
            headers_refused=bad,
        ),
    )
    return sorted_out(str(folder), FORM, [entry, *problems])


def _no_model(folder: Path) -> InputError:
    found = list(walk(folder))
    if any(path.is_symlink() for path in found) and not any(
        path.is_file() and not path.is_symlink() for path in found
    ):
        return InputError(
            "holds nothing but links, and none in a folder is followed",
            at=str(folder),
            mend="Name feeds one by one: a link that you name yourself is followed. A model's files"
            "\n  must be files: the hub's cache holds links; download into a folder of its own.",
        )
    return InputError(
        "holds no file of a model that could be read",
        at=str(folder),
        mend="Name a folder with a config.json, a README.md or weight files that are no links.",
    )


def _files(folder: Path, problems: list[Problem]) -> Iterator[tuple[str, int]]:
    """Return each regular file under `folder` with its size, by its path in it."""
    try:
        found = [path for path in walk(folder) if path.name != ".git"]
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}", at=str(folder), mend="Give yourself the right."
        ) from error
    for path in found:
        name = path.relative_to(folder).as_posix()
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            problems.append(link(folder, path))
        elif not name.isprintable():
            problems.append(_problem(folder, ascii(name), "a name that cannot be printed"))
        elif stat.S_ISREG(status.st_mode):
            yield name, status.st_size
        elif not stat.S_ISDIR(status.st_mode):
            problems.append(_problem(folder, name, "neither a file nor a folder"))


def link(folder: Path, path: Path) -> Problem:
    """Return that a link in a folder is left out."""
    name = path.relative_to(folder).as_posix()
    return _problem(folder, name, f"a link, not followed: {str(path.readlink())!a}")


def walk(folder: Path) -> Iterator[Path]:
    """Yield what is in a folder and below it; hidden caches and links are not entered.

    Raises:
        InputError: It holds too many files.
        OSError: It cannot be read.
    """
    count = 0
    for root, folders, files in os.walk(folder, onerror=_raise):  # follows no link
        folders[:] = sorted(name for name in folders if name not in {".git", ".cache"})
        for name in sorted([*folders, *files]):
            count += 1
            if count > MOST_FILES:
                raise InputError(
                    f"more than {MOST_FILES:,} files",
                    at=str(folder),
                    mend="Name the folder of one model.",
                )
            yield Path(root) / name


def _raise(error: OSError) -> None:
    raise error


def _json(
    folder: Path, name: str, files: Mapping[str, int], problems: list[Problem]
) -> dict[str, Any]:
    found = _value(folder, name, files, problems)
    if not isinstance(found, dict):
        problems.append(_problem(folder, name, "not a JSON object"))
        return {}
    return found


def _value(folder: Path, name: str, files: Mapping[str, int], problems: list[Problem]) -> object:
    """Return what a JSON file holds; an empty object if it is not there, or is none."""
    text = _text(folder, name, files, problems)
    if text is None:
        return {}
    try:
        return parsed(text)
    except ValueError as error:
        line = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        problems.append(_problem(folder, name, f"not JSON{line}"))
        return {}


def _check_companions(folder: Path, files: Mapping[str, int], problems: list[Problem]) -> None:
    """Report what else of the folder is called JSON and is cut off: a tokenizer, settings."""
    for name in files:
        if "/" in name or not name.endswith(".json") or name in _OWN_FILES:
            continue
        if files[name] <= LARGEST:
            _value(folder, name, files, problems)
            continue
        try:
            with (folder / name).open("rb") as file:  # no link, as `_files` has seen
                file.seek(-_END, os.SEEK_END)  # of one so large, only whether its end is there
                ends = file.read(_END).rstrip().endswith((b"}", b"]"))
        except OSError as error:
            problems.append(_problem(folder, name, f"not read: {error.strerror}"))
            continue
        if not ends:
            problems.append(_problem(folder, name, "not JSON: it does not end as such"))


def _text(folder: Path, name: str, files: Mapping[str, int], problems: list[Problem]) -> str | None:
    if name not in files:
        return None
    try:
        return read_bounded(folder / name, LARGEST).decode()
    except UnicodeDecodeError:
        problems.append(_problem(folder, name, "not UTF-8"))
    except (ValueError, OSError) as error:
        why = getattr(error, "strerror", None) or str(error)
        problems.append(_problem(folder, name, f"not read: {why}"))
    return None


def _front_matter(
    folder: Path, files: Mapping[str, int], problems: list[Problem]
) -> dict[str, Any]:
    """Return the YAML between the lines `---` at the head of the card."""
    from ruamel.yaml import YAML  # noqa: PLC0415  # 60 ms that feeds need not
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415  # as above

    text = _text(folder, "README.md", files, problems) or ""
    found = re.match(r"---[ \t]*\r?\n(.*?\r?\n)---[ \t]*(\r?\n|$)", text, re.DOTALL)
    if found is None:
        return {}
    try:
        card = YAML(typ="safe", pure=True).load(StringIO(found[1]))
    except (YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" (line {mark.line + 2})" if mark is not None else ""
        problems.append(_problem(folder, "README.md", f"its front matter is not YAML{line}"))
        return {}
    return card if isinstance(card, dict) else {}


def _shards(folder: Path, files: Mapping[str, int], problems: list[Problem]) -> set[str]:
    """Return the files that an index of sharded weights names, but for those outside."""
    named: set[str] = set()
    for index in INDEXES:
        weight_map = _json(folder, index, files, problems).get("weight_map", {})
        values = weight_map.values() if isinstance(weight_map, dict) else ()
        named |= {value for value in values if isinstance(value, str)}
        for outside in sorted(value for value in named if _leads_out(value)):
            named.discard(outside)
            what = f"names a file outside of the folder: {outside[:200]!a}"
            problems.append(_problem(folder, index, what))
    return named


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or "\\" in name or not name.isprintable()


def _name(folder: Path, config: Mapping[str, Any]) -> tuple[str, str | None]:
    """Return the repository's name, and its revision if the folder says it."""
    whole = folder.resolve()
    if whole.parent.name == "snapshots" and (found := _CACHED.fullmatch(whole.parents[1].name)):
        return f"{found[1]}/{found[2]}", whole.name
    stated = config.get("_name_or_path")
    if isinstance(stated, str) and re.fullmatch(r"[\w-][\w.-]*/[\w-][\w.-]*", stated, re.ASCII):
        return stated, None
    return "".join(char if char.isprintable() else "\ufffd" for char in whole.name), None


def _problem(folder: Path, name: str, what: str) -> Problem:
    return Problem(place=Place(source=str(folder), position=name), what=what)
