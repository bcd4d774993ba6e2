"""Boxes and blocks that are signed, dated and sealed: opinions (意见) and the commitment (承诺书).

Each place for a pen or a seal is marked in the flow as "slot/sign", "slot/date", "slot/seal".
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from clients.simulator import notation
from clients.simulator.flow import Paragraph, PastedPicture, Run, Table
from clients.simulator.form.writing import Writing
from clients.simulator.plan import SealName, Slot
from clients.simulator.seal import engraved, stamp
from clients.simulator.truth import PastedSeal

_NAMES = {
    "applicant_opinion": ("申报单位意见", "申请单位意见", "学会意见"),
    "provincial_consent": ("省级科协科普部意见", "省级科协（科普部）意见", "省级科协意见"),
    "national_support": ("全国学会意见", "相应全国学会意见"),
}
_DPI = 150  # of pasted seals


def boxes(w: Writing) -> list[tuple[str, Slot]]:
    """The opinion boxes of this applicant's form with their names."""
    slots = [w.facts.slot(id) for id in ("applicant_opinion", "provincial_consent")]
    asked = w.rng.random() < 0.5
    slots += [w.facts.slot("national_support")] if asked else []
    return [(w.rng.choice(_NAMES[slot.id]), slot) for slot in slots if slot is not None]


def opinion_table(w: Writing) -> Table:
    table = Table([32, 126])
    for row, (name, slot) in enumerate(boxes(w)):
        table.put(row, 0, name, centred=True)
        table.put_blocks(row, 1, block(w, slot))
    return table


def commitment(w: Writing) -> tuple[Paragraph, ...]:
    """The sentence of the commitment and its signature."""
    slot = w.facts.slot("commitment")
    if slot is None:
        raise ValueError("a form without a commitment")
    text = w.rng.choice(
        (
            "本单位承诺所填内容真实、准确，按计划实施项目，规范使用经费。",
            "我单位郑重承诺：申报材料真实有效，严格按照有关规定管理和使用项目经费，按时完成任务。",
        )
    )
    return (Paragraph((Run("　　" + text),)), *block(w, slot))


def block(w: Writing, slot: Slot) -> tuple[Paragraph, ...]:
    """Opinion, signature, seal and date, with the room that a seal needs."""
    gap = w.rng.randint(3, 5)
    together = w.rng.random() < 0.3
    signer = slot.signer if w.signed else ""
    sign = f"{w.signature}：{signer or '　' * 7}"
    dated = slot.dated if (w.signed or w.typed_dates) and slot.dated else None
    day = notation.day(dated, w.date_style) if dated else "　　年　　月　　日"
    opinion = [Paragraph((Run(slot.opinion),))] if slot.opinion else []
    lines = [*opinion, *(Paragraph() for _ in range(gap))]
    if together:
        lines.append(Paragraph((Run(f"{sign}　　{w.seal_hint}　　"),), "right", mark=f"{slot.id}/sign+seal"))
    else:
        lines.append(Paragraph((Run(sign + "　　"),), "right", mark=f"{slot.id}/sign"))
        lines.append(Paragraph((Run(w.seal_hint + "　　　　"),), "right", mark=f"{slot.id}/seal"))
    if w.pasted and slot.seal is not None:
        lines.append(Paragraph((), "right", picture=_pasted(w, slot.seal)))
    lines.append(Paragraph((Run(day),), "right", mark=f"{slot.id}/date"))
    _state(w, slot)
    return tuple(lines)


def cover_seal(w: Writing) -> None:
    """The applicant's line on the cover asks for a seal: note it."""
    slot = w.facts.slot("cover")
    if slot is not None and not w.signed:
        _state(w, slot)


def _state(w: Writing, slot: Slot) -> None:
    """What the slot holds, if the paper is signed as planned. A signature's date that nobody wrote is not stated."""
    sealed = slot.seal is not None and (w.pasted or not w.signed)
    w.statement.slots[slot.id] = {
        "opinion": slot.opinion,
        "signature": bool(slot.signer),
        "date": slot.dated.isoformat() if slot.dated else "",
        "seals": [slot.seal.text] if sealed and slot.seal else [],
    }


def _pasted(w: Writing, seal: SealName) -> PastedPicture:
    """A picture of the seal on white, as people cut it out."""
    facts = engraved(seal)
    impression = stamp(w.rng, facts, _DPI)
    cover = impression.ink[..., None].astype(np.float32) / 255
    picture = (255 - cover * (255 - np.array(impression.colour, dtype=np.float32))).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    w.statement.pasted.append(PastedSeal(facts.text, facts.code, facts.centre_text))
    return PastedPicture(buffer.getvalue(), picture.shape[1] / _DPI * 25.4)
