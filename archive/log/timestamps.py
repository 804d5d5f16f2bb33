"""Timestamps of a checkpoint by an authority (RFC 3161): asking for one, and verifying it.

Nothing is sent: the operator carries the request to an authority and brings back its answer.
What is kept is the token (`TimeStampToken`, DER), of which a stranger is told by OpenSSL.
"""

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import rfc3161_client as tsp  # noqa: TID253  # imported when the log is worked on
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.utils import CryptographyDeprecationWarning

from archive.errors import FaultError, InputError

DIGESTS = {"sha256": tsp.HashAlgorithm.SHA256, "sha512": tsp.HashAlgorithm.SHA512}

_SOUND = {"2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3"}
_BROKEN = (hashes.MD5, hashes.SHA1)
_MALFORMED = (
    ValueError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
"""What the libraries raise over certificates and tokens that others have made."""

_WHY = re.compile(r'Verify error: ([^"]+)')
_GRANTED = bytes.fromhex("3003020100")  # PKIStatusInfo
_BROKEN_DIGEST = "rests on a digest that is not SHA-256, SHA-384 or SHA-512"
_MEND = "Ask the authority again, or give its root certificate; nothing was kept."


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an authority has said."""

    authority: str  # the subject of its certificate, RFC 4514
    time: datetime  # UTC
    token: bytes


def request(message: bytes, digest: str) -> bytes:
    """Return a TimeStampReq over `message` with a nonce, that asks for the certificates too."""
    asked = tsp.TimestampRequestBuilder().data(message).hash_algorithm(DIGESTS[digest])
    return asked.nonce(nonce=True).cert_request(cert_request=True).build().as_bytes()


def read_certificates(raw: bytes, *, at: str) -> list[x509.Certificate]:
    """Return the certificates of a file, in PEM or one in DER.

    Raises:
        InputError: There are none, or they cannot be read.
    """
    try:
        if raw.startswith(b"0"):
            return [x509.load_der_x509_certificate(raw)]
        return x509.load_pem_x509_certificates(raw)
    except _MALFORMED as error:
        raise InputError(
            "not certificates in PEM or DER",
            at=at,
            mend="Give the file that the timestamp authority publishes.",
        ) from error


def verified_stamp(
    answer: bytes, message: bytes, trusted: Sequence[x509.Certificate], *, at: str
) -> Stamp:
    """Return what a TimeStampResp or a bare token says of `message`.

    The authority's certificate must be made for timestamps, valid at the time that it states,
    and lead to a root among `trusted`.

    Raises:
        FaultError: It does not verify, or rests on a digest that is broken.
    """
    try:
        response = _parsed(answer)
        with warnings.catch_warnings():
            # of what OpenSSL lets pass; the person here could not mend it
            warnings.simplefilter("ignore", CryptographyDeprecationWarning)
            tsp.VerifierBuilder(roots=list(trusted)).build().verify_message(response, message)
            signer = _signer(response)
            _refuse_broken_digests(response, at)
        return Stamp(
            authority=signer.subject.rfc4514_string(),
            time=response.tst_info.gen_time,
            token=response.time_stamp_token(),
        )
    except (*_MALFORMED, tsp.VerificationError) as error:
        raise FaultError(_in_plain_words(error), at=at, mend=_MEND) from error


def _parsed(answer: bytes) -> tsp.TimeStampResponse:
    try:
        return tsp.decode_timestamp_response(answer)
    except ValueError:
        # a token alone: put into a response again
        size = len(_GRANTED + answer)
        octets = size.to_bytes((size.bit_length() + 7) // 8)
        header = bytes([0x30, 0x80 | len(octets)]) + octets
        return tsp.decode_timestamp_response(header + _GRANTED + answer)


def _refuse_broken_digests(response: tsp.TimeStampResponse, at: str) -> None:
    imprint = response.tst_info.message_imprint.hash_algorithm
    used = {imprint.dotted_string} | {
        digest.dotted_string for digest in response.signed_data.digest_algorithms
    }
    links = [one for one in _certificates(response) if one.issuer != one.subject]
    if used <= _SOUND and not any(
        isinstance(one.signature_hash_algorithm, _BROKEN) for one in links
    ):
        return
    raise FaultError(_BROKEN_DIGEST, at=at, mend=_MEND)


def _certificates(response: tsp.TimeStampResponse) -> list[x509.Certificate]:
    return [x509.load_der_x509_certificate(raw) for raw in response.signed_data.certificates]


def _signer(response: tsp.TimeStampResponse) -> x509.Certificate:
    (signer,) = response.signed_data.signer_infos
    named = (signer.issuer, signer.serial_number)
    return next(one for one in _certificates(response) if (one.issuer, one.serial_number) == named)


def _in_plain_words(error: Exception) -> str:
    """Return why an answer does not verify: the library adds OpenSSL's whole stack to it."""
    text = str(error)
    if text.startswith("Unsupported hash algorithm"):
        return _BROKEN_DIGEST
    if "Mismatch between messages" in text:
        return "the timestamp is over other bytes than this checkpoint"
    if found := _WHY.search(text):
        return f"the timestamp does not verify: {found[1]}"
    if "signature failure" in text:
        return "the timestamp does not verify: its signature is wrong"
    return f"not a timestamp that can be used: {text.partition(': ErrorStack')[0]}"
