"""What outside witnesses say of the log: kept if it verifies, else refused and nothing is kept."""

import base64
import json
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import FaultError
from archive.log.keys import read_signing_key
from archive.log.notes import Checkpoint, SigningKey, VerifyingKey, sign_note
from archive.log.timestamps import read_certificates, verified_stamp
from tests.conftest import Emeritus, run
from tests.support.logs import grow, sql
from tests.support.timestamps import Authority, authority
from tests.support.witnesses import Witness

JUNE = datetime(2025, 6, 15, 12, 0, 5, tzinfo=UTC)
WITNESS = Witness.new()
AUTHORITY = authority()
ANSWER = AUTHORITY.answer(b"message", at=JUNE)
ROOTS = read_certificates(AUTHORITY.root_pem, at="root")

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")


def seconds(time: datetime = JUNE) -> int:
    return int(time.timestamp())


def checkpoint(root: Path) -> bytes:
    return (root / "log/checkpoint").read_bytes()


def listed(root: Path) -> list[dict[str, Any]]:
    found = run("--workspace", root, "log", "witness", "list", "--json")
    return list(found.json["witnesses"])


def add_cosigned(
    root: Path, folder: Path, witness: Witness = WITNESS, at: int | None = None
) -> int:
    """Let a witness sign the present checkpoint, and keep that."""
    path = folder / "cosigned"
    path.write_bytes(witness.cosigned(checkpoint(root), at=seconds() if at is None else at))
    return run("--workspace", root, "log", "witness", "add", path, "--key", witness.vkey).exit_code


