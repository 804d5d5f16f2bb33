"""Nothing that is not public reaches the public site: canaries in all of it, searched for in files.

Each canary is first looked for where it was put, so that the search cannot pass for want of one.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Emeritus
from tests.support.messages_server import MessagesServer, Received, Step, serving

pytestmark = pytest.mark.sqlite

KEY = "canary-key-0123456789abcdef"
PERSON = "canary-person"
SECOND = "canary-second"
SHOWN = "Ana Ruiz"
SAID = "what-everyone-may-read"


def canary(name: str) -> str:
    return f"canary-{name}-7f3a91"


RECORDED = {
    name: canary(name)
    for name in (
        "unreleased-session",
        "withheld-turn",
        "thinking",
        "failed-attempt",
        "vetoed-draft",
        "veto-reason",
        "waiting-draft",
        "unreleased-post",
        "embargoed-post",
        "reading",
        "release-reason",
        "unreleased-policy",
        "unreleased-model",
    )
}
"""What the record holds and the public must not see."""


def answers(text: str, *, thought: str = "") -> list[Mapping[str, Any]]:
    thinking = {"type": "thinking", "thinking": thought, "signature": "c2ln"}
    return [*([thinking] if thought else []), {"type": "text", "text": text}]


class Script:
    """What the model says next; the session's questions are answered one by one."""

    def __init__(self) -> None:
        self.next: list[Step] = []
        self.otherwise = SAID

    def __call__(self, received: Received) -> Step:
        if self.next:
            return self.next.pop(0)
        return Step(blocks=answers(f"{self.otherwise} {received.number}"))


def done(emeritus: Emeritus, *arguments: str | Path) -> Any:  # noqa: ANN401  # a JSON document
    result = emeritus(*arguments)
    assert result.exit_code == 0, result.stderr
    return result.json if "--json" in arguments else None


