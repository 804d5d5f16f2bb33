"""Reading the criteria: the workspace's own file, or the one that ships."""

from pathlib import Path

from archive.errors import InputError
from archive.workspace.workspace import Workspace
from blog.criteria.criteria import Criteria, parse

FILE_NAME = "criteria.toml"
SHIPPED = Path(__file__).with_name(FILE_NAME)


def read_criteria(workspace: Workspace) -> Criteria:
    """Return the criteria that hold in a workspace.

    Raises:
        InputError: Its own file cannot be read, or something in it is wrong.
    """
    own = workspace.root / FILE_NAME
    try:
        return parse(own.read_bytes(), name=str(own))
    except FileNotFoundError:
        return parse(SHIPPED.read_bytes(), name=FILE_NAME)
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}", at=str(own), mend="Make it readable, or remove it."
        ) from error
