"""`model import` of made-up feeds, and `model list` beside a record of 100,000 observations.

Prints models a second of a first import and of one that finds everything on record, with the
start-up of the command; and the seconds that `model list` and `model show` take beyond the
start-up of `emeritus model list --help` (medians). All are seconds of a processor, so that what
else the machine does is not counted.

    python -m bench.model_import
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from archive.workspace.making import make_workspace
from archive.workspace.settings import Operator, SiteSettings

MODELS = 1000  # of one feed
EDITIONS = 25  # of the feed: each gives every model's dates anew
PER_MODEL = 4  # observations of one edition
RUNS = 5
START_UP = ("model", "list", "--help")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_workspace(folder / "house", Operator(), SiteSettings(), []).close()
        first = timed(folder, "model", "import", feed(folder, 0))
        again = timed(folder, "model", "import", feed(folder, 0))
        editions = [feed(folder, number) for number in range(1, EDITIONS)]
        many = timed(folder, "model", "import", *editions)
        figures = {
            "models": MODELS,
            "observations": MODELS * EDITIONS * PER_MODEL,
            "first_import_models_per_second": MODELS / first,
            "second_import_models_per_second": MODELS / again,
            "import_of_editions_entries_per_second": MODELS * (EDITIONS - 1) / many,
            "start_up_seconds": timed(folder, *START_UP),
            "list_seconds_beyond": beyond(folder, "model", "list"),
            "list_json_seconds_beyond": beyond(folder, "model", "list", "--json"),
            "show_seconds_beyond": beyond(folder, "model", "show", "model-7"),
        }
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}, indent=2))


def feed(folder: Path, edition: int) -> Path:
    """Write an edition of a feed: two channels a model, both dates of each."""
    dates = {
        "announced": f"2026-{edition % 12 + 1:02}-01",
        "shutdown": f"2027-{edition % 12 + 1:02}-{edition % 28 + 1:02}",
    }
    source = "https://halcyon.example/deprecations"
    cloud = {"via": "cloud", "source": "https://cloud.example/models", **dates}
    document = {
        "spec": "model-eol/0.1",
        "publisher": "halcyon",
        "generated": f"20{10 + edition}-01-01T00:00:00Z",
        "models": [
            {"id": f"model-{number}", "source": source, **dates, "distributions": [cloud]}
            for number in range(MODELS)
        ],
    }
    path = folder / f"edition-{edition}.json"
    path.write_text(json.dumps(document))
    return path


def beyond(folder: Path, *arguments: str) -> float:
    """Return the seconds of a command less those of the start-up, run in turns; the median."""
    return statistics.median(
        timed(folder, *arguments) - timed(folder, *START_UP) for _ in range(RUNS)
    )


def timed(folder: Path, *arguments: str | Path) -> float:
    """Return the processor's seconds that a command takes."""
    command = [sys.executable, "-c", "from archive.cli import main; main()"]
    command += ["--workspace", str(folder / "house"), *map(str, arguments)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  # our own command
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