def add_stamped(root: Path, folder: Path, at: datetime = JUNE) -> int:
    """Let an authority stamp the present checkpoint, and keep that."""
    for name, content in (
        ("stamped", checkpoint(root)),
        ("answer", AUTHORITY.answer(checkpoint(root), at=at)),
        ("root.pem", AUTHORITY.root_pem),
    ):
        (folder / name).write_bytes(content)
    return run(
        "--workspace", root, "log", "witness", "add", folder / "stamped",
        "--timestamp", folder / "answer", "--certificate", folder / "root.pem",
    ).exit_code  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose log has 5 entries, in which only refusals are tried."""
    root = tmp_path_factory.mktemp("house") / "workspace"
    assert run("init", root, "--person", "ana=Ana Ruiz").exit_code == 0
    grow(root, 5)
    return root


# ---- what is kept


def test_a_cosignature_is_kept_logged_and_listed(workspace: Path, tmp_path: Path) -> None:
    grow(workspace, 3)
    size = int(checkpoint(workspace).split(b"\n")[1])

    code = add_cosigned(workspace, tmp_path)

    (kept,) = listed(workspace)
    logged = run(
        "--workspace", workspace, "log", "receipt", "witness", kept["id"], "--with-content"
    )
    said = json.loads(logged.json["content"])
    assert (code, kept["kind"], kept["name"], kept["size"]) == (
        0,
        "cosignature",
        WITNESS.name,
        size,
    )
    assert (kept["at"], kept["key"]) == ("2025-06-15T12:00:05.000000Z", WITNESS.vkey)
    assert {name: said[name] for name in ("at", "name", "root", "size")} == {
        name: kept[name] for name in ("at", "name", "root", "size")
    }


def test_a_timestamp_is_kept_logged_and_listed(workspace: Path, tmp_path: Path) -> None:
    grow(workspace, 3)

    code = add_stamped(workspace, tmp_path)

    (kept,) = listed(workspace)
    logged = run("--workspace", workspace, "log", "receipt", "witness", kept["id"])
    assert (code, logged.exit_code, kept["kind"]) == (0, 0, "timestamp")
    assert (kept["name"], kept["at"]) == ("CN=Hour Glass", "2025-06-15T12:00:05.000000Z")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("answer", "certificate"),
    [
        (AUTHORITY.token, AUTHORITY.root_pem),
        (AUTHORITY.answer, AUTHORITY.root.public_bytes(Encoding.DER)),
        (AUTHORITY.answer, AUTHORITY.middle.public_bytes(Encoding.PEM) + AUTHORITY.root_pem),
    ],
    ids=["a bare token", "a certificate in DER", "two certificates"],
)
def test_an_authority_may_answer_in_other_forms(
    workspace: Path, tmp_path: Path, answer: Callable[..., bytes], certificate: bytes
) -> None:
    (tmp_path / "answer").write_bytes(answer(checkpoint(workspace), at=JUNE))
    (tmp_path / "certificate").write_bytes(certificate)

    added = run(
        "log", "witness", "add", "log/checkpoint",
        "--timestamp", tmp_path / "answer", "--certificate", tmp_path / "certificate",
    )  # fmt: skip

    assert (added.exit_code, len(listed(workspace))) == (0, 1), added.stderr


@pytest.mark.sqlite
def test_the_same_evidence_is_kept_once(workspace: Path, tmp_path: Path) -> None:
    before = checkpoint(workspace)
    codes = [add_cosigned(workspace, tmp_path)]
    shutil.copy(tmp_path / "cosigned", tmp_path / "again")
    codes += [add_stamped(workspace, tmp_path)]
    size = int(checkpoint(workspace).split(b"\n")[1])

    (tmp_path / "vkey").write_text(f"{WITNESS.vkey}\n")
    again = run("log", "witness", "add", tmp_path / "again", "--key", tmp_path / "vkey")

    assert (codes, again.exit_code, "Kept before" in again.stderr) == ([0, 0], 0, True)
    assert len(listed(workspace)) == 2
    assert int(checkpoint(workspace).split(b"\n")[1]) == size
    assert checkpoint(workspace) != before


@pytest.mark.sqlite
def test_a_checkpoint_from_before_a_rotation_can_be_witnessed(
    emeritus: Emeritus, workspace: Path, tmp_path: Path
) -> None:
    note = checkpoint(workspace)
    assert emeritus("key", "rotate", "--by", "ana").exit_code == 0
    handover = checkpoint(workspace)  # signed by both
    grow(workspace, 1)
    (tmp_path / "before").write_bytes(WITNESS.cosigned(note, at=seconds()))
    (tmp_path / "both").write_bytes(WITNESS.cosigned(handover, at=seconds()))

    added = [
        emeritus("log", "witness", "add", tmp_path / name, "--key", WITNESS.vkey)
        for name in ("before", "both")
    ]

    assert [one.exit_code for one in added] == [0, 0], added
    assert emeritus("log", "verify").exit_code == 0


@pytest.mark.parametrize(("ahead", "code"), [(timedelta(minutes=4), 0), (timedelta(minutes=9), 1)])
@pytest.mark.sqlite
def test_a_witness_s_clock_may_be_a_few_minutes_ahead(
    workspace: Path, tmp_path: Path, ahead: timedelta, code: int
) -> None:
    time = datetime.now(UTC) + ahead

    found = (
        add_cosigned(workspace, tmp_path, at=seconds(time)),
        add_stamped(workspace, tmp_path, at=time),
    )

    assert found == (code, code)


# ---- what is refused


def resigned(root: Path, size: int, *, origin: str | None = None) -> bytes:
    """Sign a checkpoint as the holder of the log's own key would."""
    key = read_signing_key(root / "keys")
    text = Checkpoint(origin=origin or key.name, size=size, root=bytes(32)).text
    return sign_note(text, key)


def by_nobody(root: Path) -> bytes:
    return checkpoint(root)


def by_another_witness(root: Path) -> bytes:
    return Witness.new(WITNESS.name).cosigned(checkpoint(root), at=seconds())


def over_another_checkpoint(root: Path) -> bytes:
    line = WITNESS.cosigned(resigned(root, 3), at=seconds()).splitlines(keepends=True)[-1]
    return checkpoint(root) + line


def at_another_time(root: Path) -> bytes:
    true = WITNESS.cosigned(checkpoint(root), at=seconds())
    later = Witness(WITNESS.name, WITNESS.private).cosigned(checkpoint(root), at=seconds() + 1)
    raw = [base64.b64decode(note.splitlines()[-1].split(b" ")[2]) for note in (true, later)]
    forged = base64.b64encode(raw[1][:12] + raw[0][12:]).decode()
    return checkpoint(root) + f"— {WITNESS.name} {forged}\n".encode()


