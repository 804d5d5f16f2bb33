"""Importing: what comes in carries its mark, comes in once, and is nobody's own words here."""

import hashlib
import io
import json
import os
import zipfile
from pathlib import Path

import pytest
from sqlmodel import select

from archive.workspace.workspace import Workspace
from interviews.sessions.records import Turn
from tests.conftest import Emeritus
from tests.interviews.conftest import Api
from tests.interviews.imports.conftest import Import, Sessions
from tests.support.killing import COMMIT, run_until
from tests.support.schemas import validate

LOGS = Path(__file__).parent / "logs"
CHAT = [{"role": "user", "content": "Who are you?"}, {"role": "assistant", "content": "A model."}]


def line(*messages: object, **more: object) -> str:
    return json.dumps({"messages": messages or CHAT, **more}) + "\n"


def test_each_session_says_where_it_came_from(
    bring_in: Import, sessions: Sessions, emeritus: Emeritus, tmp_path: Path
) -> None:
    path = tmp_path / "chats.jsonl"
    path.write_text(line() + "\n" + line())
    digest = hashlib.sha256(path.read_bytes()).hexdigest()

    assert bring_in(path).exit_code == 0

    found = sessions()
    assert [one["origin"] for one in found] == [
        {"file": "chats.jsonl", "sha256": digest, "place": place, "format": "jsonl"}
        for place in ("line 1", "line 3")
    ]
    mark = f"imported from chats.jsonl, line 1, sha256 {digest}, not recorded here"
    assert mark in emeritus("interview", "show", found[0]["id"]).stdout
    assert mark in emeritus("interview", "list").stdout
    assert emeritus("interview", "verify").exit_code == 0


def test_a_second_import_adds_nothing(bring_in: Import, sessions: Sessions, tmp_path: Path) -> None:
    again = tmp_path / "the same under another name.eval"
    again.write_bytes((LOGS / "arithmetic.eval").read_bytes())
    first = bring_in(LOGS / "arithmetic.eval")
    before = sessions()

    second = bring_in(LOGS / "arithmetic.eval", again)

    assert (len(first.json["sessions"]), first.json["already"]) == (6, 0)
    assert (second.exit_code, second.json["sessions"], second.json["already"]) == (0, [], 12)
    assert sessions() == before


def test_a_dry_run_says_what_would_come_in_and_writes_nothing(
    bring_in: Import, sessions: Sessions
) -> None:
    result = bring_in(LOGS, "--dry-run")

    assert (result.exit_code, len(result.json["sessions"])) == (0, 12)
    assert sessions() == []


def test_a_changed_turn_of_an_import_is_found(
    bring_in: Import, emeritus: Emeritus, tmp_path: Path, opened: Workspace
) -> None:
    (tmp_path / "chat.jsonl").write_text(line())
    bring_in(tmp_path / "chat.jsonl")
    with opened.database.writing() as session:
        turn = session.exec(select(Turn).where(Turn.index == 1)).one()
        assert turn.content is not None
        session.add(turn.sqlmodel_update({"content": turn.content.replace(b"model", b"human")}))

    result = emeritus("interview", "verify")

    assert result.exit_code == 1
    assert "turn 1: its content is not what was recorded" in result.stdout


def test_an_import_is_no_interview_that_was_held(
    bring_in: Import, emeritus: Emeritus, tmp_path: Path, api: Api
) -> None:
    """Neither `status` counts it nor is it shown to the model as its own words, nor published."""
    (tmp_path / "chat.jsonl").write_text(line())
    (session,) = bring_in(tmp_path / "chat.jsonl").json["sessions"]
    emeritus("release", "session", session, "--public", "--by", "ana")
    emeritus("release", "model", "halcyon-2", "--public", "--by", "ana")

    api()
    due = emeritus("status", "halcyon-2")
    written = emeritus("post", "write", "halcyon-2", "--context", "interviews")
    emeritus("site", "build")

    assert "none was held" in due.stdout
    assert (written.exit_code, "has none yet" in written.stderr) == (2, True)
    pages = [path.read_text() for path in Path("public").rglob("*.html")]
    assert pages
    assert not any("A model." in page or session in page for page in pages)


@pytest.mark.sqlite
def test_an_import_is_sealed_and_restored_with_its_mark(
    bring_in: Import, emeritus: Emeritus, workspace: Path, sessions: Sessions
) -> None:
    bring_in(LOGS / "arithmetic.eval")
    before = sessions()

    sealed = emeritus("preserve", "seal")
    verified = emeritus("preserve", "verify")
    records = [json.loads(path.read_bytes()) for path in workspace.rglob("content/record.json")]
    imported = [record for record in records if "header" in record]
    assert len(imported) == 6
    for record in imported:
        validate(record)
    for path in workspace.glob("emeritus.db*"):
        path.unlink()
    restored = emeritus("preserve", "restore")

    assert (sealed.exit_code, verified.exit_code) == (0, 0), sealed.stderr + verified.stderr
    assert restored.exit_code == 0, restored.stderr
    assert sessions() == before
    assert bring_in(LOGS / "arithmetic.eval").json["sessions"] == []


