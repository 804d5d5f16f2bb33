"""Chats as JSON lines and as plain text: who speaks, what is said, and what else is kept."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.interviews.imports.conftest import Import, Sessions

OPENAI = [
    {"role": "developer", "content": "Be short."},
    {"role": "user", "content": [{"type": "text", "text": "Add 1 and 1."}], "name": "ana"},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "add"}}],
    },
    {"role": "tool", "tool_call_id": "c1", "content": "2"},
    {"role": "assistant", "content": "It is 2."},
]
MESSAGES = [
    {"role": "user", "content": "Add 1 and 1."},
    {
        "role": "assistant",
        "content": [
            {"type": "thinking", "thinking": "One and one.", "signature": "c2ln"},
            {"type": "text", "text": "I will add."},
            {"type": "tool_use", "id": "t1", "name": "add", "input": {"x": 1.5}},
        ],
    },
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "2"}]},
    {"role": "assistant", "content": [{"type": "text", "text": "It is 2."}]},
]


def said(session: dict[str, Any]) -> list[tuple[str, str]]:
    return [(turn["speaker"], turn["text"]) for turn in session["turns"]]


def written(path: Path, *lines: object) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_openais_form_comes_in_with_calls_of_tools_beside_what_is_said(
    bring_in: Import, sessions: Sessions, tmp_path: Path
) -> None:
    bring_in(written(tmp_path / "chat.jsonl", {"messages": OPENAI, "temperature": 0.5}))

    (session,) = sessions()
    assert said(session) == [
        ("system", "Be short."),
        ("interviewer", "Add 1 and 1."),
        ("participant", ""),
        ("tool", "2"),
        ("participant", "It is 2."),
    ]
    assert session["condition"]["temperature"] == "0.5"
    (call,) = [block for block in session["turns"][2]["blocks"] if block["type"] == "tool_use"]
    assert json.loads(call["json"]) == OPENAI[2]["tool_calls"][0]  # type: ignore[index]  # a list


def test_the_form_of_the_messages_api_keeps_thinking_apart_from_speech(
    bring_in: Import, sessions: Sessions, tmp_path: Path
) -> None:
    bring_in(written(tmp_path / "chat.jsonl", {"system": "Be short.", "messages": MESSAGES}))

    (session,) = sessions()
    assert said(session) == [
        ("system", "Be short."),
        ("interviewer", "Add 1 and 1."),
        ("participant", "I will add."),
        ("tool", ""),
        ("participant", "It is 2."),
    ]
    assert session["turns"][2]["blocks"][0] == MESSAGES[1]["content"][0]  # type: ignore[index]  # a list


def test_a_role_beside_the_messages_that_says_nothing_adds_no_turn(
    bring_in: Import, sessions: Sessions, tmp_path: Path
) -> None:
    bring_in(written(tmp_path / "chat.jsonl", {"messages": MESSAGES[:1], "role": "assistant"}))

    (session,) = sessions()
    assert said(session) == [("interviewer", "Add 1 and 1.")]


def test_messages_line_by_line_are_gathered_by_their_conversation(
    bring_in: Import, sessions: Sessions, tmp_path: Path
) -> None:
    lines = [
        {"conversation_id": name, "role": role, "content": f"{role} in {name}"}
        for role in ("user", "assistant")
        for name in ("a", "b")
    ]

    result = bring_in(written(tmp_path / "chat.jsonl", *lines))

    assert result.exit_code == 0
    assert {one["origin"]["place"]: said(one) for one in sessions()} == {
        f"conversation {name}": [
            ("interviewer", f"user in {name}"),
            ("participant", f"assistant in {name}"),
        ]
        for name in ("a", "b")
    }


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        pytest.param(
            "User: Hello\n\nAssistant: Hi.\nAs I said: hi.\n",
            [("interviewer", "Hello"), ("participant", "Hi.\nAs I said: hi.")],
            id="the usual words",
        ),
        pytest.param(
            "\ufeff**Ana Ruiz:** Who are you?\n**Halcyon 2:** A model.\n**Ana Ruiz:** And?\n",
            [("interviewer", "Who are you?"), ("participant", "A model."), ("interviewer", "And?")],
            id="names",
        ),
        pytest.param(
            "Interviewer: Q?\nHalcyon: A.\nNote: x\nHalcyon: B.\n",
            [("interviewer", "Q?"), ("participant", "A.\nNote: x"), ("participant", "B.")],
            id="a word that is no speaker",
        ),
        pytest.param(
            "System: Be kind.\nHuman: سؤال\nAI: جواب\n",
            [("system", "Be kind."), ("interviewer", "سؤال"), ("participant", "جواب")],
            id="right to left",
        ),
    ],
)
def test_plain_text_is_cut_at_the_names_of_those_who_speak(
    text: str,
    turns: list[tuple[str, str]],
    bring_in: Import,
    sessions: Sessions,
    tmp_path: Path,
) -> None:
    (tmp_path / "talk.txt").write_text(text, "utf-8")

    assert bring_in(tmp_path / "talk.txt").exit_code == 0

    (session,) = sessions()
    assert said(session) == turns


def test_half_a_character_and_a_null_are_kept_as_marks(
    bring_in: Import, sessions: Sessions, tmp_path: Path
) -> None:
    (tmp_path / "chat.jsonl").write_text(
        '{"messages": [{"role": "user", "content": "a\\ud800b"},'
        ' {"role": "assistant", "content": "c\\u0000d"}], "note\\ud800": "\\u0000"}\n'
    )

    assert bring_in(tmp_path / "chat.jsonl").exit_code == 0

    (session,) = sessions()
    assert said(session) == [("interviewer", "a\ufffdb"), ("participant", "c\x00d")]


def test_our_own_export_is_named_as_such_once_with_what_to_do_instead(
    bring_in: Import, tmp_path: Path
) -> None:
    schema = "tag:emeritus.invalid,2026:schema/export/1"
    export = written(
        tmp_path / "export.jsonl",
        {"$schema": schema, "kind": "export"},
        {"$schema": schema, "kind": "session"},
    )

    result = bring_in(export)

    assert result.exit_code == 2
    assert result.stderr.count("is an export of Emeritus") == 1
    assert "--format inspect" in result.stderr
