"""Form fields (2.9.78 FFData): what is ticked or chosen in FORMCHECKBOX and FORMDROPDOWN.

Such a field has no result in the text. Its state lies in the stream Data, behind a NilPICFAndBinData (2.9.158).
"""

from __future__ import annotations

from extractors.readers.msdoc.binary import take, u16, u32, xst

_TEXT, _CHECKBOX, _DROPDOWN = 0, 1, 2
_UNSET = 25  # iRes: the user has not touched it, so the default wDef holds
_MOST_ENTRIES = 25  # Word's own limit of a list


def shown(data: bytes, offset: int) -> str:
    """☑ or ☐ for a checkbox, the chosen entry of a list, "" for a text field (its text is the field's result).

    Raises Damaged where the structure is cut short.
    """
    size = u32(data, offset, "NilPICFAndBinData.lcb")
    header = u16(data, offset + 4, "NilPICFAndBinData.cbHeader")
    ff = take(data, offset + header, max(0, min(size, len(data) - offset) - header), "FFData")
    bits = u16(ff, 4, "FFData.bits")
    kind, result = bits & 3, bits >> 2 & 0x1F
    _, at = xst(ff, 10, "FFData.xstzName")
    at += 2
    if kind == _CHECKBOX:
        ticked = u16(ff, at, "FFData.wDef") if result == _UNSET else result
        return "☑" if ticked else "☐"
    if kind == _DROPDOWN:
        chosen = u16(ff, at, "FFData.wDef") if result == _UNSET else result
        return _entry(ff, at + 2, chosen)
    return ""


def _entry(ff: bytes, at: int, chosen: int) -> str:
    """An entry of hsttbDropList (2.2.4 STTB), after five texts that are passed over; "" where there is none."""
    for name in ("xstzTextFormat", "xstzHelpText", "xstzStatText", "xstzEntryMcr", "xstzExitMcr"):
        _, at = xst(ff, at, f"FFData.{name}")
        at += 2
    count = u16(ff, at + 2, "hsttbDropList.cData")
    at += 6
    for index in range(min(count, _MOST_ENTRIES)):
        text, at = xst(ff, at, "hsttbDropList")
        if index == chosen:
            return text
    return ""
