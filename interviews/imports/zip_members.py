"""Members of a zip file, one at a time and each with a bound: deflated, stored or by Zstandard.

The names of members are only ever read: nothing is unpacked to a place that a name says. What the
directory claims of a member's size is not believed but held against what comes out.
"""

import pkgutil
import sys
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from interviews.imports.bounded import UnreadableError

ZSTANDARD = 93  # APPNOTE.TXT 6.3.10, 4.4.5
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, ZSTANDARD}
_LOCAL_HEADER = 30  # bytes, before the name and the extra field
_CHUNK = 1 << 16


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """Return the bytes of a member.

    Raises:
        UnreadableError: It is larger than `most`, damaged, or packed in another way; the words say which.
    """
    if info.flag_bits & 1:
        raise UnreadableError("is encrypted")
    if info.compress_type not in _METHODS:
        raise UnreadableError(f"is packed by method {info.compress_type}, which is not read here")
    if info.file_size > most:
        raise UnreadableError(
            f"says that it is {info.file_size:,} bytes large; at most {most:,} are read"
        )
    found = bytearray()
    for piece in _pieces(archive, info):
        found += piece
        if len(found) > info.file_size:
            raise UnreadableError("is larger than it says")
    if len(found) != info.file_size or zlib.crc32(found) != info.CRC:
        raise UnreadableError("is damaged: its checksum does not hold")
    return bytes(found)


def _pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        if info.compress_type == ZSTANDARD:
            yield from _by_zstandard(archive, info)
            return
        with archive.open(info) as member:
            while piece := member.read(_CHUNK):
                yield piece
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise UnreadableError(f"is damaged: {error}") from error


def _by_zstandard(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    # the standard library's reader takes a whole chunk's output at once, without a bound
    zstd = pkgutil.resolve_name(
        "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
    )
    decompressor = zstd.ZstdDecompressor()
    try:
        for packed in _packed(archive, info):
            data = packed
            while data or not decompressor.needs_input:
                yield decompressor.decompress(data, _CHUNK)
                data = b""
                if decompressor.eof:  # a member may be of several frames
                    data, decompressor = decompressor.unused_data, zstd.ZstdDecompressor()
    except zstd.ZstdError as error:
        raise UnreadableError(f"is damaged: {error}") from error


def _packed(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    file: BinaryIO = archive.fp  # type: ignore[assignment]  # open, as the archive is
    file.seek(info.header_offset)
    header = file.read(_LOCAL_HEADER)
    if len(header) < _LOCAL_HEADER or header[:4] != b"PK\x03\x04":
        raise UnreadableError("is damaged: it has no header of its own")
    name, extra = (int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
    file.seek(info.header_offset + _LOCAL_HEADER + name + extra)
    left = info.compress_size
    while left and (piece := file.read(min(left, _CHUNK))):
        left -= len(piece)
        yield piece
