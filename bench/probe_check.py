"""The check of probes: how fast the rules are, and how good the embedded model is as their judge.

Prints milliseconds a probe (median of RUNS over all labelled probes), and precision and recall of
the judge on the test half, with the same figures of the rules beside them. A verdict that cannot be
read is counted, and finds nothing.

    python -m bench.probe_check
"""

import asyncio
import json
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from interviews.interviewer.examples import labelled_probes
from interviews.interviewer.faults import FaultKind
from interviews.interviewer.judging import JUDGED, judge_request, read_verdict
from interviews.interviewer.measuring import Half, LabelledProbe, probe_figures, rules
from interviews.interviewer.presenting import figures_document
from interviews.participants.addresses import open_participant
from interviews.participants.seam import Sampling

JUDGE = "embedded"
AT_ONCE = 2
SAMPLING = Sampling(max_tokens=24, temperature="0")
RUNS = 5


def main() -> None:
    """Measure and print."""
    _, probes = labelled_probes()
    test = [probe for probe in probes if probe.half is Half.TEST]
    verdicts = asyncio.run(judged(test))
    by_probe = dict(zip(map(id, test), verdicts, strict=True))
    judge = probe_figures(test, lambda probe: by_probe[id(probe)] or frozenset())
    print(
        json.dumps(
            {
                "at": datetime.now(UTC).date().isoformat(),
                "examples": len(test),
                "rules_milliseconds": round(milliseconds(probes), 3),
                "judge": JUDGE,
                "no_verdict": sum(verdict is None for verdict in verdicts),
                "judge_figures": _asked_about(judge),
                "rules_figures": _asked_about(probe_figures(test)),
            },
            indent=2,
        )
    )


def milliseconds(probes: Sequence[LabelledProbe]) -> float:
    """Return how long the rules take for a probe, in milliseconds of a processor."""
    rules(probes[0])  # loads what is loaded with the first one
    times = []
    for _ in range(RUNS):
        began = time.process_time()
        for probe in probes:
            rules(probe)
        times.append((time.process_time() - began) / len(probes) * 1000)
    return statistics.median(times)


async def judged(probes: Sequence[LabelledProbe]) -> list[frozenset[FaultKind] | None]:
    """Return the judge's verdict on each probe; None: it gave none that can be read."""
    participant = await open_participant(JUDGE, concurrency=AT_ONCE)
    turn = asyncio.Semaphore(AT_ONCE)

    async def verdict(probe: LabelledProbe) -> frozenset[FaultKind] | None:
        request = judge_request(
            probe.probe,
            earlier=probe.earlier,
            reply=probe.reply,
            language=probe.language,
            sampling=SAMPLING,
        )
        async with turn:
            attempt = await participant.reply(request, on_text=lambda _: None)
        return read_verdict(attempt.text)

    try:
        return list(await asyncio.gather(*map(verdict, probes)))
    finally:
        await participant.close()


def _asked_about(figures: Sequence[Any]) -> list[dict[str, Any]]:
    kinds = {kind.value for kind in JUDGED}
    return [figures_document(each) for each in figures if each.kind in kinds]


if __name__ == "__main__":
    main()
