"""Pages as data: by their schemas, and in step with their pages."""

import json
from dataclasses import replace
from typing import Any

import pytest

from archive.canonical import sha256
from blog.site.building import contents
from blog.site.views import Audience, label
from tests.support.markup import elements
from tests.support.sample_site import NOTICE, halcyon, posts, sample_site
from tests.support.schemas import validate

ADDRESS = "https://archive.example.org/retired/"
FILES = contents(sample_site(notice=NOTICE))
TWINS = {
    path.removesuffix("index.json"): json.loads(content)
    for path, content in FILES.items()
    if path.endswith("/index.json")
}


@pytest.mark.parametrize("path", TWINS)
def test_a_twin_is_valid_by_its_schema_and_its_page_leads_to_it(path: str) -> None:
    twin, page = TWINS[path], FILES[f"{path}index.html"].decode()

    validate(twin, twin["$schema"])
    assert twin["address"] == f"{ADDRESS}{path}"
    alternates = [a for _, a in elements(page, "link") if a["rel"] == "alternate"]
    assert {
        "rel": "alternate",
        "type": "application/json",
        "title": "This page as data",
        "href": "index.json",
    } in alternates


def test_texts_models_years_tags_and_languages_have_twins() -> None:
    first = {path.partition("/")[0] for path in TWINS}

    assert first == {"archive", "languages", "models", "posts", "tags"}
    assert {f"posts/{one.slug}/" for one in posts()} <= TWINS.keys()
    assert {"archive/2026/", "models/halcyon-2/", "tags/letters/"} <= TWINS.keys()


@pytest.mark.parametrize("text", posts(), ids=lambda text: text.slug)
def test_the_twin_of_a_text_holds_the_text_and_what_the_record_has(text: Any) -> None:  # noqa: ANN401  # pytest names its parameters so
    twin = TWINS[text.path]

    assert twin["id"] == f"urn:uuid:{text.id}"
    assert (twin["text"] is None) == (text.source is None)
    if text.source is not None:
        assert sha256(twin["text"].encode()) == twin["source_sha256"] == text.source_sha256
        assert twin["label"] == label(halcyon(), text)
        assert twin["source"] == f"{ADDRESS}{text.path}post.md"
    assert [tag["name"] for tag in twin["tags"]] == [*text.tags]


def test_every_address_within_the_site_leads_to_something() -> None:
    def addresses(node: object) -> list[str]:
        if isinstance(node, dict):
            return [one for part in node.values() for one in addresses(part)]
        if isinstance(node, list):
            return [one for part in node for one in addresses(part)]
        return [node] if isinstance(node, str) and node.startswith(ADDRESS) else []

    found = {one.partition("#")[0] for twin in TWINS.values() for one in addresses(twin)}
    missing = [
        one
        for one in found
        if (path := one.removeprefix(ADDRESS)) not in FILES and f"{path}index.html" not in FILES
    ]
    assert (missing, len(found) > 30) == ([], True)


def test_the_twin_of_a_list_names_what_its_page_leads_to_in_the_same_order() -> None:
    twin, page = TWINS["archive/2026/"], FILES["archive/2026/index.html"].decode()
    main = page[page.index("<main") :]
    links = [a["href"].lstrip("./") for _, a in elements(main, "a")]

    named = [thing["address"].removeprefix(ADDRESS) for thing in twin["things"]]
    assert named == [link for link in links if link.startswith(("posts/", "models/"))]
    assert {thing["kind"] for thing in twin["things"]} == {"text", "interview"}


def test_the_twin_of_a_model_counts_what_its_page_counts() -> None:
    twin = TWINS["models/halcyon-2/"]

    assert twin["interviews"]["started"] == 4
    assert (twin["drafts"]["vetoed"], twin["drafts"]["started"]) == (1, 10)
    assert TWINS["models/unknown-1/"]["missing"] == {"maker": "unknown", "years": "not recorded"}


def test_the_twins_of_an_internal_build_say_that_they_are() -> None:
    files = contents(sample_site(audience=Audience.INTERNAL))

    twins = [json.loads(c) for path, c in files.items() if path.endswith("/index.json")]
    assert {twin["audience"] for twin in twins} == {"internal"}


def test_vetoes_and_withdrawals_are_counted_by_class() -> None:
    flow = replace(halcyon().drafts, vetoes=(("private data", 1),), withdrawals=())
    site = sample_site(models=(replace(halcyon(), drafts=flow),))

    twin = json.loads(contents(site)["models/halcyon-2/index.json"])

    validate(twin, twin["$schema"])
    assert (twin["vetoes"], twin["withdrawals"]) == ({"private data": 1}, {})
