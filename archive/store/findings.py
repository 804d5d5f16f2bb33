"""What verifying found: the report on an object or a storage root.

Pure. Codes are those of the OCFL specification, 1.1, and four of ours, in capitals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.canonical import without_lone_surrogates

MISSING = "MISSING"  # the code where the store lacks what was put into it; an error
CHANGED = "CHANGED"  # where it holds other bytes than were put into it; an error
UNREAD = "UNREAD"  # of what is longer than this program reads: it may be as it must be; an error
UNSEALED = "UNSEALED"  # the code of an object that nobody has sealed; a warning


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One rule that one file or folder breaks."""

    path: str  # relative to what was verified; "." is that itself; of what is missing: its id
    code: str  # E… or one of ours: it must not be so; W… or UNSEALED: it should not
    message: str

    @property
    def is_warning(self) -> bool:
        return self.code.startswith("W") or self.code == UNSEALED


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The outcome of one verification."""

    objects: int  # how many were verified
    errors: Sequence[Finding]
    warnings: Sequence[Finding]

    @property
    def valid(self) -> bool:
        return not self.errors

    def to_json(self) -> Mapping[str, Any]:
        """Return the report as one JSON document."""
        return {
            "valid": self.valid,
            "errors": documents(self.errors),
            "warnings": documents(self.warnings),
        }

    def to_text(self) -> str:
        """Return the report for a terminal: a line for each finding, then the verdict."""
        lines = [_line(finding) for finding in (*self.errors, *self.warnings)]
        verdict = "valid" if self.valid else "not valid"
        lines.append(
            f"{verdict}: {self.objects} {'object' if self.objects == 1 else 'objects'} verified, "
            f"errors {len(self.errors)}, warnings {len(self.warnings)}"
        )
        return "\n".join(lines)


def report(findings: Sequence[Finding], *, objects: int) -> Report:
    """Return the report on `objects` objects: by path, errors apart from warnings."""
    ordered = sorted(findings)
    return Report(
        objects=objects,
        errors=[finding for finding in ordered if not finding.is_warning],
        warnings=[finding for finding in ordered if finding.is_warning],
    )


def documents(findings: Sequence[Finding]) -> list[dict[str, str]]:
    """Return findings as JSON has them."""
    return [
        {
            "code": finding.code,
            "path": without_lone_surrogates(finding.path),
            "message": without_lone_surrogates(finding.message),
        }
        for finding in findings
    ]


def _line(finding: Finding) -> str:
    # a file's name may hold what a terminal would obey
    path = finding.path if finding.path.isprintable() else ascii(finding.path)
    message = finding.message if finding.message.isprintable() else ascii(finding.message)
    return f"{finding.code} {path}: {message}"
