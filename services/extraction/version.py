"""What a reading depends on besides the file: one that is kept is used again only where it would be the same."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import extractors
import services.extraction
from extractors.forms.spec import FormSpec
from services.settings import Settings

_EXTRACTORS = Path(extractors.__file__).parent
_WIRE = Path(services.extraction.__file__).parent
# What finds fields in a document, and nothing that makes one. `values` is of both.
_FINDER = ("forms/", "values/", "extract.py")
_ONLY_FINDER = ("forms/", "extract.py")
_READER_PACKAGES = (
    "lxml", "msoffcrypto-tool", "numpy", "olefile", "onnxruntime", "opencv-python-headless", "openvino", "pdfplumber",
    "pillow", "pillow-heif", "pypdfium2", "pytesseract", "rapidocr",
)  # fmt: skip
_FINDER_PACKAGES = ("phonenumbers", "python-stdnum", "rapidfuzz")


def reader_version(settings: Settings) -> str:
    """A digest of what makes a document of bytes: our code, the packages below it, the engine and the limits."""
    made_by = {
        "code": _code(),
        "packages": {name: _version(name) for name in _READER_PACKAGES},
        "engine": settings.engine,
        "soffice": settings.soffice,
        "limits": dataclasses.asdict(settings.limits),
    }
    return _digest(made_by)


def forms_version(forms: tuple[FormSpec, ...]) -> str:
    """A digest of what makes kind and fields of a document: the forms, and the code that looks for them."""
    # a call's forms are asked about again and again, and hashing what they consist of takes a while
    known = _asked_lately.get(id(forms))
    if known is None or known[0] is not forms:
        if len(_asked_lately) >= _MOST_ASKED:
            _asked_lately.clear()
        known = _asked_lately[id(forms)] = (forms, _forms_version(forms))
    return known[1]


_MOST_ASKED = 64
_asked_lately: dict[int, tuple[tuple[FormSpec, ...], str]] = {}


@lru_cache(maxsize=64)
def _forms_version(forms: tuple[FormSpec, ...]) -> str:
    packages = {name: _version(name) for name in _FINDER_PACKAGES}
    return _digest({"forms": [dataclasses.asdict(form) for form in forms], "code": _finder(), "packages": packages})


@cache
def _code() -> str:
    files = [path for path in _files(_EXTRACTORS) if not _named(path).startswith(_ONLY_FINDER)]
    return _digest_of([*files, _WIRE / "wire.py", _WIRE / "worker.py"])


@cache
def _finder() -> str:
    return _digest_of([path for path in _files(_EXTRACTORS) if _named(path).startswith(_FINDER)])


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def _named(path: Path) -> str:
    return path.relative_to(_EXTRACTORS).as_posix()


def _digest_of(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _digest(made_by: object) -> str:
    return hashlib.sha256(json.dumps(made_by, sort_keys=True, ensure_ascii=False, default=sorted).encode()).hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
