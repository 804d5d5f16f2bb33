"""What goes over the wire, against servers that do what none should."""

import asyncio
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from interviews.participants.compatible import CompatibleParticipant
from interviews.participants.endpoint import Endpoint, EndpointParticipant
from interviews.participants.seam import Attempt, Cause, Message, Request, Sampling
from tests.conftest import Emeritus
from tests.support.messages_server import Step, serving
from tests.support.raw_server import Raw, http, speaking

KEY = "sk-canary-0123456789abcdef"
EVENTS = b"".join(
    b"data: " + event + b"\n\n"
    for event in (
        b'{"type":"message_start","message":{"model":"m","usage":{}}}',
        b'{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Yes."}}',
        b'{"type":"content_block_stop","index":0}',
        b'{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{}}',
        b'{"type":"message_stop"}',
    )
)
HEAD, CHUNKED = b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


def saying(text: str = "Who are you?") -> Request:
    said = Message(role="user", blocks=[{"type": "text", "text": text}])
    return Request(messages=[said], sampling=Sampling(max_tokens=64))


def participant(
    url: str, *, idle_seconds: float = 0.5, kind: type[EndpointParticipant] = EndpointParticipant
) -> EndpointParticipant:
    endpoint = Endpoint(url=url, key=KEY, model="m", idle_seconds=idle_seconds)
    return kind("anthropic:m", endpoint, takes_temperature=False, facts={})


def asked(
    url: str,
    *requests: Request,
    pause: float = 0,
    kind: type[EndpointParticipant] = EndpointParticipant,
) -> list[Attempt]:
    """Ask one participant each request in turn, with a pause after each."""

    async def ask() -> list[Attempt]:
        one, attempts = participant(url, kind=kind), list[Attempt]()
        try:
            for request in requests or (saying(),):
                attempts.append(await one.reply(request, on_text=lambda _: None))
                await asyncio.sleep(pause)
        finally:
            await one.close()
        return attempts

    return asyncio.run(ask())


def told(attempt: Attempt) -> tuple[int | None, Cause | None, str]:
    if attempt.failure is None:
        return attempt.status, None, attempt.text
    return attempt.status, attempt.failure.cause, attempt.failure.message


# --- What is no HTTP --------------------------------------------------------------------------

BROKE = "the connection broke: "
UNANSWERED = f"{BROKE}closed by the server without an answer"
CUT = f"{BROKE}closed by the server before the end of its response"


