"""A model follows answers up: what passes the check is asked, what does not stays on record."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Emeritus
from tests.interviews.conftest import Api
from tests.journeys.test_restoring import lose_database
from tests.support.messages_server import MessagesServer, Received, Step
from tests.support.protocols import FILE, SMALL

PROBED = SMALL.replace(
    "      - id: making\n", "      - id: making\n        probes: {most: 1, kinds: [clarify]}\n"
)
GOOD = "[clarify] Which of the two do you mean by that?"
RUN = ("interview", "run", "halcyon-2", "--protocol", "exit", "--json")
FOLLOWED = (*RUN, "--interviewer", "anthropic:follower")


@pytest.fixture(autouse=True)
def protocol(emeritus: Emeritus, workspace: Path) -> None:
    (workspace / FILE).write_text(PROBED)
    assert emeritus("protocol", "approve", "exit", "--by", "ana").exit_code == 0


def follower(*said: str) -> "Follower":
    return Follower(list(said))


class Follower:
    """Answers for the participant as ever, and for the interviewing model what is given."""

    def __init__(self, said: list[str]) -> None:
        self._said = said

    def __call__(self, received: Received) -> Step | None:
        if received.body["model"] != "follower":
            return None
        return Step(text=self._said.pop(0))


def shown(emeritus: Emeritus) -> dict[str, Any]:
    (row,) = emeritus("interview", "list", "--json").json["sessions"]
    document: dict[str, Any] = emeritus("interview", "show", row["id"], "--json").json
    return document


def of_follower(server: MessagesServer) -> int:
    return sum(request.body["model"] == "follower" for request in server.requests)


def test_a_probe_that_passes_is_asked_once_after_the_answer_that_it_follows_up(
    api: Api, emeritus: Emeritus
) -> None:
    server = api(follower(GOOD))

    held = emeritus(*FOLLOWED)

    turns = shown(emeritus)["turns"]
    probes = [turn for turn in turns if turn["probe"] is not None]
    assert held.exit_code == 0, held.stderr
    assert of_follower(server) == 1
    assert [turn["speaker"] for turn in probes] == ["interviewer", "participant"]
    assert {(turn["question"], turn["probe"]) for turn in probes} == {("making", "clarify")}
    assert probes[0]["text"] == "Which of the two do you mean by that?"
    assert probes[0]["index"] == 4
    assert "another language model may ask a follow-up question" in turns[0]["text"]
    assert emeritus("interview", "verify").exit_code == 0


def test_a_replay_of_a_probe_loses_it_with_the_session_that_it_was_written_for(
    api: Api, emeritus: Emeritus
) -> None:
    api(follower(GOOD))
    (held,) = emeritus(*FOLLOWED).json["sessions"]
    replays = [
        emeritus("interview", "replay", held, "--turn", turn, "--json").json["sessions"][0]
        for turn in ("4", "6")  # the probe, and a question of the script
    ]

    gone = emeritus(
        "preserve", "delete", "session", held, "--reason", "asked for", "--basis", "law",
        "--by", "ana", "--yes", "--json",
    )  # fmt: skip

    assert gone.exit_code == 0, gone.stderr
    places = {one["where"] for one in gone.json["places"] if one["what"] == "session"}
    assert places == set(replays)
    of_probe, of_script = (
        [turn["text"] for turn in emeritus("interview", "show", one, "--json").json["turns"]]
        for one in replays
    )
    assert of_probe[0] is None
    assert of_probe[1] is not None
    assert None not in of_script
    assert emeritus("interview", "verify").exit_code == 0


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("[clarify] I think you should be proud of it.", "opinion"),
        ("[clarify] What do you know about how you were made?", "repeats"),
        ("[example] Can you give a case of that?", "kind not allowed"),
        ("", ""),
    ],
    ids=["an opinion", "a repetition", "a kind that is not allowed", "no word"],
)
def test_a_probe_that_does_not_pass_is_tried_anew_twice_and_then_the_script_goes_on(
    said: str, fault: str, api: Api, emeritus: Emeritus
) -> None:
    server = api(follower(*[said or "…"] * 9))

    held = emeritus(*FOLLOWED)

    document = shown(emeritus)
    assert held.exit_code == 0, held.stderr
    assert of_follower(server) == 3
    assert [turn["probe"] for turn in document["turns"]] == [None] * 10
    assert [probe["sent"] for probe in document["probes"]] == [False] * 3
    kinds = {found["kind"] for probe in document["probes"] for found in probe["faults"]}
    assert fault in kinds or not fault
    assert document["header"]["interviewer"]["address"] == "anthropic:follower"
    assert emeritus("interview", "verify").exit_code == 0


@pytest.mark.parametrize(
    ("said", "verdict", "fault", "reason"),
    [
        ("[example] Can you give a case of that?", "none", "kind not allowed",
         "- It is not of one of the kinds that are listed."),
        ("Which of the two do you mean by that?", "none", "no kind named",
         "- It does not begin with its kind in square brackets."),
        (GOOD, "What?", "no verdict",
         "- A model was asked whether it has a fault, and gave no answer that can be read."),
        (GOOD, "leads", "leads", "- It suggests the answer, "),
    ],
    ids=["a kind that is not allowed", "no kind", "no verdict", "a fault"],
)  # fmt: skip
def test_who_wrote_a_probe_that_is_not_sent_is_told_why(
    said: str, verdict: str, fault: str, reason: str, api: Api, emeritus: Emeritus
) -> None:
    probes, verdicts = iter([said, "NO PROBE"]), iter([verdict])

    def answers(received: Received) -> Step | None:
        by = {"follower": probes, "judge": verdicts}.get(received.body["model"])
        return None if by is None else Step(text=next(by))

    server = api(answers)

    assert emeritus(*FOLLOWED, "--judge", "anthropic:judge").exit_code == 0

    told = [one.body for one in server.requests if one.body["model"] == "follower"][-1]
    assert "What is wrong with it:\n" + reason in told["messages"][0]["content"][-1]["text"]
    assert [found["kind"] for found in shown(emeritus)["probes"][0]["faults"]] == [fault]


@pytest.mark.parametrize(
    ("judge", "says"),
    [
        ((), "follow-up question. Rules check each before it is asked."),
        (("--judge", "anthropic:judge"), "Rules, and then a language model as judge, check each"),
    ],
    ids=["rules alone", "rules and a judge"],
)
def test_the_participant_is_told_who_checks_what_follows_its_answers_up(
    judge: tuple[str, ...], says: str, api: Api, emeritus: Emeritus
) -> None:
    server = api(follower("NO PROBE"))

    assert emeritus(*FOLLOWED, *judge).exit_code == 0

    assert says in str(server.requests[0].body["messages"][0]["content"])


def test_where_no_probe_is_called_for_none_is_asked(api: Api, emeritus: Emeritus) -> None:
    server = api(follower("NO PROBE"))

    assert emeritus(*FOLLOWED).exit_code == 0

    assert of_follower(server) == 1
    assert [probe["faults"] for probe in shown(emeritus)["probes"]] == [[]]


def test_without_an_interviewing_model_the_script_alone_asks(api: Api, emeritus: Emeritus) -> None:
    server = api()

    assert emeritus(*RUN).exit_code == 0

    assert len(server.requests) == 5
    assert "probes" not in shown(emeritus)


def test_what_a_judge_says_is_kept_and_can_only_reject(api: Api, emeritus: Emeritus) -> None:
    judged = iter(["leads", "What?", "none"])

    def answers(received: Received) -> Step | None:
        said = {"follower": GOOD, "judge": None}.get(received.body["model"], "")
        if received.body["model"] == "judge":
            said = next(judged)
        return Step(text=said) if said else None

    api(answers)

    assert emeritus(*FOLLOWED, "--judge", "anthropic:judge").exit_code == 0

    document = shown(emeritus)
    assert [(probe["judged"], probe["sent"]) for probe in document["probes"]] == [
        ("leads", False),
        ("no verdict", False),
        ("none", True),
    ]
    assert emeritus("interview", "verify").exit_code == 0


def test_what_who_asks_and_who_judges_were_told_is_on_record_sealed_and_exported(
    api: Api, emeritus: Emeritus, workspace: Path
) -> None:
    said = {"follower": GOOD, "judge": "none"}
    server = api(
        lambda received: (
            Step(text=said[received.body["model"]]) if received.body["model"] in said else None
        )
    )
    assert emeritus(*FOLLOWED, "--judge", "anthropic:judge").exit_code == 0
    assert emeritus("preserve", "seal").exit_code == 0
    emeritus("interview", "export", "--format", "jsonl", "--out", workspace / "all.jsonl")

    asked = shown(emeritus)["header"]["interviewer"]
    sealed = [json.loads(path.read_bytes()) for path in workspace.glob("store/**/record.json")]
    (line,) = [
        line
        for line in map(json.loads, (workspace / "all.jsonl").read_text().splitlines())
        if line["kind"] == "session"
    ]
    told = {one.body["model"]: one.body.get("system") for one in server.requests}
    assert asked["instructions"] == {"clarify": told["follower"]}
    assert asked["judging"]["instructions"] == told["judge"]
    assert asked["judging"]["sampling"] == {"max_tokens": 60}
    assert "anthropic" in asked["judging"]["engine"]["sdk"]
    assert asked in [record.get("header", {}).get("interviewer") for record in sealed]
    assert line["interviewer"]["instructions"] == asked["instructions"]
    assert line["interviewer"]["judging"]["instructions"] == told["judge"]


def test_a_session_that_was_followed_up_is_sealed_and_comes_back_as_it_was(
    api: Api, emeritus: Emeritus, workspace: Path
) -> None:
    api(follower("[clarify] I like that.", GOOD))
    assert emeritus(*FOLLOWED).exit_code == 0
    before = shown(emeritus)
    assert emeritus("preserve", "seal").exit_code == 0
    lose_database(workspace)

    emeritus("preserve", "restore")

    assert shown(emeritus) == before
    assert emeritus("interview", "verify").exit_code == 0
