"""A timestamp authority (RFC 3161) that says what a test wants: right tokens and wrong ones.

    authority = authority()
    answer = authority.answer(b"what is stamped", at=time)

It is built from `cryptography` and a few lines of DER, since a real authority refuses to sign
what it must not: with a certificate for another purpose, over SHA-1.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DIGESTS = {
    "sha1": (
        "1.3.14.3.2.26",
        hashes.SHA1(),  # noqa: S303  # to be refused
        "1.2.840.10045.4.1",
    ),
    "sha256": ("2.16.840.1.101.3.4.2.1", hashes.SHA256(), "1.2.840.10045.4.3.2"),
    "sha512": ("2.16.840.1.101.3.4.2.3", hashes.SHA512(), "1.2.840.10045.4.3.4"),
}
_SIGNED_DATA, _TST_INFO = "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"
_CONTENT_TYPE, _MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
_SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"

FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Authority:
    """One that was certified by `root`, by way of an intermediate authority."""

    root: x509.Certificate
    middle: x509.Certificate
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def root_pem(self) -> bytes:
        return self.root.public_bytes(Encoding.PEM)

    def answer(self, message: bytes, *, at: datetime, **wrong: str) -> bytes:
        """Return a TimeStampResp that says that `message` was there `at` then."""
        return _sequence(_sequence(_integer(0)), self.token(message, at=at, **wrong))

    def token(
        self, message: bytes, *, at: datetime, imprint: str = "sha256", signed: str = "sha256"
    ) -> bytes:
        """Return the bare token; `imprint` and `signed` name digests."""
        info = _sequence(
            _integer(1),
            _oid("1.2.3.4.1"),
            _sequence(_algorithm(imprint), _tag(0x04, hashlib.new(imprint, message).digest())),
            _integer(7),
            _tag(0x18, at.strftime("%Y%m%d%H%M%SZ").encode()),
        )
        chain = [one.public_bytes(Encoding.DER) for one in (self.certificate, self.middle)]
        own = hashlib.sha256(chain[0]).digest()
        attributes = sorted(
            [
                _attribute(_CONTENT_TYPE, _oid(_TST_INFO)),
                _attribute(_MESSAGE_DIGEST, _tag(0x04, hashlib.new(signed, info).digest())),
                _attribute(
                    _SIGNING_CERTIFICATE_V2, _sequence(_sequence(_sequence(_tag(0x04, own))))
                ),
            ]
        )
        _, digest, signature_oid = DIGESTS[signed]
        signature = self.key.sign(_tag(0x31, *attributes), ec.ECDSA(digest))
        signer = _sequence(
            _integer(1),
            _sequence(
                self.certificate.issuer.public_bytes(), _integer(self.certificate.serial_number)
            ),
            _algorithm(signed),
            _tag(0xA0, *attributes),
            _sequence(_oid(signature_oid)),
            _tag(0x04, signature),
        )
        signed_data = _sequence(
            _integer(3),
            _tag(0x31, _algorithm(signed)),
            _sequence(_oid(_TST_INFO), _tag(0xA0, _tag(0x04, info))),
            _tag(0xA0, *sorted(chain)),  # DER orders sets
            _tag(0x31, signer),
        )
        return _sequence(_oid(_SIGNED_DATA), _tag(0xA0, signed_data))


def authority(
    *,
    purpose: x509.ObjectIdentifier | None = ExtendedKeyUsageOID.TIME_STAMPING,
    until: datetime = LAST,
    root_until: datetime = LAST,
    by_sha1: bool = False,
) -> Authority:
    """Return an authority; each has a root of its own."""
    root_key, middle_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    root = _certified("Root", root_key, "Root", root_key, until=root_until)
    middle = _certified("Middle", middle_key, "Root", root_key, until=root_until)
    own = _certified("Hour Glass", key, "Middle", middle_key, until=until, purpose=purpose)
    if by_sha1:
        own = _signed_by_sha1(own, middle_key)
    return Authority(root, middle, own, key)


def _certified(
    subject: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    until: datetime,
    purpose: x509.ObjectIdentifier | None = None,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FIRST)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=issuer == "Root", path_length=None), critical=True)
    )
    if purpose is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


def _signed_by_sha1(
    certificate: x509.Certificate, issuer_key: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    """Return the same certificate as no library signs it any more."""
    there, wanted = (_sequence(_oid(DIGESTS[name][2])) for name in ("sha256", "sha1"))
    whole = certificate.tbs_certificate_bytes
    fields = whole[2 + (whole[1] & 0x7F) :]  # its length is a long one
    body = _sequence(fields.replace(there, wanted, 1))
    signature = issuer_key.sign(body, ec.ECDSA(DIGESTS["sha1"][1]))
    return x509.load_der_x509_certificate(_sequence(body, wanted, _tag(0x03, b"\0", signature)))


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _tag(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(length)]) + length + content


def _sequence(*parts: bytes) -> bytes:
    return _tag(0x30, *parts)


def _integer(value: int) -> bytes:
    return _tag(0x02, value.to_bytes(value.bit_length() // 8 + 1))


def _oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    encoded = bytearray([first * 40 + second])
    for arc in rest:
        digits = [arc & 0x7F]
        while arc := arc >> 7:
            digits.append(arc & 0x7F | 0x80)
        encoded += bytes(reversed(digits))
    return _tag(0x06, bytes(encoded))


def _algorithm(name: str) -> bytes:
    return _sequence(_oid(DIGESTS[name][0]))


def _attribute(kind: str, value: bytes) -> bytes:
    return _sequence(_oid(kind), _tag(0x31, value))
