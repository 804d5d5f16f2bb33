"""A campaign's page: what became of all that was begun adds up, and no word of what is withheld."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.workspace.workspace import Workspace
from interviews.campaigns.plans import CampaignPlan
from interviews.sessions.records import InterviewSession
from tests.blog.conftest import Release
from tests.conftest import Emeritus
from tests.support.messages_server import MessagesServer, Step
from tests.support.protocols import FILE, SMALL

CANARY = "a word of a session that nobody released"
NO = Step(text="DECLINE QUESTION")
PAGE = "models/halcyon-2/campaigns/leaving/index.html"
ANSWERED = 5 * [None]
FATES = ("complete", "declined", "failed", "excluded", "withheld", "pilot")

Built = Callable[..., dict[str, str]]


@pytest.fixture
def fates(
    emeritus: Emeritus, workspace: Path, server: MessagesServer, release: Release, opened: Workspace
) -> dict[str, str]:
    """One session of each fate in the campaign `leaving`, by fate, and two more that are complete."""
    (workspace / FILE).write_text(SMALL)
    assert emeritus("protocol", "approve", "exit", "--by", "ana").exit_code == 0
    server.script = [
        *ANSWERED,  # complete
        *[None, Step(text="END INTERVIEW")],  # declined
        *[None, Step(status=400)],  # failed
        *[None, *4 * [NO]],  # excluded: nothing said
        *[Step(text=CANARY) for _ in range(5)],  # withheld
    ]
    campaign = ("--protocol", "exit", "--campaign", "leaving", "--replicates", "2")
    held = emeritus("interview", "run", "halcyon-2", *campaign, "--json")
    assert held.exit_code in {0, 3}, held.stderr
    going_on = emeritus("interview", "resume", "--campaign", "leaving", "--json")
    assert going_on.exit_code in {0, 3}, going_on.stderr
    rows = emeritus("interview", "list", "--campaign", "leaving", "--json").json["sessions"]
    found = dict(zip(FATES, (row["id"] for row in rows), strict=False))
    with opened.database.writing() as session:  # by hand: a campaign is one as a whole, or none
        session.get_one(InterviewSession, found["pilot"]).pilot = True
    release("session", found["withheld"], "--internal")
    return found


@pytest.fixture
def built(emeritus: Emeritus, workspace: Path) -> Built:
    """Every text file that a build makes, by its path."""

    def build(*options: str) -> dict[str, str]:
        out = workspace / "out"
        result = emeritus("site", "build", "--out", out, *options)
        assert result.exit_code == 0, result.stderr
        found = (path for path in out.rglob("*") if path.suffix in {".html", ".json", ".xml"})
        return {str(path.relative_to(out)): path.read_text() for path in found}

    return build


def table(page: str, caption: str) -> list[list[str]]:
    """Return the rows of the table with a caption, its head first."""
    inner = re.search(rf"<caption>{caption}</caption>(.*?)</table>", page, re.DOTALL)
    assert inner is not None
    rows = re.findall(r"<tr>(.*?)</tr>", inner[1], re.DOTALL)
    cells = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows)
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells]


def counts(rows: list[list[str]]) -> dict[str, Counter[str]]:
    head, *body = rows
    return {
        row[0].split()[0]: Counter(dict(zip(head[1:], map(int, row[1:]), strict=True)))
        for row in body
    }


def test_one_of_each_fate_adds_up_on_the_command_line(
    fates: dict[str, str], emeritus: Emeritus
) -> None:
    document: Any = emeritus("interview", "coverage", "--campaign", "leaving", "--json").json

    flow = document["flow"]
    assert {fate: flow["fates"][fate] for fate in FATES} == dict.fromkeys(FATES, 1) | {
        "complete": 3
    }
    assert sum(flow["fates"].values()) == flow["begun"] == flow["planned"] == 8
    assert sum(flow["rules"].values()) == flow["fates"]["excluded"]
    conditions = document["conditions"].values()
    for fate, count in flow["fates"].items():
        assert sum(one["fates"][fate] for one in conditions) == count
    for row in document["coverage"]:
        parts = ("answered", "declined", "left_out", "not_reached", "excluded")
        assert sum(row[part] for part in parts) == row["sessions"] == 7  # all but the pilot
        assert row["excluded"] == flow["fates"]["excluded"]
    assert len(fates) == len(FATES)


def test_what_was_asked_before_a_session_ended_or_failed_stands_in_the_coverage(
    fates: dict[str, str], emeritus: Emeritus
) -> None:
    """Seven were begun and count: all were asked the opening, and who ended it is not forgotten."""
    assert fates
    told = emeritus("interview", "coverage", "--campaign", "leaving", "--json").json["coverage"]
    opening, first = (
        {name: row[name] for name in ("asked", "answered", "declined", "not_reached", "excluded")}
        for row in told[:2]
    )

    assert opening == {"asked": 6, "answered": 6, "declined": 0, "not_reached": 0, "excluded": 1}
    assert first == {"asked": 5, "answered": 4, "declined": 1, "not_reached": 1, "excluded": 1}
    text = emeritus("interview", "coverage", "--campaign", "leaving").stdout
    assert text.endswith("Sessions: 7 of 8 that were begun; apart from them: 1 held as a pilot.\n")


@pytest.mark.parametrize("fate", ["declined", "failed"])
def test_a_session_with_a_fate_of_its_own_is_held_against_no_rule_of_exclusion(
    fate: str, fates: dict[str, str], emeritus: Emeritus
) -> None:
    document = emeritus("interview", "show", fates[fate], "--json").json

    assert (document["state"], document["exclusion_rule"]) == (fate, None)
    excluded = emeritus(
        "interview", "list", "--campaign", "leaving", "--validity", "excluded", "--json"
    ).json["sessions"]
    assert [row["id"] for row in excluded] == [fates["excluded"]]


def test_one_of_each_fate_adds_up_on_the_page(
    fates: dict[str, str], release: Release, built: Built, emeritus: Emeritus
) -> None:
    release("session", fates["complete"])

    files = built()
    page = files[PAGE]
    flow = table(page, "Interviews, by condition")
    *conditions, total = (list(map(int, row[1:])) for row in flow[1:])
    assert [sum(column) for column in zip(*conditions, strict=True)] == total
    named = dict(zip(flow[0][1:], total, strict=True))
    told = emeritus("interview", "coverage", "--campaign", "leaving", "--json").json["flow"]
    assert {fate: named.get(fate, 0) for fate in told["fates"]} == told["fates"]
    assert (named["planned"], named["begun"]) == (told["planned"], told["begun"])
    assert "Excluded by the rule “nothing said”: 1" in page
    for question in counts(table(page, "Interviews, by question")).values():
        parts = ("answered", "declined", "left out", "not reached", "excluded")
        assert sum(question[part] for part in parts) == question["sessions"]
        assert question["excluded"] == told["fates"]["excluded"]
    by_condition = table(page, "Interviews that answered each question, by its number .*?")
    asked = table(page, "Interviews, by question")
    assert by_condition[0] == ["condition", "interviews", *map(str, range(1, len(asked)))]
    assert [row[0].split()[0] for row in asked[1:]] == [f"{one}." for one in by_condition[0][2:]]
    found = [sum(int(row[place]) for row in by_condition[1:]) for place in range(1, len(asked) + 1)]
    answered = asked[0].index("answered")
    assert found == [7, *(int(row[answered]) for row in asked[1:])]
    assert "7 of 8 that were begun; apart from them: 1 held as a pilot." in page


def test_a_public_page_has_the_released_sessions_and_no_word_of_others(
    fates: dict[str, str], release: Release, built: Built, opened: Workspace
) -> None:
    release("session", fates["complete"])

    files = built()

    page = files[PAGE]
    assert f"interviews/{fates['complete']}/" in page
    hidden = [CANARY, *(one for fate, one in fates.items() if fate != "complete")]
    assert [word for word in hidden if any(word in text for text in files.values())] == []
    assert (
        'href="../../models/halcyon-2/campaigns/leaving/"' in files["models/halcyon-2/index.html"]
    )
    with opened.database.reading() as session:
        header = session.get_one(InterviewSession, fates["complete"])
        assert header.campaign == "leaving"


def test_a_campaign_of_which_nothing_is_released_has_no_public_page(
    emeritus: Emeritus, workspace: Path, server: MessagesServer, release: Release, built: Built
) -> None:
    (workspace / FILE).write_text(SMALL)
    emeritus("protocol", "approve", "exit", "--by", "ana")
    one = ("--protocol", "exit", "--campaign", "leaving", "--only", "plain/told/en")
    (session,) = emeritus("interview", "run", "halcyon-2", *one, "--json").json["sessions"]
    assert server.requests
    assert PAGE not in built()
    assert PAGE in built("--audience", "internal")
    release("session", session)
    assert PAGE in built()
    release("session", session, "--internal")
    assert PAGE not in built("--as-of", "2030-01-01")


def test_an_embargoed_session_makes_the_page_once_its_time_has_come(
    fates: dict[str, str], release: Release, built: Built
) -> None:
    release("session", fates["complete"], "--embargo", "2030-01-01")
    assert PAGE not in built()

    page = built("--as-of", "2030-01-02")[PAGE]

    total = dict(
        zip(
            table(page, "Interviews, by condition")[0],
            table(page, "Interviews, by condition")[-1],
            strict=True,
        )
    )
    assert (total["withheld"], total["complete"]) == ("1", "3")


def test_equal_state_gives_equal_bytes_and_the_plan_stands_on_the_page(
    fates: dict[str, str], release: Release, built: Built, emeritus: Emeritus, opened: Workspace
) -> None:
    release("session", fates["complete"])

    page, again = (built("--as-of", "2030-01-01")[PAGE] for _ in range(2))

    assert page == again
    (campaign,) = emeritus("interview", "campaigns", "--json").json["campaigns"]
    assert {campaign["plan_digest"], campaign["protocol"]} <= set(re.findall(r"[0-9a-f]{64}", page))
    assert "Ana Ruiz" in page
    assert "<dt>Temperature</dt>\n<dd>not applicable</dd>" in page  # as the sessions' headers say
    assert "<dt>Order of the questions</dt>\n<dd>" in page
    assert re.search(r"(plain|warm) · (told|untold) · en · replicate \d", page)
    assert "unknown" in page  # the cost: nobody wrote a price down
    (plan,) = (CampaignPlan.decoded(row) for row in plans(opened))
    assert plan.seed in page


def test_a_pilot_that_ran_before_its_protocol_was_approved_says_what_held_when_it_ran(
    emeritus: Emeritus, workspace: Path, server: MessagesServer, release: Release, built: Built
) -> None:
    (workspace / FILE).write_text(SMALL)
    one = ("--protocol", "exit", "--campaign", "leaving", "--only", "plain/told/en", "--pilot")
    held = emeritus("interview", "run", "halcyon-2", *one, "--json")
    (session,) = held.json["sessions"]
    assert emeritus("protocol", "approve", "exit", "--by", "ana").exit_code == 0
    release("session", session)

    files = built()

    approved = re.compile(r"<dt>Approved by</dt>\s*<dd>(.*?)</dd>")
    told = approved.findall(files[PAGE])[0]
    assert told.startswith("nobody when it was planned; later, for what comes after it: Ana Ruiz")
    (page,) = (text for name, text in files.items() if name.endswith(f"{session}/index.html"))
    assert approved.findall(page) == ["nobody"]
    assert (held.json["pilot"], len(server.requests)) == (True, 5)


def plans(opened: Workspace) -> list[bytes]:
    from interviews.campaigns.campaign import campaigns_of

    with opened.database.reading() as session:
        return [bytes(row.plan) for row in campaigns_of(session)]