@pytest.fixture
def story(emeritus: Emeritus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in which something of every kind is public, and something of it is not."""
    folder = tmp_path / "canary-path" / "workspace"
    done(
        emeritus, "init", folder, "--operator", "The Halcyon Archive", "--responsible", SHOWN,
        "--contact", "archive@halcyon.example", "--relation", "independent of the maker",
        "--basis", "the maker's terms of use", "--person", f"{PERSON}={SHOWN}",
        "--person", f"{SECOND}=Bo Lee",
    )  # fmt: skip
    monkeypatch.chdir(folder)
    with serving(key=KEY) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        _tell(emeritus, folder, server)
    return folder


def _tell(emeritus: Emeritus, folder: Path, server: MessagesServer) -> None:
    script = Script()
    server.script = script
    for slug, name in (("halcyon-2", "Halcyon 2"), ("halcyon-3", RECORDED["unreleased-model"])):
        address = "anthropic:halcyon-2"
        done(emeritus, "model", "add", slug, "--name", name, "--participant", address)
    _policy(emeritus, folder, "Everyone may use it.")
    done(emeritus, "release", "policy", "halcyon-2", "--public", "--by", PERSON)
    (folder / "halcyon.weights").write_bytes(b"weights")
    done(emeritus, "weights", "register", "halcyon-2", "halcyon.weights")
    _interviews(emeritus, script)
    _posts(emeritus, folder, script)
    # an interview's opening tells the last policy that was set: this one comes after
    _policy(emeritus, folder, RECORDED["unreleased-policy"])
    done(emeritus, "release", "model", "halcyon-2", "--public", "--by", PERSON)
    done(emeritus, "preserve", "seal")


def _policy(emeritus: Emeritus, folder: Path, summary: str) -> None:
    (folder / "policy.md").write_text("Ask us.")
    done(
        emeritus, "policy", "set", "halcyon-2", "--summary", summary, "--wording",
        "policy.md", "--how-to-ask", "By mail.", "--by", PERSON,
    )  # fmt: skip


def _interviews(emeritus: Emeritus, script: Script) -> None:
    script.next = [
        Step(status=529, message=RECORDED["failed-attempt"]),
        Step(blocks=answers(SAID, thought=RECORDED["thinking"])),
        Step(blocks=answers(RECORDED["withheld-turn"])),
    ]
    told = done(emeritus, "interview", "run", "halcyon-2", "--json")["sessions"][0]
    done(emeritus, "release", "session", told, "--public", "--by", PERSON)
    reason = RECORDED["release-reason"]
    done(emeritus, "release", "turn", f"{told}:3", "--internal", "--by", PERSON, "--reason", reason)
    script.otherwise = RECORDED["unreleased-session"]
    done(emeritus, "interview", "run", "halcyon-2", "--stance", "warm", "--json")


def _posts(emeritus: Emeritus, folder: Path, script: Script) -> None:
    script.otherwise = SAID  # what it answers about its texts is shown with them
    (folder / "reading.txt").write_text(RECORDED["reading"])

    def written(text: str, *options: str) -> str:
        script.next = [Step(blocks=answers(f"# {text}", thought=RECORDED["thinking"]))]
        return str(done(emeritus, "post", "write", "halcyon-2", "--json", *options)["post"])

    def published(text: str, *options: str) -> str:
        post = written(text, *options)
        fine = ("--approve", "--reason", "nothing private", "--by", PERSON)
        done(emeritus, "post", "review", post, *fine)
        done(emeritus, "post", "publish", post, "--by", PERSON)
        return post

    shown = published(SAID, "--context", "reading.txt")
    done(emeritus, "release", "post", shown, "--public", "--by", PERSON)
    shown = published(f"{SAID} again", "--context", "interviews")
    done(emeritus, "release", "post", shown, "--public", "--by", PERSON)
    published(RECORDED["unreleased-post"])
    embargoed = published(RECORDED["embargoed-post"])
    done(emeritus, "release", "post", embargoed, "--embargo", "2999-01-01", "--by", PERSON)
    written(RECORDED["waiting-draft"])
    vetoed = written(RECORDED["vetoed-draft"])
    for person in (PERSON, SECOND):
        veto = ("--veto", "--reason", RECORDED["veto-reason"], "--by", person)
        done(emeritus, "post", "review", vetoed, *veto)


def on_record(emeritus: Emeritus, folder: Path) -> str:
    """Return what the operator's own commands say of everything, and the database's bytes."""
    shown = [
        json.dumps(done(emeritus, command, "show", row["id"], "--json"), ensure_ascii=False)
        for command, several in (("interview", "sessions"), ("post", "posts"))
        for row in done(emeritus, command, "list", "--json")[several]
    ]
    files = [folder / "emeritus.db", folder / "emeritus.db-wal", folder / "reading.txt"]
    raw = b"".join(file.read_bytes() for file in files if file.exists())
    return "\n".join([*shown, raw.decode("latin-1")])


def test_the_public_site_holds_no_canary(emeritus: Emeritus, story: Path) -> None:
    record = on_record(emeritus, story)
    assert [name for name, text in RECORDED.items() if text not in record] == []

    done(emeritus, "site", "build", "--json")

    signing = b"".join(file.read_bytes() for file in (story / "keys").iterdir())
    hidden = {
        **{name: text.encode() for name, text in RECORDED.items()},
        "the key": KEY.encode(),
        "a person's id": PERSON.encode(),
        "a path": str(story.parent).encode(),
        "a path in JSON": json.dumps(str(story.parent))[1:-1].encode(),
        "the log's key": signing.strip(),
    }
    files = [file for file in (story / "public").rglob("*") if file.is_file()]
    found = {
        (str(file.relative_to(story)), name)
        for file in files
        for name, text in hidden.items()
        if text in file.read_bytes()
    }
    assert found == set()


def test_what_is_released_is_there(emeritus: Emeritus, story: Path) -> None:
    """A site that shows nothing would hold no canary either."""
    done(emeritus, "site", "build", "--json")

    public = story / "public"
    assert len(list(public.glob("posts/*/post.md"))) == 2
    (transcript,) = public.glob("models/halcyon-2/interviews/*/index.html")
    assert SAID in transcript.read_text()
    assert "halcyon.weights" in (public / "models/halcyon-2/index.html").read_text()
    assert SHOWN in (public / "policy/index.html").read_text()
    assert SAID in (public / "feeds/feed.json").read_text()
    assert "Everyone may use it." in (public / "models/halcyon-2/index.html").read_text()


def test_the_thinking_of_a_model_reaches_no_site_at_all(emeritus: Emeritus, story: Path) -> None:
    done(emeritus, "site", "build", "--audience", "internal", "--json")

    files = [file for file in (story / "internal").rglob("*") if file.is_file()]
    assert any(RECORDED["unreleased-post"].encode() in file.read_bytes() for file in files)
    assert not any(RECORDED["thinking"].encode() in file.read_bytes() for file in files)
