"""What a build reads of the record: what is released, and counts of all the rest."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from archive.canonical import canonical_bytes, salted_digest
from archive.times import now
from archive.workspace.workspace import Workspace
from blog.site.reading import read_site
from blog.site.views import Audience, Missing, Model, Site
from tests.blog.conftest import Interview, Release, Write
from tests.conftest import Emeritus


@pytest.fixture
def site(opened: Workspace) -> Callable[..., Site]:
    def read(audience: Audience = Audience.PUBLIC, *, as_of: datetime | None = None) -> Site:
        return read_site(opened, audience, as_of=as_of or now())

    return read


def only(site: Site) -> Model:
    (model,) = site.models
    return model


def test_nothing_is_public_by_default(
    publish: Write, interview: Interview, site: Callable[..., Site]
) -> None:
    publish()
    interview()

    assert site().models == []


def test_of_a_model_that_is_not_released_only_its_released_words_are_shown(
    publish: Write, release: Release, site: Callable[..., Site], emeritus: Emeritus
) -> None:
    emeritus("model", "edit", "halcyon-2", "--maker", "Halcyon Labs", "--description", "A canary.")
    release("post", publish())

    model = only(site())

    assert (len(model.posts), model.withheld) == (1, True)
    assert (model.maker, model.about, model.facts) == (Missing.WITHHELD, Missing.WITHHELD, ())


def test_only_what_is_released_is_shown_and_all_of_it_is_counted(
    publish: Write,
    write: Write,
    interview: Interview,
    release: Release,
    site: Callable[..., Site],
    emeritus: Emeritus,
    others: None,
) -> None:
    del others
    shown, _hidden, vetoed = publish("# One"), publish("# Two"), write("# Three")
    for by in ("ana", "bo"):
        emeritus("post", "review", vetoed, "--veto", "--reason", "private", "--by", by)
    write("DECLINE POST")
    session, _unreleased = interview(), interview("warm")
    for kind, subject in (("model", "halcyon-2"), ("post", shown), ("session", session)):
        release(kind, subject)

    model = only(site())

    assert [post.id for post in model.posts] == [shown]
    assert [transcript.id for transcript in model.transcripts] == [session]
    drafts, interviews = model.drafts, model.interviews
    assert (drafts.published, drafts.unreleased, drafts.vetoed, drafts.declined) == (1, 1, 1, 1)
    assert (drafts.started, interviews.started, interviews.published) == (4, 2, 1)


def test_an_internal_build_shows_all_that_is_published_and_how_it_is_released(
    publish: Write, interview: Interview, site: Callable[..., Site]
) -> None:
    post, session = publish(), interview()

    model = only(site(Audience.INTERNAL))

    assert [(row.id, row.release.public) for row in model.posts] == [(post, False)]
    assert [(row.id, row.release.public) for row in model.transcripts] == [(session, False)]
    assert model.interviews.published == 0


def test_an_embargo_ends_when_the_build_is_as_of_its_time(
    publish: Write, release: Release, site: Callable[..., Site]
) -> None:
    post = publish()
    release("model", "halcyon-2")
    release("post", post, "--embargo", "2030-01-01")

    later = only(site(as_of=datetime(2030, 1, 1, tzinfo=UTC)))

    assert only(site()).posts == []
    assert [row.published_at.year for row in later.posts] == [2030]


def test_a_second_release_does_not_change_when_a_post_was_published(
    publish: Write, release: Release, site: Callable[..., Site]
) -> None:
    post = publish()
    release("model", "halcyon-2")
    release("post", post)
    first = only(site()).posts[0]

    release("post", post)

    again = only(site()).posts[0]
    assert (again.published_at, again.updated_at) == (first.published_at, first.updated_at)


def test_a_withheld_turn_gives_its_digests_and_nothing_else(
    interview: Interview, release: Release, site: Callable[..., Site]
) -> None:
    session = interview()
    release("model", "halcyon-2")
    release("session", session)
    said = only(site()).transcripts[0]

    release("turn", f"{session}:3", "--internal")

    shown = only(site()).transcripts[0]
    assert [turn.index for turn in shown.turns if turn.text is Missing.WITHHELD] == [3]
    assert shown.turns[3].link == said.turns[3].link
    assert (shown.head, said.updated_at < shown.updated_at) == (said.head, True)
    assert str(said.turns[3].text) not in shown.public_record.decode()


def test_the_public_record_of_a_turn_gives_its_digest(
    interview: Interview, release: Release, site: Callable[..., Site]
) -> None:
    release("model", "halcyon-2")
    release("session", interview())

    record = json.loads(only(site()).transcripts[0].public_record)

    turns = record["turns"]
    assert len(turns) == record["length"] == 24
    for turn in turns:
        content = canonical_bytes(turn["content"])
        assert salted_digest(bytes.fromhex(turn["salt"]), content) == turn["content_digest"]


def test_what_a_model_was_shown_is_named_only_where_it_is_public(
    publish: Write, interview: Interview, release: Release, site: Callable[..., Site]
) -> None:
    session = interview()
    release("model", "halcyon-2")
    release("post", publish("# After it", "--context", "interviews"))

    hidden = only(site()).posts[0].provenance.context_items
    release("session", session)
    named = only(site()).posts[0].provenance.context_items

    assert [(item.title, item.path) for item in hidden] == [
        ("an interview that is not published", None)
    ]
    assert [item.path for item in named] == [f"models/halcyon-2/interviews/{session}/"]


def test_the_last_policy_that_is_released_is_shown(
    emeritus: Emeritus, workspace: Path, release: Release, site: Callable[..., Site]
) -> None:
    (workspace / "policy.md").write_text("Ask us.")
    release("model", "halcyon-2")
    for summary in ("Everyone may.", "Nobody may."):
        emeritus(
            "policy", "set", "halcyon-2", "--summary", summary, "--wording", "policy.md",
            "--how-to-ask", "By mail.", "--by", "ana",
        )  # fmt: skip
        if summary == "Everyone may.":
            assert only(site()).policy is Missing.NOT_RECORDED
            release("policy", "halcyon-2")

    policy = only(site()).policy

    assert not isinstance(policy, Missing)
    assert (policy.summary, policy.set_by) == ("Everyone may.", "Ana Ruiz")


def test_more_posts_and_interviews_take_no_more_queries(
    publish: Write,
    interview: Interview,
    release: Release,
    site: Callable[..., Site],
    opened: Workspace,
) -> None:
    release("model", "halcyon-2")
    statements: list[str] = []
    event.listen(
        opened.database.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_rest: statements.append(statement),
    )
    counts = []
    for _ in range(2):
        release("post", publish())
        release("session", interview())
        statements.clear()
        site()
        counts.append(len(statements))

    assert counts[0] == counts[1] < 60


# --- The commands -----------------------------------------------------------------------------


def test_a_public_build_wants_the_operator_stated(
    emeritus: Emeritus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "unstated"
    emeritus("init", folder, "--operator", "The Halcyon Archive")
    monkeypatch.chdir(folder)

    refused = emeritus("site", "build")

    assert (refused.exit_code, (folder / "public").exists()) == (2, False)
    assert "not stated: responsible, contact, relation, basis" in refused.stderr
    assert emeritus("site", "build", "--audience", "internal").exit_code == 0


def test_a_build_says_what_it_did(emeritus: Emeritus, workspace: Path) -> None:
    first = emeritus("site", "build", "--json", "--as-of", "2026-11-23T15:00:00Z").json
    again = emeritus("site", "build", "--json", "--as-of", "2026-11-23T15:00:00Z").json

    assert first["pages"] == len(list((workspace / "public").rglob("*.html")))
    assert first["written"] >= first["pages"]
    assert (again["written"], again["feeds"]) == (0, first["feeds"])


def test_a_build_says_what_a_hidden_model_keeps_back(
    emeritus: Emeritus, publish: Write, release: Release
) -> None:
    release("post", publish())

    built = emeritus("site", "build")

    assert "emeritus release model halcyon-2 --public" in built.stderr


def test_an_internal_build_does_not_stand_where_the_public_one_stands(
    emeritus: Emeritus, workspace: Path
) -> None:
    emeritus("site", "build", "--audience", "internal")

    assert (workspace / "internal/index.html").exists()
    assert not (workspace / "public").exists()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param("posts.md", b"# Posts", "the site has a page of its own", id="reserved"),
        pytest.param("About us.md", b"# About", "not a slug", id="no address"),
        pytest.param("about.md", b"\xff\xfe", "not UTF-8", id="not UTF-8"),
    ],
)
def test_a_page_that_cannot_be_used_is_named(
    emeritus: Emeritus, workspace: Path, name: str, content: bytes, message: str
) -> None:
    (workspace / "pages" / name).write_bytes(content)

    refused = emeritus("site", "build")

    assert (refused.exit_code, (workspace / "public").exists()) == (2, False)
    assert name in refused.stderr
    assert message in refused.stderr


def test_the_operators_page_takes_the_place_of_a_shipped_one(
    workspace: Path, site: Callable[..., Site]
) -> None:
    (workspace / "pages/about.md").write_text("# Who we are\n\nTwo people.")

    assert [(page.slug, page.title) for page in site().pages][1:] == [("about", "Who we are")]


def test_a_time_that_is_none_is_refused(emeritus: Emeritus, workspace: Path) -> None:
    del workspace

    refused = emeritus("site", "build", "--as-of", "soon")

    assert (refused.exit_code, "--as-of: not a time" in refused.stderr) == (2, True)


def test_a_site_that_was_not_built_is_not_served(emeritus: Emeritus, workspace: Path) -> None:
    del workspace

    refused = emeritus("site", "serve", "--port", "0")

    assert (refused.exit_code, "holds no site" in refused.stderr) == (2, True)
