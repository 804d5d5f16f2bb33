"""Importing from APIs: what they list, page by page, and what they answer when they refuse."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from archive.importing import apis
from tests.conftest import Emeritus
from tests.support.answering import Answer, answer, answering
from tests.support.rows import rows

KEY = "sk-a-canary"


def model(identifier: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401  # JSON
    """Return a model as Anthropic's Models API gives it."""
    return {
        "type": "model",
        "id": identifier,
        "display_name": identifier.title(),
        "created_at": "2025-02-19T00:00:00Z",
        "lifecycle": "active",
        "deprecated_at": None,
        "retires_at": None,
        "line": "sonnet",
        "max_input_tokens": 200000,
        "capabilities": {"image_input": {"supported": True}},
    } | changes


def pages(models: list[dict[str, Any]], size: int) -> Callable[[str], Answer]:
    """Return the API that gives these models, so many on a page."""

    def respond(path: str) -> Answer:
        after = parse_qs(urlsplit(path).query).get("after_id", [""])[0]
        ids = [row["id"] for row in models]
        start = ids.index(after) + 1 if after else 0
        page = models[start : start + size]
        more = start + size < len(models)
        last = page[-1]["id"] if page else None
        return answer({"data": page, "has_more": more, "first_id": None, "last_id": last})

    return respond


