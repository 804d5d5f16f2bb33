"""Files that were changed at random: whatever is in them, they are read or named, and never obeyed."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interviews.imports.conversations import Conversation, Unread
from interviews.imports.files import FORMS, form_of
from interviews.imports.messages import message_of, turn_of

LOGS = Path(__file__).parent / "logs"
EVAL = (LOGS / "arithmetic.eval").read_bytes()
LINES = b'{"messages": [{"role": "user", "content": ["a", {"type": "text", "text": "b"}]}]}\n' * 3

changes = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 8), st.binary(max_size=8)),
    min_size=1,
    max_size=4,
)
plain = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
any_json = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)
parts = st.fixed_dictionaries(
    {"type": st.sampled_from(["text", "thinking", "reasoning", "redacted_thinking", "image"])},
    optional=dict.fromkeys(("text", "thinking", "reasoning", "data", "signature", "x"), any_json),
)
messages = st.fixed_dictionaries(
    {
        "role": st.sampled_from(["user", "assistant", "system", "tool"]),
        "content": st.text(max_size=20) | st.lists(parts | any_json, max_size=4),
    },
    optional={"tool_calls": st.lists(any_json, max_size=3), "name": any_json, "id": any_json},
)


def changed(content: bytes, places: list[tuple[float, int, bytes]]) -> bytes:
    for where, length, put in places:
        at = int(where * len(content))
        content = content[:at] + put + content[at + length :]
    return content


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.sampled_from([EVAL, LINES]), places=changes)
def test_a_changed_file_is_read_or_named(
    content: bytes, places: list[tuple[float, int, bytes]], tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(changed(content, places))

    for form in {form_of(path.read_bytes()), *FORMS}:
        for found in FORMS[form](path):
            assert isinstance(found, Conversation | Unread)


@given(messages)
def test_a_message_goes_there_and_back_unchanged(message: dict[str, object]) -> None:
    speaker, content = turn_of(message)

    back = message_of(speaker, content.blocks)

    results = message["content"] and back["role"] != message["role"]
    assert back == message or results
