"""ocfl-py, another implementation, agrees with what we write and with what we find."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from archive.store.verifying import verify
from tests.support.damages import DAMAGES, SECOND_STATE
from tests.support.objects import FOUR_FILES, object_folder, write_version

ORACLES = Path(__file__).parents[3] / ".venv-oracles" / "bin"

has_ocfl_py = pytest.mark.skipif(
    not (ORACLES / "ocfl-validate.py").exists(), reason="ocfl-py is not in .venv-oracles"
)
pytestmark = [pytest.mark.oracle, has_ocfl_py]


@pytest.fixture(scope="module")
def sound_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound") / "store"
    write_version(folder, FOUR_FILES)
    write_version(folder, SECOND_STATE)
    write_version(folder, {}, "urn:uuid:01939f6e-5c00-7000-8000-00000000000f")
    return folder


def ocfl_py(*paths: Path) -> subprocess.CompletedProcess[str]:
    """Validate with ocfl-py."""
    return subprocess.run(  # noqa: S603  # the oracle's own program
        [ORACLES / "python", ORACLES / "ocfl-validate.py", *paths],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
    )


def test_what_we_write_is_valid_to_ocfl_py_too(sound_store: Path) -> None:
    for path in (sound_store, object_folder(sound_store)):
        done = ocfl_py(path)

        assert done.returncode == 0, done.stdout
        assert not re.search(r"\[[EW]\d{3}", done.stdout), done.stdout


def test_ocfl_py_finds_fault_with_what_we_find_fault_with(
    sound_store: Path, tmp_path: Path
) -> None:
    things = {damage.name: tmp_path / damage.name for damage in DAMAGES}
    for damage in DAMAGES:
        shutil.copytree(object_folder(sound_store), things[damage.name])
        damage.do(things[damage.name])

    printed = ocfl_py(*things.values()).stdout

    assert not any(verify(thing).valid for thing in things.values())
    called_valid = [name for name, thing in things.items() if f"{thing} is VALID" in printed]
    assert called_valid == ["a hard link"]  # ocfl-py does not look at links