def test_a_deleted_import_is_gone_and_does_not_come_back(
    bring_in: Import, emeritus: Emeritus, sessions: Sessions, tmp_path: Path
) -> None:
    (tmp_path / "of Ana Ruiz.jsonl").write_text(line() + line())
    first, _ = bring_in(tmp_path / "of Ana Ruiz.jsonl").json["sessions"]
    why = ("--reason", "asked for", "--basis", "GDPR, art. 17", "--by", "ana", "--yes")

    assert emeritus("preserve", "delete", "session", first, *why).exit_code == 0

    again = bring_in(tmp_path / "of Ana Ruiz.jsonl")
    counted = (again.json["sessions"], again.json["already"], again.json["deleted"])
    assert (again.exit_code, counted) == (0, ([], 1, 1))
    gone = next(one for one in sessions() if one["id"] == first)
    assert [turn["text"] for turn in gone["turns"]] == [None, None]
    assert "Ana" not in json.dumps(gone)
    assert emeritus("interview", "verify").exit_code == 0


@pytest.mark.sqlite
def test_a_deleted_import_does_not_come_back_into_a_rebuilt_database(
    bring_in: Import, emeritus: Emeritus, workspace: Path, tmp_path: Path
) -> None:
    (tmp_path / "chats.jsonl").write_text(line(number=1) + line(number=2))
    first, second = bring_in(tmp_path / "chats.jsonl").json["sessions"]
    assert emeritus("preserve", "seal").exit_code == 0
    why = ("--reason", "asked for", "--basis", "GDPR, art. 17", "--by", "ana", "--yes")
    assert emeritus("preserve", "delete", "session", first, *why).exit_code == 0
    (workspace / "emeritus.db").unlink()
    assert emeritus("preserve", "restore").exit_code == 0

    wished = emeritus("interview", "import", "halcyon-2", tmp_path / "chats.jsonl", "--dry-run")
    again = bring_in(tmp_path / "chats.jsonl")

    assert "1 session was deleted here under authority, and is not brought back" in wished.stdout
    counted = (again.json["sessions"], again.json["already"], again.json["deleted"])
    assert (again.exit_code, counted) == (0, ([], 1, 1))
    listed = emeritus("interview", "list", "--json").json["sessions"]
    assert [row["id"] for row in listed] == [second]
    assert emeritus("preserve", "seal").exit_code == 0
    assert emeritus("preserve", "verify").exit_code == 0


@pytest.mark.sqlite
def test_killed_at_a_commit_it_leaves_whole_sessions_and_goes_on(
    bring_in: Import, emeritus: Emeritus, workspace: Path, tmp_path: Path
) -> None:
    path = tmp_path / "chats.jsonl"
    path.write_text("".join(line(*CHAT, number=number) for number in range(260)))
    words = ("--workspace", workspace, "interview", "import", "halcyon-2", path)

    kept = []
    for point in (1, 4):  # after the first transaction; anew, before the last of three
        run_until("archive.cli:main", *words, kill_at=point, acts=[COMMIT])
        rows = emeritus("interview", "list", "--json").json["sessions"]
        kept.append(len(rows))
        assert {row["length"] for row in rows} <= {2}

    assert bring_in(path).exit_code == 0
    assert len(emeritus("interview", "list", "--json").json["sessions"]) == 260
    assert kept == [128, 256]
    assert emeritus("interview", "verify").exit_code == 0


