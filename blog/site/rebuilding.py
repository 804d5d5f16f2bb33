"""Building into a folder that is on record, and building there again after a deletion."""

from pathlib import Path

from archive.release.outputs import register
from archive.times import now
from archive.workspace.workspace import Workspace
from blog.site import building
from blog.site.building import BuildResult
from blog.site.reading import read_site
from blog.site.views import Audience, Site


def build(workspace: Workspace, site: Site, folder: Path) -> BuildResult:
    """Write the site into a folder that is on record from then on.

    Raises:
        FaultError, InputError, ServiceError: As `blog.site.building.build` says, or the log
            cannot take that the folder is written to.
    """
    building.check(folder, site.workspace)
    register(workspace, folder, site.audience.value)
    return building.build(site, folder)


def build_again(workspace: Workspace, folder: Path, audience: str) -> None:
    """Build the site in a folder on record again, from what is on record now.

    Raises:
        InputError: No site can be built: the operator is not stated, or the folder holds others'.
        FaultError: A text, an interview or a decision is not the one that was recorded.
        ServiceError: Another build is writing there.
    """
    building.build(read_site(workspace, Audience(audience), as_of=now()), folder)
