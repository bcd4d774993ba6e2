"""Control words that need no more than a table: signs, destinations and what becomes of them."""

from __future__ import annotations

from extractors.document import Story

SIGNS = {
    "tab": "\t", "line": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "emspace": "\u2003", "enspace": "\u2002", "softline": "\n", "column": "\n",
}  # fmt: skip
SYMBOLS = {"~": "\u00a0", "_": "-", "{": "{", "}": "}", "\\": "\\", "\n": "\n", "\r": "\n"}

# Destinations that are stories of their own.
STORIES = {
    "header": (Story.HEADER, "header"), "headerl": (Story.HEADER, "even header"), "headerr": (Story.HEADER, "header"),
    "headerf": (Story.HEADER, "first header"), "footer": (Story.FOOTER, "footer"),
    "footerl": (Story.FOOTER, "even footer"), "footerr": (Story.FOOTER, "footer"),
    "footerf": (Story.FOOTER, "first footer"), "footnote": (Story.NOTE, "footnote"),
    "annotation": (Story.COMMENT, "comment"), "shptxt": (Story.TEXT_BOX, "text box"),
}  # fmt: skip
PROPERTIES = {
    "title": "title",
    "subject": "subject",
    "author": "creator",
    "keywords": "keywords",
    "operator": "last_modified_by",
    "company": "company",
}
SKIPPED = frozenset({
    "stylesheet", "colortbl", "listtable", "listoverridetable", "rsidtbl", "generator", "nonshppict", "objdata",
    "datafield", "themedata", "colorschememapping", "latentstyles", "datastore", "xmlnstbl", "filetbl", "revtbl",
    "pgptbl", "fontemb", "fontfile", "falt", "panose", "bkmkstart", "bkmkend", "atnid", "atnauthor", "atndate",
    "atnref", "atnparent", "atrfstart", "atrfend", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn",
    "xe", "tc", "ffentrymcr", "ffexitmcr", "ffhelptext", "ffstattext", "ffdeftext", "ffformat", "ffname", "sn", "sv",
    "sp", "picprop", "blipuid", "creatim", "revtim", "printim", "buptim", "doccomm", "hlinkbase", "userprops",
    "template", "background", "mmath", "docvar",
})  # fmt: skip
SHOWN = frozenset(("fldrslt", "shppict", "result", "shpinst", "listtext", "pntext", "nesttableprops", "fldinst"))
BLIPS = {"jpegblip": "image/jpeg", "pngblip": "image/png", "emfblip": "image/x-emf", "macpict": "image/x-pict"}