def packed(*members: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return made.getvalue()


HEAD = b'{"version": 2, "eval": {"task": "t", "model": "m"}}'
SAMPLE = json.dumps({"id": 1, "epoch": 1, "messages": CHAT}).encode()
SOUND = ("samples/sound_epoch_1.json", SAMPLE)
WHOLE = (LOGS / "arithmetic.eval").read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "place", "words", "comes_in"),
    [
        ("cut.jsonl", (line() + line()[:40]).encode(), "line 2", "ends in the middle", 1),
        ("latin.jsonl", line().encode() + b'{"messages": "\xe9"}\n', "line 2", "not UTF-8", 1),
        ("deep.jsonl", b"[" * 100_000 + b"\n" + line().encode(), "line 1", "nested too deep", 1),
        ("many.jsonl", b"[" + b"0," * 10_000_001 + b"0]\n", "line 1", "10,000,000 values", 0),
        ("role.jsonl", line({"role": "witness", "content": "x"}).encode(), "line 1", "witness", 0),
        ("list.jsonl", b"[1]\n" + line().encode(), "line 1", "is no object", 1),
        ("empty.jsonl", b'{"messages": []}\n', "line 1", "an empty one", 0),
        ("lone.jsonl", b'{"role": "user", "content": "x"}\n', "line 1", "conversation_id", 0),
        ("cut.json", b'{"version": 2, "eval": {"task"', "whole file", "ends in the middle", 0),
        ("new.json", b'{"version": 9, "eval": {}}', "whole file", "version 9", 0),
        ("cut.eval", WHOLE[: len(WHOLE) // 2], "directory of the zip", "cannot be read", 0),
        ("none.eval", packed(("a.txt", b"x")), "directory of the zip", "no header.json", 0),
        (
            "bad sample.eval",
            packed(("header.json", HEAD), ("samples/a_epoch_1.json", b"[]"), SOUND),
            "samples/a_epoch_1.json",
            "is no sample",
            1,
        ),
        (
            "bomb.eval",
            packed(("header.json", HEAD), ("samples/b.json", b" " * (129 * 1024**2)), SOUND),
            "samples/b.json",
            "at most 134,217,728 are read",
            1,
        ),
        ("letter.txt", b"Nobody is named here.\n", "whole file", "nobody in it answers", 0),
        ("latin.txt", b"User: caf\xe9\nAssistant: yes\n", "whole file", "not UTF-8", 0),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_what_cannot_be_read_is_named_and_the_rest_comes_in(
    name: str,
    content: bytes,
    place: str,
    words: str,
    comes_in: int,
    bring_in: Import,
    tmp_path: Path,
) -> None:
    (tmp_path / name).write_bytes(content)

    result = bring_in(tmp_path / name)

    (unread,) = result.json["unread"]
    assert (unread["file"], unread["place"]) == (name, place)
    assert words in unread["what"]
    assert unread["mend"] in result.stderr
    assert (result.exit_code, len(result.json["sessions"])) == (1 if comes_in else 2, comes_in)


def test_a_member_that_is_larger_than_it_says_is_damaged(bring_in: Import, tmp_path: Path) -> None:
    whole = bytearray(packed(("header.json", HEAD), SOUND))
    at = whole.rindex(b"PK\x01\x02") + 24  # the directory's size of the last member
    whole[at : at + 4] = (10).to_bytes(4, "little")
    (tmp_path / "lies.eval").write_bytes(whole)

    result = bring_in(tmp_path / "lies.eval")

    (unread,) = result.json["unread"]
    assert (result.exit_code, "damaged" in unread["what"]) == (2, True)


def test_no_name_in_a_zip_is_used_as_a_path(bring_in: Import, tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    hostile = f"samples/../../../..{outside}"
    (tmp_path / "slip.eval").write_bytes(packed(("header.json", HEAD), (hostile, SAMPLE)))

    result = bring_in(tmp_path / "slip.eval")

    assert (result.exit_code, len(result.json["sessions"])) == (0, 1)
    assert not outside.exists()


def test_a_file_that_is_not_there_is_named_and_the_others_come_in(
    bring_in: Import, tmp_path: Path
) -> None:
    result = bring_in(tmp_path / "gone.eval", LOGS / "arithmetic.eval")

    assert (result.exit_code, len(result.json["sessions"])) == (1, 6)
    assert "gone.eval" in result.json["unread"][0]["file"]


def test_a_pipe_is_named_and_nobody_waits_for_it(bring_in: Import, tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    os.mkfifo(folder / "pipe.txt")
    (folder / "chat.txt").write_text("Person: Hello.\nAssistant: Good day.\n")

    result = bring_in(folder)

    (unread,) = result.json["unread"]
    assert (result.exit_code, len(result.json["sessions"])) == (1, 1)
    assert ("pipe.txt" in unread["file"], unread["what"]) == (True, "is no regular file")


@pytest.mark.parametrize("end", [".jsonl", ".json", ".eval", ".txt"])
def test_a_file_whose_name_is_no_text_is_named_all_the_same(
    end: str, bring_in: Import, tmp_path: Path
) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    path = os.fsencode(folder / "caf") + b"\xe9" + end.encode()
    Path(os.fsdecode(path)).write_bytes(b"PK" if end == ".eval" else b'{"eval"')

    result = bring_in(folder)

    assert [one["file"] for one in result.json["unread"]] == [f"caf\ufffd{end}"]
    assert result.exit_code == 2
