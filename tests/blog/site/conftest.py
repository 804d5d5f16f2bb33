"""The sample site, built once."""

from pathlib import Path

import pytest

from blog.site.building import build
from tests.support.sample_site import NOTICE, sample_site


@pytest.fixture(scope="session")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public build of the sample site; read only."""
    folder = tmp_path_factory.mktemp("site") / "public"
    build(sample_site(notice=NOTICE), folder)
    return folder
