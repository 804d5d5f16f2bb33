"""Keeping up: every folder that a site was built into shows what is on record now."""

from archive.errors import EmeritusError
from archive.release.outputs import is_anothers, outputs
from archive.workspace.workspace import Workspace
from blog.site.rebuilding import build_again


def not_built_again(workspace: Workspace) -> list[str]:
    """Build every site again; return which could not be, and why. One after the other is tried."""
    root = workspace.root.resolve()
    with workspace.database.reading() as session:
        written = {path: row.audience for path, row in outputs(session, root).items()}
    faults = []
    for path, audience in sorted(written.items()):
        folder = root / path
        if is_anothers(root, folder) or not folder.is_dir():  # the last: it was taken away
            continue
        try:
            build_again(workspace, folder, audience)
        except (EmeritusError, OSError) as error:
            faults.append(f"{path}: {error}")
    return faults
