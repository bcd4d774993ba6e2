"""LibreOffice as the last resort: only where it is handed over, only for what it is meant for, and ended in time."""

from __future__ import annotations

import io
import shutil
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from extractors.document import Page, Source
from extractors.errors import Damaged, Unsupported
from extractors.limits import Limits
from extractors.ocr.engine import Shot, Sight
from extractors.read import read
from extractors.readers.soffice import Office
from tests.build import docx
from tests.processes import ended

NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "text": "text",
        "draw": "drawing",
        "svg": "svg-compatible",
        "manifest": "manifest",
    }.items()
)
LINK = 'xlink:type="simple" xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href='
BROKEN_DOC = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000)


def look(_shot: Shot) -> Sight:
    return Sight(Page(1, Source.OCR), (), ())


def odt(body: str) -> bytes:
    file = io.BytesIO()
    kind = "application/vnd.oasis.opendocument.text"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr(
            "content.xml",
            f'<office:document-content {NAMESPACES} office:version="1.2"><office:body><office:text>{body}'
            "</office:text></office:body></office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest {NAMESPACES}><manifest:file-entry manifest:full-path="/" '
            f'manifest:media-type="{kind}"/><manifest:file-entry manifest:full-path="content.xml" '
            'manifest:media-type="text/xml"/></manifest:manifest>',
        )
    return file.getvalue()


def office(folder: Path, script: str, seconds: float = 20.0) -> Office:
    """A program that stands for soffice: `script` with $out as the folder for what it makes."""
    program = folder / "soffice"
    find_out = 'while [ "$1" != --outdir ]; do shift; done\nout=$2\n'
    program.write_text(f'#!/bin/sh\necho "$@" > {folder}/arguments\n{find_out}mkdir -p "$out"\n{script}\n')
    program.chmod(0o755)
    return Office(str(program), seconds)


def converting(folder: Path) -> Office:
    (folder / "made.docx").write_bytes(docx("项目名称：智惠行动"))
    return office(folder, f'cp {folder}/made.docx "$out/file.docx"')


def test_without_libreoffice_the_format_is_named_as_ever() -> None:
    with pytest.raises(Unsupported, match="odf"):
        read(odt("<text:p>正文</text:p>"), look, Limits())


def test_a_converted_file_keeps_its_format_and_says_that_it_was_converted(tmp_path: Path) -> None:
    document = read(odt("<text:p>正文</text:p>"), look, Limits(), converting(tmp_path))
    assert (document.format, document.text) == ("odf", "项目名称：智惠行动")
    assert [(defect.code, defect.blind) for defect in document.defects] == [("converted_by_libreoffice", False)]
    assert "--infilter=writer8" in (tmp_path / "arguments").read_text()


def test_of_a_damaged_file_nobody_says_that_all_was_seen(tmp_path: Path) -> None:
    document = read(BROKEN_DOC, look, Limits(), converting(tmp_path))
    assert document.format == "doc"
    assert document.blind


def test_what_is_no_text_document_is_not_converted(tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match="rar"):
        read(b"Rar!\x1a\x07\x01\x00" + bytes(99), look, Limits(), converting(tmp_path))
    with pytest.raises(Damaged):
        read(b"%PDF-1.7\n" + bytes(99), look, Limits(), converting(tmp_path))
    assert not (tmp_path / "arguments").exists()


@pytest.mark.parametrize(
    "script",
    ["exit 1", "exit 0", 'echo nonsense > "$out/file.docx"', 'head -c 9000 /dev/zero > "$out/file.docx"'],
)
def test_a_conversion_that_fails_leaves_the_first_error(tmp_path: Path, script: str) -> None:
    data = odt("<text:p>正文</text:p>")
    with pytest.raises(Unsupported, match="odf"):
        read(data, look, Limits(file_bytes=8000), office(tmp_path, script))


def test_a_conversion_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    hanging = office(tmp_path, f"sleep 60 & echo $! > {tmp_path}/child\nwait", 0.5)
    with pytest.raises(Unsupported, match="odf"):
        read(odt("<text:p>正文</text:p>"), look, Limits(), hanging)
    assert ended(int((tmp_path / "child").read_text()))


class _Server(BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012  # for all requests

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(404)
        self.end_headers()

    do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the tests' output is theirs."""


@pytest.fixture
def port() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), _Server)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_rescues_what_of_a_damaged_doc_it_can() -> None:
    whole = (Path(__file__).parent / "msdoc" / "files" / "form.doc").read_bytes()
    at = whole.index(b"\xec\xa5")  # FibBase.wIdent
    damaged = whole[: at + 62] + b"\0\0" + whole[at + 64 :]  # FibRgLw97 with no values
    with pytest.raises(Damaged):
        read(damaged, look, Limits())
    document = read(damaged, look, Limits(), Office(shutil.which("soffice") or ""))
    assert document.format == "doc"
    assert "项目申报书" in document.text
    assert document.blind
    assert document.defects[0].code == "converted_by_libreoffice"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_opendocument_and_follows_no_link(port: int) -> None:
    body = (
        '<text:p>项目名称：智惠行动</text:p><text:p><draw:frame svg:width="3cm" svg:height="3cm">'
        f'<draw:image {LINK}"http://127.0.0.1:{port}/picture.png"/></draw:frame></text:p>'
        f'<text:section text:name="s"><text:section-source {LINK}"http://127.0.0.1:{port}/section.odt"/></text:section>'
    )
    document = read(odt(body), look, Limits(), Office(shutil.which("soffice") or ""))
    assert "项目名称：智惠行动" in document.text
    assert document.defects[0].code == "converted_by_libreoffice"
    assert not _Server.asked
