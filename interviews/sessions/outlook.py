"""How long a run may still take, and how a number of seconds is said.

Pure.
"""


def seconds_left(*, answered: int, elapsed: float, left: int) -> float | None:
    """Return how long the rest takes at the pace so far; None: there is none yet.

    Args:
        answered: Questions answered in this run.
        elapsed: Seconds that they took.
        left: Questions that are still to be answered, as far as is known.
    """
    return elapsed / answered * left if answered else None


def in_words(seconds: float | None) -> str:
    """Return a duration in one or two units; None is unknown."""
    if seconds is None:
        return "unknown"
    whole = max(0, round(seconds))
    days, hours, minutes = whole // 86400, whole // 3600 % 24, whole // 60 % 60
    for value, unit, rest, smaller in ((days, "d", hours, "h"), (hours, "h", minutes, "min")):
        if value:
            return f"{value} {unit} {rest} {smaller}" if rest else f"{value} {unit}"
    return f"{minutes} min" if whole >= 120 else f"{whole} s"
