"""How names of models become slugs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.identifiers import check_slug
from archive.records.naming import key_of, slug_of, with_digest


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        pytest.param("claude-3-7-sonnet-20250219", "claude-3-7-sonnet-20250219", id="a slug"),
        pytest.param("models/gemini-1.5-pro", "gemini-1.5-pro", id="with its collection"),
        pytest.param(
            "anthropic.claude-3-sonnet-20240229-v1:0",
            "anthropic.claude-3-sonnet-20240229-v1-0",
            id="with its vendor and version",
        ),
        pytest.param("Meta-Llama/Llama-3.1-8B", "meta-llama-llama-3.1-8b", id="a repository"),
        pytest.param("Command R+", "command-r-plus", id="a plus"),
        pytest.param("Amazon Titan Text G1 - Lite", "amazon-titan-text-g1-lite", id="a shown name"),
        pytest.param("gpt_4..5-", "gpt-4-5", id="runs of marks"),
    ],
)
def test_a_name_gets_the_slug_that_is_closest_to_it(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@given(st.text(max_size=200))
def test_every_name_gets_a_slug_that_commands_take(name: str) -> None:
    assert check_slug(slug_of(name), at="") == slug_of(name)
    assert check_slug(with_digest(slug_of(name), name), at="")


def test_names_of_which_no_slug_is_left_are_told_apart() -> None:
    assert slug_of("模型一") != slug_of("模型二")


def test_spelling_tells_no_two_models_apart() -> None:
    spellings = {"Claude 3.7 Sonnet", "claude-3-7-sonnet", "claude_3.7_SONNET"}

    assert {key_of(name) for name in spellings} == {"claude-3-7-sonnet"}
    assert key_of("Command R") != key_of("Command R+")
