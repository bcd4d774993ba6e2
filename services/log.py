"""How we log: to standard error, as text or as JSON (one object a line), and never what a document states.

Ours are written so that they hold no personal data: hashes, names of submissions, codes, counts. Of other packages only
warnings are shown, and of those only where they come from and their template: a parser's remark may quote the file.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime

OURS = ("heyan", "services", "extractors")


def log_to_stderr(level: str, format: str = "text") -> None:
    """Our own log from `level` on; of others only warnings. format: "text" or "json"."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if format == "json" else _Text("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level="WARNING", handlers=[handler], force=True)
    logging.captureWarnings(True)
    for ours in OURS:
        logging.getLogger(ours).setLevel(level)


def where(error: BaseException) -> str:
    """The type of an exception and where it was raised, without its message, which may quote the file."""
    return f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}".rstrip()


def _said(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] in OURS:
        return record.getMessage()
    # a message without arguments may have been put together from anything
    template = str(record.msg) if record.args else ""
    return f"{record.module}:{record.lineno} {template}".rstrip()


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        shown = logging.makeLogRecord({**record.__dict__, "msg": _said(record), "args": None, "exc_info": None})
        shown.exc_text = None
        return super().format(shown) + (f"\n{raised}" if (raised := _raised(record)) else "")


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _said(record),
            "process": record.process,
        }
        if raised := _raised(record):
            line["error"] = raised
        return json.dumps(line, ensure_ascii=False)


def _raised(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if record.exc_info else None
    return "" if error is None else where(error)
