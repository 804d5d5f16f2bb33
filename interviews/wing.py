"""The interviews wing's entry point."""

from archive.wing import Command, Wing

WING = Wing(
    name="interviews",
    commands=(
        Command(
            "protocol", "Read, check and approve protocols.", "interviews.protocols.cli:protocol"
        ),
        Command(
            "protocol detectors",
            "Measure the check of probes and declines.",
            "interviews.interviewer.cli:detectors",
        ),
        Command(
            "interview",
            "Interview a model; every turn is kept.",
            "interviews.sessions.cli:interview",
        ),
        Command(
            "interview coverage",
            "What became of each session and question.",
            "interviews.campaigns.cli:coverage",
        ),
        Command("interview campaigns", "List the campaigns.", "interviews.campaigns.cli:campaigns"),
        Command(
            "interview diff",
            "Lay sessions beside each other.",
            "interviews.comparisons.cli:diff",
        ),
        Command(
            "interview export",
            "Write interviews into a file.",
            "interviews.exports.cli:export_interviews",
        ),
        Command(
            "interview check-back",
            "Show a model what will be said of it, and ask.",
            "interviews.member_checks.cli:check_back",
        ),
        Command(
            "interview import",
            "Bring in interviews held elsewhere.",
            "interviews.imports.cli:import_interviews",
        ),
        Command(
            "weights fingerprint",
            "Ask a served model fixed prompts; compare.",
            "interviews.fingerprints.cli:fingerprint",
        ),
    ),
    tables=(
        "interviews.attempts",
        "interviews.campaigns.campaign",
        "interviews.fingerprints.fingerprint",
        "interviews.imports.imported_file",
        "interviews.protocols.versions",
        "interviews.sessions.records",
    ),
    kinds="interviews.archival:KINDS",
    checklist="interviews.checklist:checklist",
    quotes="interviews.sessions.quoting:QUOTES",
    schemas=(
        "interviews.archival:EXPORT_SCHEMA",
        "interviews.archival:PROTOCOL_SCHEMA",
        "interviews.archival:TRANSCRIPT_SCHEMA",
    ),
)
