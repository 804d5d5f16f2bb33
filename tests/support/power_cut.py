"""A disk that loses power: what was not fsynced is gone.

    with Disk(folder, cut_at=7) as disk: ...  # PowerCutError at its seventh act
    disk.restore(folder, chance=random.Random(7))  # as a machine would find it after the cut

A file keeps the bytes of its last fsync. A name that was made, moved or removed stays so if a
folder that the act concerned was fsynced since; else it is as before, or not: chance decides,
act by act. That is the least that a journalling file system promises: rename is atomic, and
acts that no fsync separates may reach the disk in any order. Nothing is really fsynced here.
"""

import contextlib
import io
import os
import random
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Self


class PowerCutError(BaseException):
    """The power is gone: no handler may save anything now."""


class _Node:
    """A file or folder; its entries and its content are those that would be found again."""

    def __init__(self, path: Path | None = None) -> None:
        self.content = path.read_bytes() if path is not None and path.is_file() else b""
        self.is_folder = path is not None and path.is_dir()
        inside = path.iterdir() if path is not None and path.is_dir() else ()
        self.now: dict[str, _Node] = {child.name: _Node(child) for child in inside}
        self.durable = dict(self.now)

    def write(self, path: Path) -> None:
        if not self.is_folder:
            path.write_bytes(self.content)
            return
        path.mkdir()
        for name, child in self.durable.items():
            child.write(path / name)


_Change = tuple[_Node, str, _Node | None]  # in a folder, a name, what it means now


class Disk:
    """What of `folder` is durable, from now until the power is cut."""

    def __init__(self, folder: Path, *, cut_at: int | None = None) -> None:
        self.acts = 0
        self._cut_at = cut_at
        self._base = folder.resolve()
        self._root = _Node(folder)
        self._pending: list[list[_Change]] = []
        self._patches = contextlib.ExitStack()

    def __enter__(self) -> Self:
        for owner, name, effect in (
            (os, "open", self._opened),
            (io, "open", self._opened),
            (os, "mkdir", self._made),
            (os, "rename", self._renamed),
            (os, "replace", self._renamed),
            (os, "unlink", self._removed),
            (os, "rmdir", self._removed),
        ):
            self._patches.enter_context(self._watched(owner, name, effect))
        self._patches.enter_context(_replaced(os, "fsync", self._synced))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._patches.close()

    def restore(self, folder: Path, *, chance: random.Random) -> None:
        """Put `folder` back as the next start finds it."""
        _apply(act for act in self._pending if chance.random() < 0.5)
        shutil.rmtree(folder)
        self._root.write(folder)

    def _watched(
        self, owner: ModuleType, name: str, effect: Callable[..., None]
    ) -> contextlib.AbstractContextManager[None]:
        act = getattr(owner, name)

        def watched(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401  # of any signature
            result = act(*arguments, **options)
            if self._is_on():
                try:
                    effect(*arguments, **options)
                except PowerCutError:
                    if name == "open":  # nobody gets the file to close it
                        os.close(result) if isinstance(result, int) else result.close()
                    raise
            return result

        return _replaced(owner, name, watched)

    def _is_on(self) -> bool:
        return self._cut_at is None or self.acts < self._cut_at

    def _act(self, *changes: _Change) -> None:
        self._pending.append(list(changes))
        for folder, name, node in changes:
            if node is None:
                del folder.now[name]
            else:
                folder.now[name] = node
        self._count()

    def _count(self) -> None:
        self.acts += 1
        if not self._is_on():
            raise PowerCutError

    def _opened(self, path: Any, *_flags: Any, **_options: Any) -> None:  # noqa: ANN401  # os.open's, io.open's
        found = self._find(path)
        if found is not None and found[1] not in found[0].now:
            self._act((*found, _Node()))

    def _made(self, path: str, *_mode: int) -> None:
        if (found := self._find(path)) is not None:
            node = _Node()
            node.is_folder = True
            self._act((*found, node))

    def _renamed(self, source: str, target: str) -> None:
        before, after = self._find(source), self._find(target)
        if before is not None and after is not None:
            self._act((*after, before[0].now[before[1]]), (*before, None))

    def _removed(self, path: str, *, dir_fd: int | None = None) -> None:
        whole = path if dir_fd is None else _path_of(dir_fd) / path
        if (found := self._find(whole)) is not None:
            self._act((*found, None))

    def _synced(self, descriptor: int) -> None:
        if not self._is_on():
            return
        path = _path_of(descriptor)
        found = self._find(path)
        node = self._root if found is None else found[0].now[found[1]]
        if node.is_folder:
            self._settle(node)
        else:
            node.content = path.read_bytes()
        self._count()

    def _settle(self, synced: _Node) -> None:
        """Make the acts in a folder durable, after those that came before at the same names."""
        settled: list[list[_Change]] = []
        names: set[tuple[int, str]] = set()
        for act in reversed(self._pending):
            touched = {(id(folder), name) for folder, name, _node in act}
            if touched & names or any(folder is synced for folder, _name, _node in act):
                settled.insert(0, act)
                names |= touched
        self._pending = [act for act in self._pending if act not in settled]
        _apply(settled)

    def _find(self, path: Any) -> tuple[_Node, str] | None:  # noqa: ANN401  # whatever names a file
        """Return the folder in which a name of ours stands, and that name."""
        if isinstance(path, int) or not Path(path).absolute().is_relative_to(self._base):
            return None
        *folders, name = Path(path).absolute().relative_to(self._base).parts or ("",)
        node = self._root
        for folder in folders:
            node = node.now[folder]
        return (node, name) if name else None


def _apply(acts: Iterable[list[_Change]]) -> None:
    for folder, name, child in (change for act in acts for change in act):
        if child is None:
            folder.durable.pop(name, None)
        else:
            folder.durable[name] = child


@contextlib.contextmanager
def _replaced(owner: ModuleType, name: str, by: Callable[..., Any]) -> Iterator[None]:
    original = getattr(owner, name)
    setattr(owner, name, by)
    try:
        yield
    finally:
        setattr(owner, name, original)


def _path_of(descriptor: int) -> Path:
    return Path(f"/proc/self/fd/{descriptor}").readlink()
