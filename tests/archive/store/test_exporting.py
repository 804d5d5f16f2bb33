"""An export is a bag that others can check, and nothing is left of one that failed."""

import signal
import subprocess
from pathlib import Path

import pytest

from archive.store.bags import bag_info, encoded, manifest
from archive.store.layout import Layout
from archive.store.verifying import verify
from tests.archive.store.test_oracle import ORACLES
from tests.conftest import Emeritus
from tests.support import forked
from tests.support.killing import FILE_ACTS
from tests.support.rot import find, flip_bit, logged, tree


def bagit(folder: Path) -> subprocess.CompletedProcess[str]:
    """Validate with bagit-python."""
    return subprocess.run(  # noqa: S603  # the oracle's own program
        [ORACLES / "python", ORACLES / "bagit.py", "--validate", folder],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


needs_bagit = [
    pytest.mark.oracle,
    pytest.mark.skipif(not (ORACLES / "bagit.py").exists(), reason="bagit is not in .venv-oracles"),
]


@pytest.fixture
def bag(emeritus: Emeritus, sealed: Path, tmp_path: Path) -> Path:
    assert sealed.is_dir()
    done = emeritus("preserve", "export", "--out", tmp_path / "bag")
    assert done.exit_code == 0, done.stderr
    return tmp_path / "bag"


class TestToBagit:
    pytestmark = needs_bagit

    def test_an_export_is_valid(self, bag: Path) -> None:
        done = bagit(bag)

        assert done.returncode == 0, done.stderr

    @pytest.mark.parametrize("name", ["data/0=ocfl_1.1", "bag-info.txt", "manifest-sha256.txt"])
    def test_an_export_with_a_flipped_bit_is_not_valid(self, bag: Path, name: str) -> None:
        flip_bit(bag / name)

        assert bagit(bag).returncode != 0


def test_an_export_holds_a_storage_root_and_says_whose_it_is(
    emeritus: Emeritus, sealed: Path, bag: Path
) -> None:
    report = verify(bag / "data")
    info = (bag / "bag-info.txt").read_text()
    (entry,) = logged(sealed, "export")

    assert (report.valid, report.objects) == (True, 5), report.to_text()
    payload = list(tree(bag / "data").values())
    assert f"Payload-Oxum: {sum(map(len, payload))}.{len(payload)}" in info
    assert "Source-Organization: The Halcyon Archive" in info
    assert entry["path"] == str(bag)
    assert emeritus("preserve", "list", "--json").json["exports"][0]["path"] == str(bag)


def test_one_object_can_be_exported_alone(emeritus: Emeritus, sealed: Path, tmp_path: Path) -> None:
    (tmp_path / "bag").mkdir()

    done = emeritus("preserve", "export", "model", "halcyon-2", "--out", tmp_path / "bag", "--json")

    (object_id,) = done.json["objects"]
    (folder,) = (path for path in (tmp_path / "bag/data").iterdir() if path.is_dir())
    original = sealed / "store" / Layout().object_path(object_id)
    assert folder.name == object_id.removeprefix("urn:uuid:")
    assert tree(folder) == tree(original)


def test_what_cannot_be_exported_is_refused_and_nothing_is_left(
    emeritus: Emeritus, sealed: Path, tmp_path: Path
) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "letter.txt").write_text("mine")
    cases = {
        ("--out", full): "is not empty",
        ("--out", full / "letter.txt"): "is not empty",
        ("model", "none-such", "--out", tmp_path / "bag"): "no such model",
        ("model", "--out", tmp_path / "bag"): "which one?",
    }
    for arguments, message in cases.items():
        done = emeritus("preserve", "export", *arguments)
        assert (done.exit_code, message in done.stderr) == (2, True), done.stderr
    assert sorted(tmp_path.iterdir()) == [full, sealed]
    assert tree(full) == {"letter.txt": b"mine"}


def test_what_is_damaged_is_not_exported(emeritus: Emeritus, sealed: Path, tmp_path: Path) -> None:
    bad = find(sealed / "store", "content")
    flip_bit(bad)

    done = emeritus("preserve", "export", "--out", tmp_path / "bag")

    assert (done.exit_code, str(bad) in done.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == [sealed]


def test_a_killed_export_leaves_nothing_that_looks_whole(sealed: Path, tmp_path: Path) -> None:
    command = ("--workspace", sealed, "preserve", "export", "--out")
    points = forked.points(
        *command, tmp_path / "b", acts=FILE_ACTS, environment={}, folder=tmp_path
    )

    for number in range(0, len(points), len(points) // 4):
        place, output = tmp_path / f"bag-{number}", tmp_path / "output"
        code = forked.emeritus_until(
            number, *command, place, acts=FILE_ACTS, environment={}, output=output
        )
        assert code == -signal.SIGKILL
        assert not place.exists() or bagit(place).returncode == 0, points[number]


def test_only_percent_signs_and_line_ends_of_a_path_are_encoded() -> None:
    path = "data/50%\r\né ü.txt"

    assert encoded(path) == "data/50%25%0D%0Aé ü.txt"
    assert manifest({path: "00"}).decode() == f"00  {encoded(path)}\n"


def test_a_value_cannot_break_out_of_its_line() -> None:
    assert (
        bag_info([("Contact-Name", "A\nPayload-Oxum: 0.0")])
        == b"Contact-Name: A Payload-Oxum: 0.0\n"
    )