@pytest.mark.parametrize(
    ("answer", "status", "message"),
    [
        pytest.param(
            Raw(pieces=[b"SSH-2.0-OpenSSH_9.2\r\n\r\n"]),
            None, f"{BROKE}not HTTP: Bad status line", id="another protocol",
        ),
        pytest.param(
            Raw(pieces=[b"HTTP/1.1 twohundred OK\r\n\r\n"]),
            None, f"{BROKE}not HTTP: Bad status line", id="a status that is no number",
        ),
        pytest.param(
            Raw(pieces=[HEAD + b"content-le"]),
            None, UNANSWERED, id="half a head",
        ),
        pytest.param(
            Raw(pieces=[HEAD + b"x: " + b"a" * 70_000 + b"\r\ncontent-length: 0\r\n\r\n"]),
            None, f"{BROKE}not HTTP: Got more than 65536 bytes when reading",
            id="a header of 70 kB",
        ),
        pytest.param(
            Raw(pieces=[HEAD + b"x: a\r\n" * 10_000 + b"content-length: 0\r\n\r\n"]),
            None, f"{BROKE}not HTTP: Too many headers received", id="10,000 headers",
        ),
        pytest.param(
            Raw(pieces=[HEAD + b"x: a\0b\r\ncontent-length: 0\r\n\r\n"]),
            None, f"{BROKE}not HTTP: Invalid HTTP header", id="U+0000 in a header",
        ),
        pytest.param(
            Raw(pieces=[HEAD + b"content-length: many\r\n\r\n" + EVENTS]),
            None, f"{BROKE}not HTTP: Invalid character in Content-Length",
            id="a length that is no number",
        ),
        pytest.param(
            Raw(pieces=[HEAD + b"content-length: 9999\r\n\r\n" + EVENTS[:300]]),
            200, CUT, id="less than the length says",
        ),
        pytest.param(
            Raw(pieces=[HEAD + b"content-length: 10\r\n\r\n" + EVENTS]),
            None, f"{BROKE}not HTTP: Bad status line", id="more than the length says",
        ),
        pytest.param(
            Raw(pieces=[CHUNKED, b"6\r\ndata: \r\n", b"zz\r\n"], pause=0.05),
            200, f"{BROKE}not HTTP: Invalid character in chunk size", id="a chunk of size zz",
        ),
        pytest.param(
            Raw(pieces=[CHUNKED, b"6\r\ndata: \r\n", b"f" * 20 + b"\r\n"], pause=0.05),
            200, f"{BROKE}not HTTP: Chunk size overflow", id="a chunk beyond all size",
        ),
        pytest.param(
            Raw(pieces=[CHUNKED, b"6\r\ndata: \r\n"], then="reset", pause=0.05),
            200, f"{BROKE}Connection reset by peer", id="a reset between chunks",
        ),
        pytest.param(
            Raw(pieces=[HEAD + b"\r\n" + EVENTS[:300]]),
            200, "the stream ended before the reply", id="cut where no length was said",
        ),
        pytest.param(
            Raw(pieces=[b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"]),
            101, "Switching Protocols", id="another protocol offered",
        ),
    ],
)  # fmt: skip
def test_bytes_that_are_no_reply_are_a_failed_attempt(
    answer: Raw, status: int | None, message: str
) -> None:
    with speaking(answer) as server:
        (attempt,) = asked(server.url)

    assert (told(attempt)[0], told(attempt)[2], attempt.blocks) == (status, message, ())
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Raw(pieces=[http(EVENTS, f"x: {'a' * 60_000}")]), id="a header of 60 kB"),
        pytest.param(
            Raw(pieces=[b"HTTP/1.1 103 Early Hints\r\n\r\n" * 5 + http(EVENTS)]), id="early hints"
        ),
        pytest.param(
            Raw(pieces=[HEAD.replace(b"1.1", b"1.0") + b"\r\n" + EVENTS]), id="HTTP/1.0"
        ),
        pytest.param(
            Raw(pieces=[piece.to_bytes() for piece in http(EVENTS[:700])], pause=0.0005),
            id="byte by byte",
        ),
        pytest.param(
            Raw(pieces=[CHUNKED + b"A00000\r\n" + EVENTS + b":" * (0xA00000 - len(EVENTS)) + b"\r\n0\r\n\r\n"]),
            id="10 MB in one chunk",
        ),
    ],
)  # fmt: skip
def test_an_odd_reply_is_a_reply(answer: Raw) -> None:
    with speaking(answer) as server:
        (attempt,) = asked(server.url)

    assert told(attempt) == (200, None, "Yes.")


def test_what_came_that_is_no_http_is_not_repeated() -> None:
    """It may be the key."""
    head = f"HTTP/1.1 200 OK\r\n{KEY}\0: {KEY}\0\r\n\r\n"

    with speaking(Raw(pieces=[head.encode()])) as server:
        (attempt,) = asked(server.url)

    assert attempt.failure is not None
    assert attempt.failure.message.startswith(f"{BROKE}not HTTP")
    assert KEY not in repr(attempt)


