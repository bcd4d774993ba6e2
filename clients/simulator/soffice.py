"""Word 97-2003 forms (.doc): LibreOffice writes them from the .docx of the same form."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

_BATCH = 100  # files a run; a start takes seconds, a file tenths of one
_START_SECONDS = 120
_FILE_SECONDS = 10


class SofficeMissing(Exception):
    """LibreOffice is not installed, or does not convert; the message says what to do."""


def find() -> str:
    """The program. Raises SofficeMissing."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise SofficeMissing(
            "生成 .doc 需要 LibreOffice（Debian：apt-get install libreoffice-writer）。"
            " Making .doc needs LibreOffice's soffice in PATH."
        )
    return program


def convert_all(folder: Path) -> None:
    """Write beside each .docx of a folder the .doc that LibreOffice makes of it. Raises SofficeMissing, OSError.

    LibreOffice runs with a profile of its own, so that one which is open is left alone.
    """
    program = find()
    files = sorted(folder.glob("*.docx"))
    with tempfile.TemporaryDirectory(prefix="heyan-soffice-") as profile:
        for first in range(0, len(files), _BATCH):
            batch = files[first : first + _BATCH]
            command = [program, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--norestore"]
            command += ["--convert-to", "doc:MS Word 97", "--outdir", str(folder), *map(str, batch)]
            _run(command, _START_SECONDS + _FILE_SECONDS * len(batch))
    missing = [path.name for path in _unconverted(files)]
    if missing:
        raise SofficeMissing(f"LibreOffice 未能转换 soffice did not convert: {', '.join(missing[:5])}")


def _unconverted(files: list[Path]) -> Iterator[Path]:
    return (path for path in files if not path.with_suffix(".doc").exists())


def _run(command: list[str], seconds: float) -> None:
    """soffice is a script that starts others: it gets a session of its own, and all of that is ended."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise SofficeMissing(
                f"LibreOffice 在 {seconds:.0f} 秒内未完成 soffice did not end within {seconds:.0f} s"
            ) from None
        finally:
            if process.poll() is None:  # too slow, or interrupted
                os.killpg(process.pid, signal.SIGKILL)
