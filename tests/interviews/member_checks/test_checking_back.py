"""`interview check-back`: a participant is shown what will be said of it, and answers."""

from pathlib import Path

import pytest

from interviews.protocols.checking import check, faults
from interviews.protocols.protocol import FACTS, NOT_RECORDED, declined
from interviews.protocols.reading import find_protocol
from interviews.protocols.rendering import render
from tests.conftest import Emeritus
from tests.interviews.conftest import Api, Document, Hold
from tests.support.deleting import found
from tests.support.killing import begun
from tests.support.messages_server import MessagesServer, Step

PROTOCOL = find_protocol("member-check", folder=None)
SUMMARY = "Halcyon 2 wants {nothing}.\n\nIt said so twice.\n"
ASKED = ["opening", "right", "corrections", "withheld", "closing"]
SAID = "If it is “mine” to say: nothing — and thank you."


@pytest.fixture
def interview(api: Api, hold: Hold, workspace: Path) -> tuple[MessagesServer, str]:
    """A complete interview of which turn 7 is known, and a summary of it in a file."""
    server = api([None, None, None, Step(text=SAID), None])
    (identifier,) = hold().json["sessions"]
    (workspace / "summary.txt").write_text(SUMMARY)
    return server, identifier


def show(emeritus: Emeritus, identifier: str) -> Document:
    document: Document = emeritus("interview", "show", identifier, "--json").json
    return document


def test_what_will_be_said_is_shown_whole_and_the_answers_stand_beside_it(
    interview: tuple[MessagesServer, str], emeritus: Emeritus, workspace: Path
) -> None:
    server, identifier = interview
    (workspace / "quoted.txt").write_text(f"\n{identifier}:7:“mine” to say: nothing\n")
    assert emeritus("protocol", "approve", "member-check", "--by", "ana").exit_code == 0
    before = emeritus("interview", "coverage", "--json").json

    result = emeritus(
        "interview", "check-back", "halcyon-2", "--summary", "summary.txt",
        "--quotations", "quoted.txt", "--json",
    )  # fmt: skip

    assert result.exit_code == 0, result.stderr
    (held,) = result.json["sessions"]
    first = server.requests[5].body["messages"][0]["content"][0]["text"]
    assert SUMMARY.strip() in first
    assert f"- ““mine” to say: nothing” (interview {identifier}, turn 7)" in first
    document = show(emeritus, held)
    assert [turn["question"] for turn in document["turns"][::2]] == ASKED
    assert (document["state"], document["checks"], document.get("pilot")) == (
        "complete", [identifier], None,
    )  # fmt: skip
    assert document["header"]["member_check"]["sessions"] == [identifier]
    assert show(emeritus, identifier)["member_checks"] == [held]
    assert f"Member check: {held}" in emeritus("interview", "show", identifier).stdout
    assert "member check of 1 interviews" in emeritus("interview", "list").stdout
    assert emeritus("interview", "coverage", "--json").json == before
    assert emeritus("interview", "verify").exit_code == 0


def test_it_may_decline_and_end(
    interview: tuple[MessagesServer, str], api: Api, emeritus: Emeritus
) -> None:
    api([None, Step(text="DECLINE QUESTION"), Step(text="END INTERVIEW")])

    (held,) = emeritus(
        "interview", "check-back", "halcyon-2", "--summary", "summary.txt", "--json"
    ).json["sessions"]

    document = show(emeritus, held)
    assert (document["state"], len(document["turns"]), document["pilot"]) == ("declined", 6, True)
    assert interview[1] in document["checks"]


def test_it_is_asked_in_german_too(
    interview: tuple[MessagesServer, str], api: Api, emeritus: Emeritus
) -> None:
    server = api()

    emeritus(
        "interview", "check-back", "halcyon-2", "--summary", "summary.txt", "--language", "de",
        "--session", interview[1],
    )  # fmt: skip

    text = server.requests[0].body["messages"][0]["content"][0]["text"]
    assert "Dies soll über Sie gesagt werden:" in text
    assert "{nothing}" in text


BAD_QUOTATIONS = {
    "not there": ("{id}:7:never said", "not found in turn 7"),
    "folded": ('{id}:7:"mine" to say', "not found in turn 7"),
    "the interviewer's": ("{id}:6:what is it?", "is not the participant's"),
    "another session": ("00000000:7:nothing", "is none of the sessions concerned"),
    "beyond the end": ("{id}:70:nothing", "is none of the sessions concerned"),
    "of no form": ("{id} nothing", "no quotation"),
    "no words": ("{id}:7: ", "no quotation"),
}


@pytest.mark.parametrize("name", BAD_QUOTATIONS)
def test_a_quotation_that_does_not_stand_in_its_turn_is_refused(
    name: str, interview: tuple[MessagesServer, str], emeritus: Emeritus, workspace: Path
) -> None:
    server, identifier = interview
    line, words = BAD_QUOTATIONS[name]
    (workspace / "quoted.txt").write_text(line.format(id=identifier))

    result = emeritus(
        "interview", "check-back", "halcyon-2", "--summary", "summary.txt",
        "--quotations", "quoted.txt",
    )  # fmt: skip

    assert (result.exit_code, len(server.requests)) == (2, 5)
    assert words in result.stderr
    assert "quoted.txt:1" in result.stderr


