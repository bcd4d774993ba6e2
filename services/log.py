"""How we log: to standard error, one format, and never what a document states."""

from __future__ import annotations

import logging
import traceback


def log_to_stderr(level: str) -> None:
    """Our own log from `level` on; of others only warnings, for a parser's remarks may quote the file."""
    logging.basicConfig(level="WARNING", format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for ours in ("heyan", "services", "extractors"):
        logging.getLogger(ours).setLevel(level)


def where(error: BaseException) -> str:
    """The type of an exception and where it was raised, without its message, which may quote the file."""
    return f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}".rstrip()
