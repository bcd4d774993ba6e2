"""Single property modifiers (2.2.5): the little instructions in which every property is stored.

A grpprl is a run of Prl, each a two-byte sprm and its operand. The top three bits of the sprm (spra) give the size of
the operand, so unknown ones can be stepped over.
"""

from __future__ import annotations

from collections.abc import Iterator

# 2.6.1 character properties
C_F_RMARK_DEL = 0x0800
C_F_RMARK_INS = 0x0801
C_PIC_LOCATION = 0x6A03
C_F_DATA = 0x0806
C_SYMBOL = 0x6A09
C_F_OLE2 = 0x080A
C_ISTD = 0x4A30
C_F_VANISH = 0x083C
C_RG_FTC0 = 0x4A4F
C_RG_FTC2 = 0x4A51
C_F_SPEC = 0x0855
C_F_OBJ = 0x0856

# 2.6.2 paragraph properties
P_ISTD = 0x4600
P_F_IN_TABLE = 0x2416
P_F_TTP = 0x2417
P_ILVL = 0x260A
P_ILFO = 0x460B
P_OUT_LVL = 0x2640
P_HUGE_PAPX_OLD = 0x6645
P_HUGE_PAPX = 0x6646
P_ITAP = 0x6649
P_DTAP = 0x664A
P_F_INNER_TABLE_CELL = 0x244B
P_F_INNER_TTP = 0x244C

# 2.6.3 table properties
T_DXA_LEFT = 0x9601
T_DEF_TABLE_10 = 0xD606
T_DEF_TABLE = 0xD608
T_INSERT = 0x7621
T_DELETE = 0x5622
T_DXA_COL = 0x7623
T_MERGE = 0x5624
T_SPLIT = 0x5625
T_VERT_MERGE = 0xD62B

# 2.6.4 section properties
S_F_TITLE_PAGE = 0x300A

_P_CHG_TABS = 0xC615
_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)


def iter_sprms(grpprl: bytes) -> Iterator[tuple[int, bytes]]:
    """Each sprm and its operand (without the count byte of a variable one), in order.

    Ends at the first that does not fit: what follows cannot be told apart.
    """
    at, end = 0, len(grpprl)
    while at + 2 < end:
        sprm = grpprl[at] | grpprl[at + 1] << 8
        at += 2
        size = _SIZES[sprm >> 13]
        if not size:
            lead, size = _variable(sprm, grpprl, at)
            at += lead
        if at + size > end:
            return
        yield sprm, grpprl[at : at + size]
        at += size


def _variable(sprm: int, grpprl: bytes, at: int) -> tuple[int, int]:
    """Bytes before the operand and its size, where spra is 6."""
    if sprm in (T_DEF_TABLE, T_DEF_TABLE_10):  # 2.9.317: a count of two bytes that counts itself as one
        return 2, max(0, int.from_bytes(grpprl[at : at + 2], "little") - 1)
    if sprm == _P_CHG_TABS and grpprl[at] == 255:  # 2.9.183 PChgTabsOperand: too long for its count
        deleted = grpprl[at + 1] if at + 1 < len(grpprl) else 0
        added_at = at + 2 + 4 * deleted
        added = grpprl[added_at] if added_at < len(grpprl) else 0
        return 1, 2 + 4 * deleted + 3 * added
    return 1, grpprl[at]
