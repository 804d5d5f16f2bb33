"""Which paths the store takes in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import InputError
from archive.store.paths import check_portable, conflicts


@pytest.mark.parametrize(
    "paths",
    [
        pytest.param(["/etc/passwd"], id="absolute"),
        pytest.param(["raw/"], id="a folder"),
        pytest.param(["a/../../b"], id="leads outside"),
        pytest.param(["./a"], id="has a dot"),
        pytest.param(["a//b"], id="has an empty name"),
        pytest.param([""], id="is empty"),
        pytest.param(["a\0b"], id="NUL"),
        pytest.param(["a\x1b[31m"], id="a terminal's escape"),
        pytest.param(["a\\b"], id="a backslash"),
        pytest.param(["a:b"], id="a colon"),
        pytest.param(["name."], id="ends in a dot"),
        pytest.param(["folder /a"], id="a folder that ends in a space"),
        pytest.param(["raw/\udcff"], id="not UTF-8"),
        pytest.param(["raw/CON.txt"], id="a device's name"),
        pytest.param(["a" * 256], id="longer than a file system allows"),
        pytest.param(["README.txt", "readme.TXT"], id="differ in case"),
        pytest.param(["caf\u00e9", "cafe\u0301"], id="differ in how an accent is written"),
        pytest.param(["raw", "raw/0.json"], id="a file that is a folder too"),
    ],
)
def test_a_path_that_some_file_system_cannot_hold_is_refused(paths: list[str]) -> None:
    with pytest.raises(InputError, match="store would not hold it") as refused:
        check_portable(paths)

    assert refused.value.at.name in {repr(path) for path in paths}


def test_ordinary_paths_are_taken() -> None:
    check_portable(["README.txt", "raw/0.json", "raw/1.json", ".hidden", "Über uns/zwei Wörter"])


@given(st.sets(st.text("ab/", min_size=1, max_size=6)))
def test_a_conflict_is_a_path_below_another_path(paths: set[str]) -> None:
    below = {path for path in paths if any(path.startswith(f"{other}/") for other in paths)}

    assert set(conflicts(paths)) == below
