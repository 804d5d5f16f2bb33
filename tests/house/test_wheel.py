"""What is installed from a wheel finds its templates, styles and protocols as a checkout does."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, cwd: Path) -> str:
    """Run a program to its end, away from the checkout and the developer's settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(  # noqa: S603  # the project's own programs
        command, cwd=cwd, env=kept, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the project's wheel, and the libraries of this one."""
    folder = tmp_path_factory.mktemp("installed")
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", ROOT, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", symlinks=True)
    python = folder / "venv/bin/python"
    packages = run(python, "-c", "import site; print(*site.getsitepackages())", cwd=folder).strip()
    Path(packages, "libraries.pth").write_text(sysconfig.get_path("purelib"))
    run(*pip, "--python", python, "install", "--no-deps", wheel, cwd=folder)
    return folder


@pytest.mark.slow
def test_a_wheel_holds_every_file_of_the_checkout_and_no_link(installed: Path) -> None:
    """Links of the checkout stand as the files that they lead to."""
    (data,) = installed.glob("venv/lib/python*/site-packages/archive/data")
    sources = [path for folder in ("templates", "site") for path in (ROOT / folder).rglob("*")]

    assert [path for path in data.rglob("*") if path.is_symlink()] == []
    assert {path.relative_to(data) for path in data.rglob("*") if path.is_file()} == {
        path.relative_to(ROOT) for path in sources if path.is_file()
    }


@pytest.mark.slow
def test_an_installed_emeritus_makes_a_workspace_and_builds_its_site(installed: Path) -> None:
    emeritus = installed / "venv/bin/emeritus"

    run(emeritus, "init", "house", cwd=installed)
    run(emeritus, "site", "build", "--audience", "internal", cwd=installed / "house")
    run(emeritus, "protocol", "detectors", cwd=installed)  # its labelled sets are there

    where = run(
        installed / "venv/bin/python", "-c", "import blog; print(blog.__file__)", cwd=installed
    )
    assert where.startswith(str(installed))
    assert (installed / "house/internal/index.html").is_file()
    assert list((installed / "house/internal").rglob("*.css"))
