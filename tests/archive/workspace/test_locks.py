"""One runner per thing."""

from pathlib import Path

import pytest

from archive.errors import ServiceError
from archive.workspace.locks import has_runner, only_runner


def test_a_thing_has_one_runner_at_a_time(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with only_runner(lock, what="it"):
        assert has_runner(lock)
        with pytest.raises(ServiceError, match="another process"), only_runner(lock, what="it"):
            pass

    assert not has_runner(lock)


def test_a_folder_of_locks_that_was_lost_is_made_again(tmp_path: Path) -> None:
    """Locks hold nothing: a backup without them is whole."""
    with only_runner(tmp_path / "locks/one", what="one"):
        assert has_runner(tmp_path / "locks/one")