def one_of_two_is_wrong(root: Path) -> bytes:
    line = over_another_checkpoint(root).splitlines(keepends=True)[-1]
    return WITNESS.cosigned(checkpoint(root), at=seconds()) + line


def cut_signature(root: Path) -> bytes:
    raw = base64.b64encode(WITNESS.key_id + bytes(3)).decode()
    return checkpoint(root) + f"— {WITNESS.name} {raw}\n".encode()


def of_another_log(root: Path) -> bytes:
    return WITNESS.cosigned(resigned(root, 3, origin="another.example"), at=seconds())


def by_another_log_s_key(root: Path) -> bytes:
    name = read_signing_key(root / "keys").name
    key = SigningKey(name, Ed25519PrivateKey.generate())
    return WITNESS.cosigned(
        sign_note(Checkpoint(origin=name, size=3, root=bytes(32)).text, key), at=seconds()
    )


def of_a_fork(root: Path) -> bytes:
    return WITNESS.cosigned(resigned(root, 3), at=seconds())


def of_a_longer_log(root: Path) -> bytes:
    return WITNESS.cosigned(resigned(root, 50), at=seconds())


def in_the_far_future(root: Path) -> bytes:
    return WITNESS.cosigned(checkpoint(root), at=2**63 - 1)


def at_no_time(root: Path) -> bytes:
    return WITNESS.cosigned(checkpoint(root), at=2**63)


def noise(_root: Path) -> bytes:
    return b"noise"


def nothing(_root: Path) -> bytes:
    return b""


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (by_nobody, "not cosigned by witness.example/w1+"),
        (by_another_witness, "not cosigned by witness.example/w1+"),
        (over_another_checkpoint, "the cosignature is wrong"),
        (at_another_time, "the cosignature is wrong"),
        (one_of_two_is_wrong, "the cosignature is wrong"),
        (cut_signature, "the cosignature is wrong"),
        (of_another_log, "of another log: another.example"),
        (by_another_log_s_key, "not signed by the key"),
        (of_a_fork, "the log did not grow from its 3 entries"),
        (of_a_longer_log, "the log did not grow from its 50 entries"),
        (in_the_far_future, "its time is in the future"),
        (at_no_time, "the cosignature states no time"),
        (noise, "not a signed note"),
        (nothing, "not a signed note"),
    ],
)
def test_a_cosignature_that_does_not_verify_is_refused(
    house: Path, tmp_path: Path, make: Callable[[Path], bytes], message: str
) -> None:
    (tmp_path / "cosigned").write_bytes(make(house))
    before = checkpoint(house)

    refused = run(
        "--workspace", house, "log", "witness", "add", tmp_path / "cosigned", "--key", WITNESS.vkey
    )

    assert refused.exit_code == 1
    assert message in refused.stderr
    assert (listed(house), checkpoint(house)) == ([], before)


def test_the_log_is_no_witness_of_itself(house: Path, tmp_path: Path) -> None:
    key = read_signing_key(house / "keys")
    itself = Witness(key.name, key.private)
    (tmp_path / "cosigned").write_bytes(itself.cosigned(checkpoint(house), at=seconds()))

    refused = run(
        "--workspace", house, "log", "witness", "add", tmp_path / "cosigned", "--key", itself.vkey
    )

    assert (refused.exit_code, listed(house)) == (1, [])
    assert "the log's own key is no outside witness" in refused.stderr


def stamped(house: Path, **wrong: Any) -> tuple[bytes, bytes]:  # noqa: ANN401
    return AUTHORITY.answer(checkpoint(house), at=JUNE, **wrong), AUTHORITY.root_pem


def by(one: Authority, house: Path) -> tuple[bytes, bytes]:
    return one.answer(checkpoint(house), at=JUNE), one.root_pem


def with_damage(house: Path, at: int) -> tuple[bytes, bytes]:
    answer, root = stamped(house)
    damaged = bytearray(answer)
    damaged[at] ^= 1
    return bytes(damaged), root


