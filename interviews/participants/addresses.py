"""Opening a participant by its address; `archive.records.addresses` has the forms."""

import os

from archive.errors import InputError
from archive.records.addresses import check_address
from interviews.participants.seam import Participant


async def open_participant(address: str, *, concurrency: int = 1) -> Participant:
    """Return the participant at `address`, ready to be asked by `concurrency` sessions at once.

    The embedded engine is started here and stopped by `close`. The libraries that talk to models
    are loaded here: the first call takes seconds.

    Raises:
        InputError: The address is none, or what it needs is not there: a key, a model's file.
    """
    check_address(address, at="participant")
    scheme, _, rest = address.partition(":")
    if scheme == "anthropic":
        from interviews.participants.providers import open_anthropic  # noqa: PLC0415  # takes 2 s

        return open_anthropic(rest, os.environ)
    if scheme == "openai":
        from interviews.participants.providers import open_compatible  # noqa: PLC0415  # likewise

        return open_compatible(rest, os.environ)
    try:
        from interviews.participants import embedded  # noqa: PLC0415  # takes 2 s
    except ImportError as error:
        raise InputError(
            f"the engine cannot be loaded: {error}",
            at=address,
            mend="Debian has libgomp.so.1 in a package: apt-get install libgomp1",
        ) from error
    path = embedded.default_model() if scheme == "embedded" else embedded.model_at(rest)
    return await embedded.open_embedded(address, path, slots=concurrency)
