"""What the inventories of earlier versions must have in common with the present one.

Pure. OCFL 1.1, sections 3.3.1, 3.5.1 and 3.7.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from archive.store.conformance import Fault, version_number
from archive.store.inventory import Inventory, Version


def disagreements(earlier: Inventory, present: Inventory, *, folder: str) -> Iterator[Fault]:
    """Return where the inventory in the version folder `folder` contradicts the present one."""
    if earlier.id != present.id:
        for code in ("E037", "E110"):  # E037 in OCFL 1.0
            yield Fault(code, f"the id is {earlier.id!r}; the object's is {present.id!r}")
    if earlier.content_directory != present.content_directory:
        code = "E019" if version_number(folder) == 1 else "E020"
        yield Fault(
            code,
            f"the contentDirectory is {earlier.content_directory!r}; "
            f"the object's is {present.content_directory!r}",
        )
    if earlier.head != folder:
        yield Fault("E040", f"the head is {earlier.head!r} in the folder of {folder}")
        return  # its versions are those of another folder
    for name, version in earlier.versions.items():
        if name not in present.versions:
            yield Fault("E066", f"{name} is not in the object's inventory")
        else:
            yield from _differences(name, version, earlier, present)


def _differences(
    name: str, version: Version, earlier: Inventory, present: Inventory
) -> Iterator[Fault]:
    now = present.versions[name]
    if earlier.algorithm == present.algorithm:
        same = version.state == now.state or _folded(version.digests) == _folded(now.digests)
    else:
        same = _same_content(version, earlier, now, present)
    if not same:
        yield Fault("E066", f"the state of {name} is not the one in the object's inventory")
    for key in ("created", "message", "user"):
        if getattr(version, key) != getattr(now, key):
            yield Fault("W011", f"{key!r} of {name} is not the one in the object's inventory")


def _folded(digests: Mapping[str, str]) -> Mapping[str, str]:
    return {path: digest.lower() for path, digest in digests.items()}


def _same_content(version: Version, earlier: Inventory, now: Version, present: Inventory) -> bool:
    """Whether two states hold the same content at the same paths, under other algorithms.

    A later version may have added further copies of a content: they do not count.
    """
    known = frozenset(path for paths in earlier.manifest.values() for path in paths)
    before, after = version.digests, now.digests
    return before.keys() == after.keys() and all(
        _copies(earlier.manifest, before[path], known)
        == _copies(present.manifest, after[path], known)
        for path in before
    )


def _copies(
    manifest: Mapping[str, Sequence[str]], digest: str, known: Iterable[str]
) -> frozenset[str]:
    return frozenset(manifest.get(digest, ())).intersection(known)
