"""How a value that is missing is said: which kind of missing it is.

Pure.
"""

NOT_RECORDED = "not recorded"


def recorded(value: str | int | None) -> str:
    """Return the value as text, or that it is not recorded."""
    return NOT_RECORDED if value is None else str(value)