OLD = datetime(2021, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda _: (AUTHORITY.answer(b"other", at=JUNE), AUTHORITY.root_pem), "over other bytes"),
        (
            lambda h: (
                AUTHORITY.answer(checkpoint(h), at=JUNE + timedelta(days=3650)),
                AUTHORITY.root_pem,
            ),
            "its time is in the future",
        ),
        (
            lambda h: (
                AUTHORITY.answer(checkpoint(h), at=datetime(2019, 1, 1, tzinfo=UTC)),
                AUTHORITY.root_pem,
            ),
            "certificate is not yet valid",
        ),
        (lambda h: by(authority(until=OLD), h), "certificate has expired"),
        (lambda h: by(authority(root_until=OLD), h), "certificate has expired"),
        (lambda h: by(authority(purpose=None), h), "unsuitable certificate purpose"),
        (
            lambda h: by(authority(purpose=ExtendedKeyUsageOID.CODE_SIGNING), h),
            "unsuitable certificate purpose",
        ),
        (lambda h: (stamped(h)[0], authority().root_pem), "does not verify"),
        (lambda h: (stamped(h)[0], AUTHORITY.middle.public_bytes(Encoding.PEM)), "unable to get"),
        (lambda h: stamped(h, imprint="sha1"), "rests on a digest that is not SHA-256"),
        (lambda h: stamped(h, signed="sha1"), "rests on a digest that is not SHA-256"),
        (lambda h: by(authority(by_sha1=True), h), "rests on a digest that is not SHA-256"),
        (lambda h: with_damage(h, -5), "its signature is wrong"),
        (lambda _: (b"0\x03\x02\x01\x00", AUTHORITY.root_pem), "not a timestamp"),
        (lambda _: (bytes.fromhex("30053003020102"), AUTHORITY.root_pem), "not a timestamp"),
        (lambda _: (b"noise", AUTHORITY.root_pem), "not a timestamp"),
        (lambda _: (b"", AUTHORITY.root_pem), "not a timestamp"),
    ],
    ids=[
        "other bytes", "future", "before the certificate", "after the certificate",
        "after the root", "no purpose", "another purpose", "another root", "not to a root",
        "SHA-1 of the note", "SHA-1 signed", "SHA-1 certificate", "signature", "half an answer",
        "rejected", "noise", "nothing",
    ],
)  # fmt: skip
def test_a_timestamp_that_does_not_verify_is_refused(
    house: Path, tmp_path: Path, make: Callable[[Path], tuple[bytes, bytes]], message: str
) -> None:
    answer, root = make(house)
    (tmp_path / "answer").write_bytes(answer)
    (tmp_path / "root").write_bytes(root)
    before = checkpoint(house)

    refused = run(
        "--workspace", house, "log", "witness", "add", house / "log/checkpoint",
        "--timestamp", tmp_path / "answer", "--certificate", tmp_path / "root",
    )  # fmt: skip

    assert refused.exit_code == 1
    assert message in refused.stderr
    assert len(refused.stderr.splitlines()) == 2
    assert (listed(house), checkpoint(house)) == ([], before)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere", "--key", WITNESS.vkey], "nowhere: cannot be read"),
        (["log/checkpoint"], "which witness?"),
        (["log/checkpoint", "--key", "x", "--timestamp", "y"], "which witness?"),
        (["log/checkpoint", "--timestamp", "y"], "which witness?"),
        (["log/checkpoint", "--key", "nowhere"], "nowhere: cannot be read"),
        (["log/checkpoint", "--key", "a+b+c"], "not a witness's Ed25519 key"),
        (["log/checkpoint", "--key", "keys/log.pub"], "not a witness's Ed25519 key"),
        (
            ["log/checkpoint", "--key", Witness.new("a\x1b[31m").vkey],
            "a name that cannot be printed",
        ),
        (
            ["log/checkpoint", "--timestamp", "log/checkpoint", "--certificate", "emeritus.toml"],
            "not certificates in PEM or DER",
        ),
        (["large", "--key", WITNESS.vkey], "large: larger than 1,048,576 bytes"),
        (["pipe", "--key", WITNESS.vkey], "pipe: not a regular file"),
        (["log/checkpoint", "--key", "pipe"], "pipe: not a regular file"),
    ],
)
def test_a_file_or_key_that_cannot_be_used_is_your_move(
    house: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(house)
    (house / "large").write_bytes(bytes((1 << 20) + 1))
    if not (house / "pipe").exists():
        os.mkfifo(house / "pipe")

    refused = run("log", "witness", "add", *arguments)

    assert (refused.exit_code, message in refused.stderr) == (2, True), refused.stderr
    assert listed(house) == []


def judged(answer: bytes) -> str:
    """Return why an answer about `message` is refused, or whose and of when it is."""
    try:
        stamp = verified_stamp(answer, b"message", ROOTS, at="answer")
    except FaultError as error:
        return error.what
    return f"{stamp.authority} {stamp.time}"


def test_no_answer_with_a_changed_bit_is_a_traceback_or_says_another_time() -> None:
    found = Counter[str]()
    for at in range(len(ANSWER)):
        changed = bytearray(ANSWER)
        changed[at] ^= 1 << at % 8
        found[judged(bytes(changed))] += 1

    true = judged(ANSWER)
    assert true == f"CN=Hour Glass {JUNE}"
    assert [what for what in found if what.startswith("CN=")] in ([], [true])
    assert all("\n" not in what for what in found)
    assert found[true] < 30


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_answer_with_a_changed_piece_is_a_traceback_or_says_another_time(
    data: st.DataObject,
) -> None:
    answer = bytearray(ANSWER)
    start = data.draw(st.integers(0, len(answer) - 1))
    end = data.draw(st.integers(start, min(len(answer), start + 9)))
    answer[start:end] = data.draw(st.binary(max_size=12))

    what = judged(bytes(answer))

    assert what == judged(ANSWER) or not what.startswith("CN=")


# ---- `log checkpoint`


@pytest.mark.sqlite
def test_the_checkpoint_is_written_as_it_was_signed(
    emeritus: Emeritus, workspace: Path, tmp_path: Path
) -> None:
    out, request = tmp_path / "out", tmp_path / "request"

    shown = emeritus("log", "checkpoint")
    document = emeritus("log", "checkpoint", "--json").json
    written = emeritus("log", "checkpoint", "--out", out, "--timestamp-request", request)
    again = emeritus("log", "checkpoint", "--out", out)
    alone = emeritus("log", "checkpoint", "--timestamp-request", tmp_path / "other")

    assert shown.stdout.encode() == out.read_bytes() == checkpoint(workspace)
    assert (document["note"], document["size"]) == (shown.stdout, 0)
    assert (written.exit_code, again.exit_code, alone.exit_code) == (0, 2, 2)
    assert not (tmp_path / "other").exists()


@needs_openssl
@pytest.mark.parametrize("digest", ["sha256", "sha512"])
@pytest.mark.sqlite
def test_an_authority_made_of_openssl_answers_our_request(
    emeritus: Emeritus, workspace: Path, tmp_path: Path, digest: str
) -> None:
    written = emeritus(
        "log", "checkpoint", "--out", tmp_path / "note",
        "--timestamp-request", tmp_path / "request", "--digest", digest,
    )  # fmt: skip
    answered_by_openssl(tmp_path)

    added = emeritus(
        "log", "witness", "add", tmp_path / "note",
        "--timestamp", tmp_path / "answer", "--certificate", tmp_path / "tsa.pem",
    )  # fmt: skip

    (kept,) = listed(workspace)
    assert (written.exit_code, added.exit_code) == (0, 0), added.stderr
    assert (kept["kind"], kept["name"]) == ("timestamp", "CN=Sun Dial")


def answered_by_openssl(folder: Path) -> None:
    """Answer the file `request` by an authority whose certificate is its own root."""
    (folder / "openssl.cnf").write_text(
        "[req]\ndistinguished_name = dn\nx509_extensions = ext\n[dn]\n"
        "[ext]\nextendedKeyUsage = critical, timeStamping\n"
        "[tsa]\ndefault_tsa = one\n[one]\nserial = serial\ncrypto_device = builtin\n"
        "signer_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256, sha512\n"
        "ess_cert_id_chain = no\ness_cert_id_alg = sha256\n"
    )
    (folder / "serial").write_text("01\n")
    make = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    files = "-config openssl.cnf -keyout tsa.key -out tsa.pem"
    reply = "ts -reply -config openssl.cnf -queryfile request -signer tsa.pem -inkey tsa.key"
    for arguments in (
        [*make.split(), *files.split(), "-subj", "/CN=Sun Dial"],
        [*reply.split(), "-out", "answer"],
    ):
        subprocess.run(  # noqa: S603  # what is written above
            ["openssl", *arguments],  # noqa: S607  # as it is installed
            cwd=folder, check=True, capture_output=True,
        )  # fmt: skip


# ---- `log verify`


@pytest.fixture
def witnessed(workspace: Path, tmp_path: Path) -> Path:
    """The workspace, its log of 4 entries seen by a witness and an authority, and grown since."""
    grow(workspace, 4)
    assert add_cosigned(workspace, tmp_path) == 0
    assert add_stamped(workspace, tmp_path) == 0
    grow(workspace, 3)
    return workspace


def test_verify_checks_what_witnesses_said_and_lists_it(
    emeritus: Emeritus, witnessed: Path
) -> None:
    del witnessed  # the current folder

    verified = emeritus("log", "verify", "--json")
    shown = emeritus("log", "verify")

    found = [(row["kind"], row["size"]) for row in verified.json["witnesses"]]
    assert (verified.exit_code, found) == (0, [("cosignature", 4), ("timestamp", 5)])
    assert "By the clock of CN=Hour Glass the log had its first 5 entries by 2025" in shown.stdout


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE log_witness SET at = '2020-01-01T00:00:00.000000Z'", "not what the log has of it"),
        (
            "UPDATE log_witness SET evidence = salt FROM log_entry WHERE salt IS NOT NULL",
            "not what the log has of it",
        ),
        ("UPDATE log_witness SET checkpoint = 'x'", "not a signed note"),
        ("UPDATE log_witness SET key = 'x'", "not "),
        ("UPDATE log_witness SET id = 'x' || id", "the log has no entry of it"),
        ("DELETE FROM log_witness", "is not there, but the log states it"),
    ],
    ids=["time", "evidence", "checkpoint", "key", "no entry", "no row"],
)
def test_verify_names_what_of_a_witness_was_changed(
    emeritus: Emeritus, witnessed: Path, statement: str, message: str
) -> None:
    sql(witnessed, statement)

    verified = emeritus("log", "verify", "--json")

    found = verified.json
    assert (verified.exit_code, found["witnesses"]) == (1, [])
    assert all(": witness " in error["file"] for error in found["errors"]), found["errors"]
    assert any(message in error["message"] for error in found["errors"]), found["errors"]