# --- Connections ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "fates", "connections"),
    [
        pytest.param(Raw(pieces=[http(EVENTS)], then="keep"), None, ["Yes."] * 3, 1, id="kept"),
        pytest.param(
            Raw(pieces=[http(EVENTS)], then="close"), None, ["Yes."] * 3, 3, id="closed while idle"
        ),
        pytest.param(
            Raw(pieces=[http(EVENTS)], then="reset", pause=0.03), None, ["Yes."] * 3, 3,
            id="reset while idle",
        ),
        pytest.param(
            Raw(pieces=[http(EVENTS)], then="keep"),
            Raw(then="close"),
            ["Yes.", UNANSWERED, UNANSWERED],
            2, id="closed at the next request",
        ),
        pytest.param(
            Raw(pieces=[http(EVENTS)], then="keep"),
            Raw(then="reset"),
            ["Yes.", f"{BROKE}Connection reset by peer", f"{BROKE}Connection reset by peer"],
            2, id="reset at the next request",
        ),
    ],
)  # fmt: skip
def test_each_request_that_reached_the_server_is_an_attempt(
    first: Raw, second: Raw | None, fates: list[str], connections: int
) -> None:
    """A library that asks again by itself, when a kept connection turns out closed, would not be."""
    with speaking(first, second or first) as server:
        attempts = asked(server.url, *[saying()] * 3, pause=0.06)

    assert [told(attempt)[2] for attempt in attempts] == fates
    assert (len(server.requests), len(server.connections)) == (3, connections)


def test_a_surplus_response_answers_no_later_request() -> None:
    surplus = http(EVENTS.replace(b"Yes.", b"No. "))
    late = Raw(pieces=[http(EVENTS), surplus], then="keep", pause=0.05)

    with speaking(late, Raw(pieces=[http(EVENTS)], then="keep")) as server:
        attempts = asked(server.url, saying(), saying(), pause=0.1)

    assert [told(attempt)[2] for attempt in attempts] == ["Yes.", "Yes."]


def test_as_many_connections_are_opened_as_are_asked_for() -> None:
    """None is answered before all are there: one that waited for another would wait for ever."""
    at_once = 150

    async def ask(url: str, there: Callable[[], bool]) -> None:
        one = participant(url, idle_seconds=60)
        asking = [
            asyncio.create_task(one.reply(saying(), on_text=lambda _: None)) for _ in range(at_once)
        ]
        async with asyncio.timeout(30):
            while not there():  # noqa: ASYNC110  # the server is in another thread
                await asyncio.sleep(0.02)
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        await one.close()

    with serving(lambda _: Step(fault="hang", after=None)) as server:
        asyncio.run(ask(server.url, lambda: len(server.requests) == at_once))

    assert len(server.requests) == at_once


@pytest.mark.parametrize("pieces", [[], [CHUNKED + b"6\r\ndata: \r\n"]], ids=["before", "within"])
def test_a_canceled_attempt_closes_its_connection_at_once(pieces: list[bytes]) -> None:
    async def ask(url: str, left: Callable[[float], bool]) -> bool:
        one = participant(url, idle_seconds=60)
        asking = asyncio.create_task(one.reply(saying(), on_text=lambda _: None))
        await asyncio.sleep(0.3)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        closed = await asyncio.to_thread(left, 2)
        await one.close()
        return closed

    with speaking(Raw(pieces=pieces, then="keep")) as server:
        assert asyncio.run(ask(server.url, server.left.wait))


def test_a_server_that_never_reads_is_given_up() -> None:
    async def ask() -> Attempt:
        async def deaf(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.transport.pause_reading()  # type: ignore[attr-defined]  # it is a socket's
            await given_up.wait()
            writer.transport.abort()

        given_up = asyncio.Event()
        async with await asyncio.start_server(deaf, "127.0.0.1", 0, limit=1) as server:
            host, port = server.sockets[0].getsockname()
            one = participant(f"http://{host}:{port}", idle_seconds=0.2)
            try:
                return await one.reply(saying("x" * 20_000_000), on_text=lambda _: None)
            finally:
                await one.close()
                given_up.set()

    attempt = asyncio.run(ask())

    assert told(attempt)[:2] == (None, Cause.UNREACHABLE)


# --- Requests ---------------------------------------------------------------------------------


USUAL = {
    "accept", "accept-encoding", "authorization", "connection", "content-length", "content-type",
    "host", "user-agent",
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "own"),
    [
        pytest.param(EndpointParticipant, {"anthropic-version"}, id="Messages"),
        pytest.param(CompatibleParticipant, set[str](), id="completions"),
    ],
)
def test_no_header_is_sent_twice_or_unasked(kind: type[EndpointParticipant], own: set[str]) -> None:
    with speaking(Raw(pieces=[http(EVENTS)])) as server:
        asked(server.url, kind=kind)

    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    lines = [line.split(": ", 1) for line in head.decode().split("\r\n")[1:]]
    sent = {name.lower(): value for name, value in lines}
    assert len(sent) == len(lines)
    assert {name for name in sent if not name.startswith("x-stainless-")} == USUAL | own
    assert (sent["accept-encoding"], sent["content-type"]) == ("identity", "application/json")
    assert (sent["content-length"], "aiohttp" in sent["user-agent"]) == (str(len(body)), False)