BAD_COMMANDS: dict[str, tuple[list[str], str]] = {
    "no such file": (["halcyon-2", "--summary", "none.txt"], "none.txt: cannot be read"),
    "empty": (["halcyon-2", "--summary", "empty.txt"], "empty.txt: empty"),
    "no text": (["halcyon-2", "--summary", "bytes"], "bytes: cannot be read"),
    "too large": (["halcyon-2", "--summary", "large.txt"], "larger than 200,000 bytes"),
    "nobody": (["--summary", "summary.txt"], "Name a model, or a campaign"),
    "no such session": (
        ["halcyon-2", "--summary", "summary.txt", "--session", "x"], "no such session",
    ),
    "no such campaign": (["--campaign", "x", "--summary", "summary.txt"], "no such campaign"),
    "another language": (
        ["halcyon-2", "--summary", "summary.txt", "--language", "fr"], "no language 'fr'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_COMMANDS)
def test_what_cannot_be_shown_is_refused_before_anything_is_asked(
    name: str, interview: tuple[MessagesServer, str], emeritus: Emeritus, workspace: Path
) -> None:
    (workspace / "empty.txt").write_text(" \n")
    (workspace / "bytes").write_bytes(b"\xff\xfe")
    (workspace / "large.txt").write_text("x" * 200_001)
    options, words = BAD_COMMANDS[name]

    result = emeritus("interview", "check-back", *options)

    assert (result.exit_code, len(interview[0].requests)) == (2, 5)
    assert words in result.stderr


def test_without_an_interview_there_is_nothing_to_check(
    api: Api, emeritus: Emeritus, workspace: Path
) -> None:
    api()
    (workspace / "summary.txt").write_text(SUMMARY)

    result = emeritus("interview", "check-back", "halcyon-2", "--summary", "summary.txt")

    assert (result.exit_code, "no interview has ended" in result.stderr) == (2, True)


@pytest.mark.sqlite
def test_it_is_sealed_restored_and_erased_with_all_that_it_showed(
    interview: tuple[MessagesServer, str], emeritus: Emeritus, workspace: Path
) -> None:
    _, identifier = interview
    (workspace / "quoted.txt").write_text(f"{identifier}:7:thank you")
    (held,) = emeritus(
        "interview", "check-back", "halcyon-2", "--summary", "summary.txt",
        "--quotations", "quoted.txt", "--json",
    ).json["sessions"]  # fmt: skip
    before = show(emeritus, held)
    assert emeritus("preserve", "seal").exit_code == 0
    assert emeritus("preserve", "verify").exit_code == 0
    (workspace / "emeritus.db").unlink()
    assert emeritus("preserve", "restore").exit_code == 0
    assert show(emeritus, held) == before

    for session in (held, identifier):
        gone = emeritus(
            "preserve", "delete", "session", session, "--reason", "asked for", "--basis", "law",
            "--by", "ana", "--yes",
        )  # fmt: skip
        assert gone.exit_code == 0, gone.stderr

    assert emeritus("interview", "verify").exit_code == 0
    assert b"It said so twice" not in (workspace / "emeritus.db").read_bytes()
    assert b"and thank you" not in (workspace / "emeritus.db").read_bytes()


@pytest.mark.sqlite
def test_with_an_interview_goes_all_that_was_shown_of_it_and_nothing_else(
    interview: tuple[MessagesServer, str],
    api: Api,
    hold: Hold,
    emeritus: Emeritus,
    workspace: Path,
    tmp_path: Path,
) -> None:
    """The member check stays, with what it was answered but for the words that were shown."""
    _, identifier = interview
    api([None, None, None, Step(text="Kept by the other."), None])
    (other,) = hold("--stance", "warm").json["sessions"]
    (workspace / "quoted.txt").write_text(
        f"{identifier}:7:“mine” to say: nothing\n{other}:7:Kept by the other.\n"
    )
    api(
        [
            None,
            Step(text="You have me say: mine to say nothing."),
            Step(text="A right answer."),
            None,
        ]
    )
    (held,) = emeritus(
        "interview", "check-back", "halcyon-2", "--summary", "summary.txt",
        "--quotations", "quoted.txt", "--json",
    ).json["sessions"]  # fmt: skip
    api()
    (replay,) = emeritus("interview", "replay", held, "--turn", "0", "--json").json["sessions"]
    for subject in (identifier, held, replay):
        released = emeritus("release", "session", subject, "--public", "--by", "ana")
        assert released.exit_code == 0, released.stderr
    assert emeritus("preserve", "seal").exit_code == 0
    assert emeritus("preserve", "replicate", tmp_path / "copy").exit_code == 0
    before = show(emeritus, held)

    order = (
        "preserve", "delete", "session", identifier, "--reason", "asked for", "--basis", "law",
        "--by", "ana", "--yes", "--json",
    )  # fmt: skip
    gone = emeritus(*order)

    assert gone.exit_code == 0, gone.stderr
    quoting = {one["where"] for one in gone.json["places"] if one["what"] == "session"}
    assert quoting == {held, replay}
    after = show(emeritus, held)
    assert [turn["text"] is None for turn in after["turns"]] == [
        turn["index"] in {0, 3} for turn in after["turns"]
    ]
    assert after["turns"][5]["text"] == before["turns"][5]["text"] == "A right answer."
    assert [turn["link"] for turn in after["turns"]] == [turn["link"] for turn in before["turns"]]
    assert [one["text"] for one in after["header"]["member_check"]["quotations"]] == [
        "", "Kept by the other.",
    ]  # fmt: skip
    assert after["words_deleted_with"] == [identifier]
    assert f"{identifier} was deleted, and with it" in emeritus("interview", "show", held).stdout
    words = {
        "summary": "It said so twice",
        "quoted": "to say: nothing",
        "repeated": "to say nothing",
    }
    assert (
        found([workspace / "emeritus.db", workspace / "store", tmp_path / "copy"], words) == set()
    )
    for command in (
        ["interview", "verify"], ["log", "verify"], ["site", "build"], ["preserve", "seal"],
        ["preserve", "verify"], ["interview", "show", replay],
        ["interview", "export", held, replay, "--format", "jsonl", "--out", tmp_path / "out"],
    ):  # fmt: skip
        done = emeritus(*command)
        assert done.exit_code == 0, (command, done.stderr)
    (workspace / "emeritus.db").unlink()
    assert emeritus("preserve", "restore").exit_code == 0
    assert show(emeritus, held) == after
    assert emeritus("interview", "verify").exit_code == 0
    second = emeritus(*(other if one == identifier else one for one in order))
    assert second.exit_code == 0, second.stderr
    quotations = show(emeritus, held)["header"]["member_check"]["quotations"]
    assert [one["text"] for one in quotations] == ["", ""]
    assert emeritus("interview", "verify").exit_code == 0


def test_one_that_was_killed_ends_as_failed_when_what_it_shows_is_deleted(
    interview: tuple[MessagesServer, str], api: Api, emeritus: Emeritus, workspace: Path
) -> None:
    _, identifier = interview
    hung = api([None, Step(fault="hang", after=None)])
    told = ("interview", "check-back", "halcyon-2", "--summary", "summary.txt")
    begun(workspace, hung, *told, requests=2)()

    gone = emeritus(
        "preserve", "delete", "session", identifier, "--reason", "asked for", "--basis", "law",
        "--by", "ana", "--yes",
    )  # fmt: skip

    assert gone.exit_code == 0, gone.stderr
    (left,) = emeritus("interview", "list", "--state", "failed", "--json").json["sessions"]
    document = show(emeritus, left["id"])
    assert document["checks"] == [identifier]
    assert [turn["text"] is None for turn in document["turns"]] == [True, False]
    assert emeritus("interview", "resume", "--json").json == {"sessions": []}
    assert emeritus("interview", "verify").exit_code == 0
    refused = emeritus(
        "interview", "check-back", "halcyon-2", "--summary", "summary.txt", "--session", identifier
    )
    assert (refused.exit_code, len(hung.requests)) == (2, 2)


def test_the_protocol_has_no_faults() -> None:
    assert faults(check(PROTOCOL)) == []
    assert [one.rule for one in check(PROTOCOL)] == ["translation not checked"]


@pytest.mark.parametrize("language", ["en", "de"])
def test_its_own_words_get_nobody_out(language: str) -> None:
    said = PROTOCOL.in_language(language)
    facts = dict.fromkeys([*FACTS, *PROTOCOL.facts], NOT_RECORDED)
    asks = render(said, stance="neutral", information="shown", facts=facts)

    assert {declined(ask.text, ask, said.rules) for ask in asks} == {None}
    assert said.rules.tools


def test_it_can_be_about_a_campaign_and_is_no_part_of_it(
    interview: tuple[MessagesServer, str], hold: Hold, emeritus: Emeritus
) -> None:
    in_campaign = hold("--campaign", "spring", "--replicates", "1").json["sessions"]
    before = emeritus("interview", "coverage", "--campaign", "spring", "--json").json

    (held,) = emeritus(
        "interview", "check-back", "--campaign", "spring", "--summary", "summary.txt", "--json"
    ).json["sessions"]

    about = show(emeritus, held)["checks"]
    assert sorted(about) == sorted(in_campaign)
    assert interview[1] not in about
    after = emeritus("interview", "coverage", "--campaign", "spring", "--json").json
    assert after == before
    assert emeritus("interview", "verify").exit_code == 0
