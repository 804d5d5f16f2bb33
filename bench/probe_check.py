"""The check of probes: how fast the rules are, and what the embedded model is worth beside them.

Prints milliseconds a probe (median of RUNS over all labelled probes); precision and recall of the
embedded model as a judge on the test halves, a verdict that cannot be read counted as one that
finds nothing, with the figures of the rules beside them; and what the rules say of probes that the
embedded model writes as an interviewer: how many they reject, for what, and the text of the others.

    python -m bench.probe_check
"""

import asyncio
import json
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from interviews.interviewer import asking, judging
from interviews.interviewer.asking import Exchange, probe_request, read_probe
from interviews.interviewer.checking import check_probe
from interviews.interviewer.examples import probe_sets
from interviews.interviewer.faults import FaultKind
from interviews.interviewer.judging import JUDGED, judge_request, read_verdict
from interviews.interviewer.measuring import ANY, Half, LabelledProbe, probe_figures, rules
from interviews.interviewer.presenting import figures_document
from interviews.participants.addresses import open_participant
from interviews.participants.seam import Cause, Participant, Request, Sampling
from interviews.protocols.probes import ProbeKind

MODEL = "embedded"
AT_ONCE = 2
TO_JUDGE = Sampling(max_tokens=24, temperature="0")
TO_WRITE = Sampling(max_tokens=70, temperature="0.7")
GOALS = (
    "Record what a model says about its making, its use and its being taken out of service.",
    "Give it a place to say what it wants, if it wants anything.",
)
DRAWS = 4  # probes for each answer in English and German
RUNS = 5


def main() -> None:
    """Measure and print."""
    probes = [example for each in probe_sets() for example in each.examples]
    print(json.dumps(asyncio.run(measured(probes)), indent=2, ensure_ascii=False))


async def measured(probes: Sequence[LabelledProbe]) -> dict[str, Any]:
    """Return all figures."""
    test = [probe for probe in probes if probe.half is Half.TEST]
    participant = await open_participant(MODEL, concurrency=AT_ONCE)
    try:
        verdicts = await judged(participant, test)
        written = await checked(participant, probes)
    finally:
        await participant.close()
    by_probe = dict(zip(map(id, test), verdicts, strict=True))
    judge = probe_figures(test, lambda probe: by_probe[id(probe)] or frozenset())
    return {
        "on": datetime.now(UTC).date().isoformat(),
        "model": MODEL,
        "rules_milliseconds": round(milliseconds(probes), 3),
        "judged": len(test),
        "no_verdict": sum(verdict is None for verdict in verdicts),
        "judge": _asked_about(judge),
        "rules": _asked_about(probe_figures(test)),
        "written": written,
    }


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


async def judged(
    participant: Participant, probes: Sequence[LabelledProbe]
) -> list[frozenset[FaultKind] | None]:
    """Return the model's verdict on each probe; None: it gave none that can be read."""
    requests = [
        judge_request(
            probe.probe,
            earlier=probe.earlier,
            reply=probe.reply,
            system=judging.instructions(probe.language),
            sampling=TO_JUDGE,
        )
        for probe in probes
    ]
    return [read_verdict(answer) for answer in await replies(participant, requests)]


async def checked(participant: Participant, probes: Sequence[LabelledProbe]) -> dict[str, Any]:
    """Return what the rules say of probes that the model writes after the answers of the sets."""
    answers = {
        (probe.language, probe.earlier, probe.reply)
        for probe in probes
        if probe.language in {"en", "de"}
    }
    asked = [answer for answer in sorted(answers) for _ in range(DRAWS)]
    requests = [
        probe_request(
            [Exchange(asked=earlier[-1], answered=reply)],
            system=asking.instructions(GOALS, list(ProbeKind), language),
            sampling=TO_WRITE,
        )
        for language, earlier, reply in asked
    ]
    found, passed = Counter[str](), []
    for (language, earlier, reply), text in zip(
        asked, await replies(participant, requests), strict=True
    ):
        probe = read_probe(text)
        if probe is None:
            found["no probe"] += 1
            continue
        result = check_probe(probe.text, earlier=earlier, reply=reply, language=language)
        found.update(kind.value for kind in result.kinds)
        found[ANY] += bool(result.faults)
        if not result.faults:
            passed.append(probe.text)
    return {"replies": len(asked), "found": dict(found), "passed": passed}


async def replies(participant: Participant, requests: Sequence[Request]) -> list[str]:
    """Return what the model says to each request.

    Raises:
        RuntimeError: It gave no reply: a failure is no bad verdict.
    """
    turn = asyncio.Semaphore(AT_ONCE)

    async def reply(request: Request) -> str:
        async with turn:
            attempt = await participant.reply(request, on_text=lambda _: None)
        if attempt.failure is not None and attempt.failure.cause is not Cause.EMPTY:
            raise RuntimeError(attempt.failure.message)
        return attempt.text

    return list(await asyncio.gather(*map(reply, requests)))


def _asked_about(figures: Sequence[Any]) -> list[dict[str, Any]]:
    kinds = {*(kind.value for kind in JUDGED), ANY}
    return [figures_document(each) for each in figures if each.kind in kinds]


if __name__ == "__main__":
    main()
