"""Building into a folder that is on record, and building there again after a deletion."""

from datetime import datetime
from pathlib import Path

from archive.release.outputs import register
from archive.times import now
from archive.workspace.workspace import Workspace
from blog.site import building
from blog.site.building import BuildResult
from blog.site.manifest import MANIFEST, read_manifest
from blog.site.reading import read_site
from blog.site.remembered import NOTHING
from blog.site.views import Audience, Site


def read(workspace: Workspace, audience: Audience, folder: Path, *, as_of: datetime) -> Site:
    """Return what a build into `folder` shows; what stands there already need not be read again.

    Raises:
        FaultError, InputError, ServiceError: As `blog.site.reading.read_site` says, or the
            folder's manifest cannot be read.
    """
    known = NOTHING
    if (folder / MANIFEST).exists():
        manifest = read_manifest(folder)
        if manifest.workspace == workspace.settings.workspace.id:
            known = manifest.memory
    return read_site(workspace, audience, as_of=as_of, memory=known)


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
    building.build(read(workspace, Audience(audience), folder, as_of=now()), folder)
