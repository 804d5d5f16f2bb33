import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import FaultError, InputError
from archive.log.notes import (
    MAX_NOTE_BYTES,
    Checkpoint,
    SigningKey,
    check_key_name,
    open_note,
    parse_checkpoint,
    parse_verifying_key,
    sign_note,
)

KEY = SigningKey("emeritus.invalid/one", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER = SigningKey("emeritus.invalid/two", Ed25519PrivateKey.from_private_bytes(bytes(32)))
VKEY = "emeritus.invalid/one+afd61741+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
TEXT = "emeritus.invalid/one\n3\nAAAA\n"
SIGNED = sign_note(TEXT, KEY)
ROOT = base64.b64encode(bytes(32)).decode()

# A note that another program signed: the example of Go's package sumdb/note.
ELSEWHERE = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ELSEWHERE_NOTE = """\
If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
""".encode()


def test_a_note_signed_elsewhere_opens() -> None:
    key = parse_verifying_key(ELSEWHERE, at="log.pub")

    assert open_note(ELSEWHERE_NOTE, key, at="note").endswith("what your problem is.\n")


def test_a_key_is_written_as_others_read_it() -> None:
    assert KEY.verifying.text == VKEY
    assert parse_verifying_key(f"{VKEY}\n", at="log.pub") == KEY.verifying


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n")))
def test_a_signed_text_comes_back_as_it_was(text: str) -> None:
    assert open_note(sign_note(f"{text}\n", KEY), KEY.verifying, at="note") == f"{text}\n"


@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
def test_a_note_with_any_byte_changed_is_refused(at: int, change: int) -> None:
    changed = bytearray(SIGNED)
    changed[at] ^= change

    with pytest.raises(FaultError, match="checkpoint: "):
        open_note(bytes(changed), KEY.verifying, at="checkpoint")


def test_another_keys_signature_is_passed_over() -> None:
    both = sign_note(TEXT, OTHER) + SIGNED.rpartition(b"\n\n")[2]

    assert open_note(both, KEY.verifying, at="note") == TEXT
    assert open_note(both, OTHER.verifying, at="note") == TEXT


NOT_NOTES = {
    "empty": b"",
    "no signature": b"text\n\n",
    "no blank line": SIGNED.replace(b"\n\n", b"\n"),
    "cut": SIGNED[:-1],
    "not UTF-8": b"\xff" + SIGNED,
    "a control character": b"\t" + SIGNED,
    "a carriage return": SIGNED.replace(b"\n", b"\r\n"),
    "words after the signature": SIGNED + b"and so on\n",
    "a hyphen for the dash": SIGNED.replace("—".encode(), b"-"),
    "base64 without its end": SIGNED.replace(b"=", b""),
    "larger than any note": b"a" * MAX_NOTE_BYTES + SIGNED,
}


@pytest.mark.parametrize("note", NOT_NOTES.values(), ids=NOT_NOTES)
def test_what_is_not_a_note_is_called_so(note: bytes) -> None:
    with pytest.raises(FaultError, match="not a signed note"):
        open_note(note, KEY.verifying, at="note")


def test_a_note_by_a_stranger_names_the_key_that_is_missing() -> None:
    with pytest.raises(FaultError, match=r"not signed by the key emeritus.invalid/one\+afd61741"):
        open_note(sign_note(TEXT, OTHER), KEY.verifying, at="note")


def test_a_signature_moved_to_another_text_is_wrong() -> None:
    with pytest.raises(FaultError, match="its signature is wrong"):
        open_note(SIGNED.replace(b"\n3\n", b"\n4\n"), KEY.verifying, at="note")


@given(st.integers(0, 10**18 - 1), st.binary(min_size=32, max_size=32), st.lists(st.just("ext")))
def test_a_checkpoint_states_what_went_in(size: int, root: bytes, extensions: list[str]) -> None:
    checkpoint = Checkpoint(
        origin="emeritus.invalid/one", size=size, root=root, extensions=tuple(extensions)
    )

    assert parse_checkpoint(checkpoint.text, at="checkpoint") == checkpoint


NOT_CHECKPOINTS = {
    "no origin": f"\n3\n{ROOT}\n",
    "no size": f"origin\n\n{ROOT}\n",
    "leading zero": f"origin\n03\n{ROOT}\n",
    "negative": f"origin\n-3\n{ROOT}\n",
    "digits of another script": f"origin\n٣\n{ROOT}\n",
    "absurd size": f"origin\n{'9' * 5000}\n{ROOT}\n",
    "short root": "origin\n3\nAAAA\n",
    "root in another base64": f"origin\n3\n{ROOT[:42]}B=\n",
    "empty extension": f"origin\n3\n{ROOT}\n\nextension\n",
    "no last newline": f"origin\n3\n{ROOT}",
}


@pytest.mark.parametrize("text", NOT_CHECKPOINTS.values(), ids=NOT_CHECKPOINTS)
def test_what_is_not_a_checkpoint_is_called_so(text: str) -> None:
    with pytest.raises(FaultError, match="not a checkpoint"):
        parse_checkpoint(text, at="checkpoint")


NOT_KEYS = {
    "empty": "",
    "only a name": "emeritus.invalid/one",
    "wrong id": VKEY.replace("afd61741", "afd61742"),
    "another name": f"x{VKEY}",
    "not base64": VKEY.replace("AQOh", "AQ!h"),
    "another kind of key": VKEY.replace("+AQ", "+BQ"),
    "too short": VKEY[:-4],
    "two lines": f"{VKEY}\n{VKEY}",
}


@pytest.mark.parametrize("line", NOT_KEYS.values(), ids=NOT_KEYS)
def test_what_is_not_a_key_is_refused_with_its_place(line: str) -> None:
    with pytest.raises(InputError, match=r"keys/log.pub: not an Ed25519 key"):
        parse_verifying_key(line, at="keys/log.pub")


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\nbreak", "no\u2003em space"])
def test_a_name_that_a_note_cannot_hold_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="not the name of a log key"):
        check_key_name(name, at="emeritus.toml")
