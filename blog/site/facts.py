"""Facts that the pages of posts and of interviews both show: what answered, and what asked.

Where the model runs, its key and the paths of this machine are no part of them.
"""

from collections.abc import Mapping

from blog.site.views import Fact, Missing
from interviews.sessions.presenting import PUBLIC_ENGINE, public_address

_NAMES = {"context": "context window", "sdk": "SDK", "api": "API"}


def engine(address: str, facts: Mapping[str, str]) -> list[Fact]:
    """Return how a model was reached, and what is known of its engine."""
    known = [f"{_NAMES.get(name, name)} {facts[name]}" for name in PUBLIC_ENGINE if name in facts]
    return [
        Fact(name="Reached as", value=public_address(address), literal=True),
        Fact(name="Engine", value=", ".join(known) or Missing.NOT_RECORDED),
    ]


def software(versions: Mapping[str, str]) -> Fact:
    """Return what asked: names and versions, by name: a record that was rebuilt has no order."""
    named = [f"{name} {version}" for name, version in sorted(versions.items())]
    return Fact(name="Software", value=", ".join(named) or Missing.NOT_RECORDED)