@pytest.mark.usefixtures("workspace")
def test_the_models_api_is_read_to_its_last_page(
    emeritus: Emeritus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    models = [model(f"halcyon-{number}") for number in range(5)]
    with answering(pages(models, 2)) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        done = emeritus("model", "import", "anthropic", "--json")
        again = emeritus("model", "import", "anthropic", "--json").json

    assert done.json["total"]["read"] == 5
    assert (done.json["total"]["merged"], again["observations"]) == (1, 0)  # halcyon-2 was there
    assert again["total"]["duplicate"] == 5
    assert len(server.asked) == 6
    assert {headers["authorization"] for _, headers in server.asked} == {f"Bearer {KEY}"}
    assert "retired" in server.asked[0][0]  # those are listed only where they are asked for


@pytest.mark.usefixtures("workspace")
def test_the_lifecycle_that_the_api_gives_is_on_record(
    emeritus: Emeritus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    overdue = model(
        "halcyon-1",
        lifecycle="deprecated",
        deprecated_at="2026-01-05T00:00:00Z",
        retires_at="2026-03-06T00:00:00Z",
    )
    gone = model("halcyon-0", lifecycle="retired", created_at="1970-01-01T00:00:00Z")
    with answering(pages([overdue, gone], 10)) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        emeritus("model", "import", "anthropic")

    first = emeritus("model", "show", "halcyon-1", "--json").json
    second = emeritus("model", "show", "halcyon-0", "--json").json
    (life,) = first["channels"]
    assert (life["state"], life["says"][0]["basis"]) == ("deprecated", "seen")  # not retired yet
    assert [(row["event"], row["date"]) for row in life["dates"]] == [
        ("released", "2025-02-19"),
        ("deprecated", "2026-01-05"),
        ("retired", "2026-03-06"),
    ]
    assert (second["channels"][0]["state"], second["channels"][0]["dates"]) == ("retired", [])
    assert (first["name"], first["family"], first["context_window"]) == (
        "Halcyon-1",
        "sonnet",
        200000,
    )
    assert first["modalities"] == ["text", "image"]
    assert first["maker"] is None  # the address is not the maker's


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize("base", ["", "/v1/"])
def test_an_openai_compatible_list_says_that_models_are_listed(
    emeritus: Emeritus, monkeypatch: pytest.MonkeyPatch, base: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    row = {"id": "Org/Model-7B", "object": "model", "created": 1, "owned_by": "vllm"}
    listed = {"object": "list", "data": [row | {"max_model_len": 4096}]}
    with answering(lambda _: answer(listed)) as server:
        done = emeritus("model", "import", f"openai:{server.url}{base}", "--json")

    assert done.json["added"] == ["org-model-7b"]
    shown = emeritus("model", "show", "org-model-7b", "--json").json
    assert (shown["name"], shown["context_window"]) == ("Org/Model-7B", 4096)
    assert (shown["maker"], shown["channels"][0]["state"]) == (None, "listed")
    assert server.asked[0][0] == "/v1/models"
    assert server.asked[0][1]["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("api", ["anthropic", "openai"])
@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param(answer({"error": {"message": "no"}}, 401), "answered 401", id="401"),
        pytest.param(answer({"error": {"message": "no"}}, 404), "answered 404", id="404"),
        pytest.param(answer({"error": {"message": "no"}}, 500), "answered 500", id="500"),
        pytest.param(
            Answer(302, headers={"location": "http://127.0.0.1:1/"}), "answered 302", id="moved"
        ),
        pytest.param(
            Answer(body=b"<!doctype html><p>Hello", kind="text/html"), "no JSON", id="HTML"
        ),
        pytest.param(Answer(body=b'{"data": [{"id'), "no JSON", id="half a JSON"),
        pytest.param(Answer(body=b'{"data": "\xff"}'), "no JSON", id="not UTF-8"),
        pytest.param(answer([1, 2]), "not an object", id="a list"),
        pytest.param(answer({"data": 7}), "not a list", id="no list"),
        pytest.param(Answer(body=b" " * 4096), "more than 2,048 bytes", id="endless"),
    ],
)
def test_an_api_that_gives_no_models_stops_the_import(
    trying: Emeritus,
    standing: Path,
    monkeypatch: pytest.MonkeyPatch,
    api: str,
    given: Answer,
    said: str,
) -> None:
    monkeypatch.setattr(apis, "LARGEST", 2048)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    Path("notice.json").write_text(
        '[{"provider": "x", "model_id": "y", "url": "z", "scraped_at": "2026-01-01"}]'
    )
    with answering(lambda _: given) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        source = "anthropic" if api == "anthropic" else f"openai:{server.url}"
        result = trying("notice.json", source)

    assert rows(standing, "SELECT count(*) FROM model") == [(0,)]
    assert (result.exit_code, said in result.stderr) == (3, True), result.stderr
    assert f"{server.url}/v1/models: " in result.stderr
    assert KEY not in result.stderr
    assert len(server.asked) == 1


def test_pages_that_do_not_end_are_not_read_for_ever(
    trying: Emeritus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    page = {"data": [model("a")], "has_more": True, "last_id": "a"}
    with answering(lambda _: answer(page)) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        result = trying("anthropic")

    assert (result.exit_code, len(server.asked)) == (3, 2)
    assert "its pages do not end" in result.stderr


def test_a_model_that_is_not_understood_is_named_and_the_rest_comes_in(
    trying: Emeritus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    models = [model("a"), model("b", lifecycle="asleep"), model("c", created_at="yesterday")]
    with answering(pages(models, 1)) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        result = trying("anthropic", "--dry-run", "--json")

    assert (result.exit_code, result.json["added"]) == (1, ["a"])
    assert [row["position"] for row in result.json["not_understood"]] == [
        "page 2: /data/0/lifecycle",
        "page 3: /data/0/created_at",
    ]


@pytest.mark.parametrize(
    ("source", "code", "said"),
    [
        pytest.param("anthropic", 2, "ANTHROPIC_API_KEY: no API key", id="no key"),
        pytest.param("openai:ftp://x", 2, "not an http or https URL", id="no URL"),
        pytest.param("openai:http://127.0.0.1:1", 3, "could not be reached", id="nobody there"),
    ],
)
def test_an_api_that_cannot_be_asked_is_named(
    trying: Emeritus, monkeypatch: pytest.MonkeyPatch, source: str, code: int, said: str
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    result = trying(source)

    assert (result.exit_code, said in result.stderr) == (code, True), result.stderr


@pytest.mark.sqlite
def test_a_password_in_an_address_is_neither_shown_nor_kept(
    emeritus: Emeritus, workspace: Path
) -> None:
    with answering(lambda _: answer({"data": [{"id": "a"}]})) as server:
        address = server.url.replace("http://", "http://ana:a-canary@")
        result = emeritus("model", "import", f"openai:{address}")

    assert result.exit_code == 0, result.stderr
    assert "a-canary" not in result.stdout + result.stderr
    assert b"a-canary" not in (workspace / "emeritus.db").read_bytes()
