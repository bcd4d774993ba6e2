"""The words of WordprocessingML that this reader knows, as lxml names them, and how on/off values are read."""

from __future__ import annotations

from typing import Final

from extractors.readers.docx.package import Element, R, W

MC: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006"
M: Final = "http://schemas.openxmlformats.org/officeDocument/2006/math"
A: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
V: Final = "urn:schemas-microsoft-com:vml"
O: Final = "urn:schemas-microsoft-com:office:office"  # noqa: E741 - the namespace's usual prefix
W14: Final = "http://schemas.microsoft.com/office/word/2010/wordml"
WP: Final = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
DGM: Final = "http://schemas.openxmlformats.org/drawingml/2006/diagram"


def w(name: str) -> str:
    return f"{{{W}}}{name}"


def r(name: str) -> str:
    return f"{{{R}}}{name}"


def value(element: Element | None, name: str = "val") -> str | None:
    """An attribute of the main namespace; None where the element or the attribute is missing."""
    return None if element is None else element.get(w(name))


def number(element: Element | None, otherwise: int, name: str = "val") -> int:
    """A whole number of the main namespace; `otherwise` where it is missing or none."""
    text = value(element, name)
    try:
        return otherwise if text is None else int(text)
    except ValueError:
        return otherwise


def is_on(element: Element | None) -> bool:
    """ST_OnOff: an element without value is on."""
    return element is not None and (value(element) or "1").lower() not in ("0", "false", "off")


def child(element: Element, *path: str) -> Element | None:
    """The first descendant along a path of names of the main namespace."""
    found: Element | None = element
    for name in path:
        if found is None:
            return None
        found = found.find(w(name))
    return found


def alternatives(element: Element) -> list[Element]:
    """mc:AlternateContent offers one content twice: the children of the branch to read.

    The first mc:Choice whose requirements are drawings and text boxes as Word writes them; else the fallback.
    """
    for choice in element.findall(f"{{{MC}}}Choice"):
        if set((choice.get("Requires") or "").split()) <= _KNOWN:
            return list(choice)
    fallback = element.find(f"{{{MC}}}Fallback")
    return [] if fallback is None else list(fallback)


_KNOWN: Final = frozenset({"wps", "wpg", "wpc", "wp14", "w14", "w15", "w16", "a14", "pic14", "v"})
ALTERNATIVE: Final = f"{{{MC}}}AlternateContent"