def test_no_cookie_is_sent_back() -> None:
    with speaking(Raw(pieces=[http(EVENTS, "set-cookie: a=b; path=/")], then="keep")) as server:
        asked(server.url, saying(), saying())

    assert len(server.requests) == 2
    assert b"cookie" not in server.requests[1].lower()


def test_a_prompt_of_two_megabytes_is_sent_whole() -> None:
    text = "Is this long? " * 150_000

    with serving() as server:
        (attempt,) = asked(server.url, saying(text))

    assert attempt.failure is None
    assert server.requests[0].body["messages"][0]["content"][0]["text"] == text


# --- What stands between ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["HTTP_PROXY", "ALL_PROXY"])
def test_the_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with speaking(Raw(pieces=[http(EVENTS)])) as proxy:
        monkeypatch.setenv(name, proxy.url.replace("://", "://ana:secret@"))
        (attempt,) = asked("http://provider.invalid/base")

    assert told(attempt) == (200, None, "Yes.")
    first, *headers = proxy.requests[0].split(b"\r\n")
    assert first == b"POST http://provider.invalid/base/v1/messages HTTP/1.1"
    assert b"Proxy-Authorization: Basic YW5hOnNlY3JldA==" in headers


@pytest.mark.parametrize("bypassed", ["provider.invalid", ".invalid", "*"])
def test_no_proxy_is_used_where_none_is_to_be(
    monkeypatch: pytest.MonkeyPatch, bypassed: str
) -> None:
    with speaking(Raw(pieces=[http(EVENTS)])) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", bypassed)
        (attempt,) = asked("http://provider.invalid")

    assert told(attempt)[:2] == (None, Cause.UNREACHABLE)
    assert proxy.requests == []


def test_a_proxy_that_refuses_is_named_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n"
    with speaking(Raw(pieces=[refusal])) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        (attempt,) = asked("https://provider.invalid")

    said = "cannot reach https://provider.invalid: the proxy refused, with status 407"
    assert told(attempt) == (None, Cause.UNREACHABLE, said)
    assert KEY.encode() not in proxy.requests[0]


@pytest.mark.usefixtures("workspace")
def test_a_proxy_that_cannot_be_used_is_refused_before_the_first_request(
    monkeypatch: pytest.MonkeyPatch, emeritus: Emeritus
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("HTTPS_PROXY", "socks5://ana:secret@127.0.0.1:9")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "https://provider.invalid")

    result = emeritus("interview", "run", "halcyon-2", "--pilot")

    assert result.exit_code == 2
    assert "HTTPS_PROXY: the proxy for provider.invalid speaks socks5" in result.stderr
    assert "secret" not in result.stderr


def test_a_certificate_is_checked_against_those_that_the_environment_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    certificate = self_signed(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with speaking(Raw(pieces=[http(EVENTS)]), tls=tls) as server:
        url = server.url.replace("127.0.0.1", "localhost")
        (refused,) = asked(url)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        (accepted,) = asked(url)

    assert told(refused)[:2] == (None, Cause.UNREACHABLE)
    assert "certificate verify failed" in told(refused)[2]
    assert told(accepted) == (200, None, "Yes.")
    assert len(server.requests) == 1


def self_signed(folder: Path) -> Path:
    """Return a file with a certificate for localhost and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "certificate.pem"
    path.write_bytes(certificate.public_bytes(pem) + secret)
    return path
