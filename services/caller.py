"""Who calls. One place for it: whoever brings certificates and tokens decides here, and nothing else changes."""

from __future__ import annotations

from services.status import Context

LOCAL = "local"


def caller_of(context: Context) -> str:
    """The portal whose request this is. There is one so far: whoever reaches the listener is "local"."""
    return LOCAL
