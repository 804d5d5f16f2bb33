"""A disk that refuses: nothing is decided that cannot be done, nothing stays half-written."""

import resource
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import Emeritus
from tests.support import forked, mounts
from tests.support.rot import find, flip_bit, logged, tree


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("command", "code"),
    [
        pytest.param(["seal"], 3, id="seal"),
        pytest.param(["repair"], 3, id="repair"),
        pytest.param(["audit"], 1, id="audit"),
        pytest.param(["verify"], 1, id="verify"),
        pytest.param(["list"], 0, id="list"),
    ],
)
def test_a_store_that_is_read_only_is_read_and_nothing_is_decided(
    emeritus: Emeritus, sealed: Path, copy: Path, command: list[str], code: int
) -> None:
    assert copy.is_dir()
    emeritus("model", "edit", "halcyon-2", "--maker", "Another")
    flip_bit(find(sealed / "store", "content"))
    before = tree(sealed / "store")

    found, said = mounts.read_only(sealed / "store", sealed, "preserve", *command)

    assert (found, tree(sealed / "store")) == (code, before), said
    assert ("store: may not be read or written" in said) == (code == 3)
    assert not list((sealed / "store.staging").glob("*.*"))
    assert logged(sealed, "repair") == []
    assert len(logged(sealed, "seal")) == len({row["id"] for row in logged(sealed, "seal")})


@pytest.mark.sqlite
def test_a_copy_that_is_read_only_is_named_and_left(
    emeritus: Emeritus, sealed: Path, copy: Path
) -> None:
    emeritus("model", "edit", "halcyon-2", "--maker", "Another")
    emeritus("preserve", "seal")
    before = tree(copy)

    code, said = mounts.read_only(copy, sealed, "preserve", "replicate", copy)

    assert (code, tree(copy)) == (3, before), said
    assert f"{copy}: may not be read or written" in said
    assert emeritus("preserve", "replicate", copy).exit_code == 0


@pytest.mark.sqlite
@pytest.mark.parametrize("most", [1_000, 2_000, 4_000])
@pytest.mark.parametrize("command", ["replicate", "export"])
def test_a_disk_that_is_full_leaves_no_half_of_a_copy_or_an_export(
    emeritus: Emeritus, sealed: Path, tmp_path: Path, command: str, most: int
) -> None:
    place, store = tmp_path / "place", tree(sealed / "store")
    arguments = ["--out", place] if command == "export" else [place]
    full = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (most, most))

    code = forked.emeritus(
        "preserve", command, *arguments,
        environment={"EMERITUS_WORKSPACE": str(sealed)}, output=tmp_path / "said", prepare=full,
    )  # fmt: skip

    assert (code, tree(sealed / "store")) == (3, store), (tmp_path / "said").read_text()
    assert command == "replicate" or not place.exists()
    assert emeritus("preserve", command, *arguments).exit_code == 0
    assert command == "export" or emeritus("preserve", "verify", place).exit_code == 0