def test_a_witness_that_went_with_its_entry_s_content_is_no_fault(
    emeritus: Emeritus, witnessed: Path
) -> None:
    """As after `preserve restore`, where it was kept after the last sealing."""
    sql(witnessed, "UPDATE log_entry SET salt = NULL, content = NULL WHERE kind = 'witness'")
    sql(witnessed, "DELETE FROM log_witness")

    verified = emeritus("log", "verify", "--json")

    assert (verified.exit_code, verified.json["destroyed"]) == (0, 2), verified.stdout


def test_a_log_rewritten_and_signed_anew_is_caught_by_the_witness_that_it_keeps(
    emeritus: Emeritus, witnessed: Path
) -> None:
    sql(witnessed, """UPDATE log_entry SET subject = 'another' WHERE "index" = 1""")
    shutil.rmtree(witnessed / "log")
    grow(witnessed, 1)

    verified = emeritus("log", "verify", "--json")

    found = verified.json
    assert (verified.exit_code, found["witnesses"]) == (1, [])
    assert [error["message"] for error in found["errors"]] == [
        "a fork: the log of now did not grow from its 4 entries",
        "a fork: the log of now did not grow from its 5 entries",
    ]


def test_the_key_of_a_witness_is_named_as_the_format_says() -> None:
    key = VerifyingKey(WITNESS.name, WITNESS.public[1:], b"\x04")

    assert (key.key_id, key.text) == (WITNESS.key_id, WITNESS.vkey)
