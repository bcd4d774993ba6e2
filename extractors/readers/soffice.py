"""LibreOffice as the last resort: what has no reader of ours becomes a .docx, which has one.

Off unless the caller hands over an `Office`. Only text documents go this way, each by the one filter that its content
asks for: left to itself, LibreOffice opens anything at all as plain text. Its profile is new for each file; macros do
not run in it, and links of a document lead nowhere.

Trap: soffice is a script that starts other programs. They form a process group of their own, which is killed as one;
they stay in the session of this process, so that whoever ends that session ends them too.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from extractors.document import Defect
from extractors.errors import Damaged, ReadError, Unsupported
from extractors.limits import Limits
from extractors.readers import ole

# By our name of a format: how the file is called, and LibreOffice's filter for it.
_FILTERS: Final[dict[str, tuple[str, str]]] = {
    "doc": ("file.doc", "MS Word 97"),
    "odf": ("file.odt", "writer8"),
    "ms-works": ("file.wps", "MS_Works"),
}

_SETTINGS: Final = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    # Whatever asks for the network all the same asks a proxy that is not there.
    ("Inet/Settings", "ooInetProxyType", "1"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


@dataclass(frozen=True, slots=True)
class Office:
    """program: path of soffice. seconds: what a conversion may take."""

    program: str
    seconds: float = 60.0


def format_of(error: ReadError, data: bytes) -> str:
    """The format that LibreOffice may open where our reading ended in `error`; "" for none."""
    if isinstance(error, Unsupported):
        return error.format if error.format in _FILTERS else ""
    return "doc" if isinstance(error, Damaged) and data.startswith(ole.MAGIC) else ""


def to_docx(data: bytes, format: str, office: Office, limits: Limits) -> bytes | None:
    """The document as .docx; None where LibreOffice makes none, none in time, or one beyond limits.file_bytes."""
    name, filter = _FILTERS[format]
    with tempfile.TemporaryDirectory(prefix="heyan-soffice-") as folder:
        work = Path(folder)
        (work / name).write_bytes(data)
        _write_profile(work / "profile")
        command = [
            "env", f"HOME={work}", office.program, f"-env:UserInstallation={(work / 'profile').as_uri()}",
            "--headless", "--norestore", f"--infilter={filter}", "--convert-to", "docx:MS Word 2007 XML",
            "--outdir", str(work / "out"), str(work / name),
        ]  # fmt: skip
        made = work / "out" / "file.docx"
        if not _run(command, office.seconds) or not made.is_file() or made.stat().st_size > limits.file_bytes:
            return None
        return made.read_bytes()


def defect(error: ReadError) -> Defect:
    """What a reader of the report must know. Of a damaged file nobody can say that all of it was seen."""
    return Defect(
        "converted_by_libreoffice",
        "文件由 LibreOffice 转换后读取，请与原件核对。",
        "The file was read after a conversion by LibreOffice; compare it with the original.",
        blind=isinstance(error, Damaged),
    )


def _write_profile(profile: Path) -> None:
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop>'
        "</item>"
        for path, name, value in _SETTINGS
    )
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )


def _run(command: list[str], seconds: float) -> bool:
    """Whether it ended well in time. None of its programs outlives this call."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, process_group=0
    ) as process:
        try:
            return process.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            return False
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
