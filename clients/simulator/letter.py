"""The pairing letter (函): what it says and how it is laid out on a page of A4, ready to be drawn.

Layouts: "plain" (title on top), "red-head" (红头, the sender in red above a red rule), "boxed-reply" (the county's
reply in a ruled box), "countersigned" (the county agrees below the signature). Seals are pressed over signature and
date (骑年盖月).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from clients.simulator import fonts, notation
from clients.simulator.chance import stream
from clients.simulator.fonts import Face
from clients.simulator.linebreak import breaks
from clients.simulator.page import BLACK, HEIGHT_MM, RED, WIDTH_MM, Colour, Rule, Sheet, Stamp, Text, width_of
from clients.simulator.plan import LetterFacts, SealName
from clients.simulator.seal import engraved
from clients.simulator.truth import Statement

LAYOUTS = ("plain", "red-head", "boxed-reply", "countersigned")
_SIZES = (5.64, 5.3, 4.94, 4.6, 4.23, 3.7)  # of an em in mm: 三号 (16 pt) downwards
_LOWEST = HEIGHT_MM - 14

_OPENINGS = (
    "为深入贯彻落实《乡村振兴农民科学素质提升行动实施方案（2019—2022年）》，推动科技志愿服务与“我为群众办实事”实践活动紧密结合，",
    "为贯彻落实中国科协关于组织实施科技志愿服务“智惠行动”的部署，服务乡村振兴，",
    "根据中国科协科普部关于“智惠行动·百会百县乡村行”系列科技志愿服务项目申报的通知要求，",
    "为扎实开展“智惠行动·百会百县乡村行”活动，助力提升农民科技文化素质，",
)
_INTENTS = (
    "我会拟与贵单位结对，在{county}共同开展“{project}”科技志愿服务活动。",
    "经前期沟通，我会计划组织专家赴{county}，共同开展“{project}”活动。",
    "我会拟申报项目，活动名称为“{project}”，商请贵单位共同组织实施。",
)
_CONTENTS = (
    "活动拟包括{items}等内容，由我会选派专家并承担相关费用，请贵单位协助做好活动场地、人员组织及宣传等工作。",
    "主要内容：{items}。我会负责专家选派和资料准备，贵单位负责对接乡镇、组织群众参加。",
    "活动期间将开展{items}，具体时间、地点由双方另行商定。",
)
_MIDDLES = (
    "贵县农业特色鲜明、群众基础扎实，我会已组建由多名专家组成的科技志愿服务队，愿为贵县乡村产业发展提供长期的科技支持。",
    "活动经费由我会从项目经费中列支，不增加基层负担。活动严格遵守当地疫情防控要求。",
    "结对期间，双方将充分发挥校长、医院院长、农技站站长等“三长”作用，共同培育当地科技志愿服务队伍。",
)
_CLOSINGS = ("特此函商，请予支持为盼。", "特此致函，盼予支持。", "专此函达，请予函复。", "以上事项，请研究函复。")
_REPLY_BY = ("请于{day}前将意见函复我会。", "如无不同意见，请于{day}前加盖公章后回复。", "敬请于{day}前函复。")
_CONSENTS = (
    "来函收悉。经研究，我单位同意与贵会结对，共同开展“{project}”科技志愿服务活动，并做好相关配合工作。",
    "贵会《关于商请共同开展科技志愿服务活动的函》收悉，同意结对开展活动，我们将积极配合。",
    "同意与贵会结对，共同组织实施该项目。",
)


@dataclass(frozen=True, slots=True)
class _Style:
    """How this letter is set. Sizes and distances in mm."""

    body: Face
    title: Face
    size: float
    left: float
    right: float  # right edge of the text, from the left edge of the paper
    leading: float


class _Setter:
    """Sets lines on sheets from top to bottom."""

    def __init__(self, style: _Style, top: float) -> None:
        self.sheets = [Sheet()]
        self.style = style
        self.y = top

    @property
    def sheet(self) -> Sheet:
        """The sheet that is being set."""
        return self.sheets[-1]

    def turn_page(self, top: float) -> None:
        self.sheets.append(Sheet())
        self.y = top

    def put(self, text: str, x: float, *, size: float = 0, face: Face | None = None, colour: Colour = BLACK) -> None:
        """A piece of text on the current line."""
        style = self.style
        self.sheet.texts.append(Text(text, x, self.y, size or style.size, face or style.body, colour))

    def line(self, text: str, align: str, *, size: float = 0, face: Face | None = None, step: float = 0) -> None:
        """One line of its own. align: left, centre, right."""
        style = self.style
        width = width_of(text, size or style.size, face or style.body)
        x = {"left": style.left, "centre": (WIDTH_MM - width) / 2, "right": style.right - width}[align]
        self.put(text, x, size=size, face=face)
        self.y += step or style.leading

    def paragraph(self, text: str, *, left: float = 0, right: float = 0) -> None:
        """Running text, indented by two characters, broken where Chinese text may be."""
        style = self.style
        start, end = left or style.left, right or style.right
        for index, part in enumerate(wrap(text, style.size, style.body, end - start)):
            self.put(part, start + (2 * style.size * style.body.width if index == 0 else 0))
            self.y += style.leading


def wrap(text: str, size: float, face: Face, width: float) -> list[str]:
    """Break a paragraph into lines; the first is two characters shorter."""
    advances = [width_of(character, size, face) for character in text]
    return [text[start:end] for start, end in breaks(text, advances, width - 2 * size * face.width, width)]


def compose(chance: str, facts: LetterFacts, layout: str, *, apart: bool) -> tuple[list[Sheet], Statement]:
    """The letter's pages, and what it states. layout: one of LAYOUTS. chance: name of the stream that is drawn from.

    apart: the reply stands on a second page. The type is set as large as fits.
    """
    sizes = list(_SIZES[stream(chance, "size").randrange(3) :])
    for size in sizes:
        rng = stream(chance, "text")
        sheets, statement = _set(rng, facts, layout, size, apart=apart)
        if all(sheet.bottom < _LOWEST for sheet in sheets):
            if facts.stray is not None:
                _stray(stream(chance, "stray"), sheets, facts.stray)
            return sheets, statement
    raise ValueError("the letter does not fit its page at the smallest size")


def _stray(rng: Random, sheets: list[Sheet], seal: SealName) -> None:
    """A seal where nobody signs: on a sheet of its own, or on the empty margin at the top."""
    if rng.random() < 0.5:
        sheets.append(Sheet())
        x, y = rng.uniform(60, 150), rng.uniform(90, 200)
    else:
        x, y = rng.uniform(160, 180), rng.uniform(25, 32)
    sheets[-1].stamps.append(Stamp(engraved(seal), x, y, seal.impression))


def _set(rng: Random, facts: LetterFacts, layout: str, size: float, *, apart: bool) -> tuple[list[Sheet], Statement]:
    """The letter at one size of type (mm), whether it fits or not."""
    statement = Statement()
    setter = _Setter(_style(rng, size), rng.uniform(24, 36))
    if layout == "red-head":
        _red_head(rng, setter, facts, statement)
    _title(rng, setter, facts, statement, numbered=layout != "red-head")
    setter.line(facts.addressee_name + "：", "left")
    statement.state("addressee", facts.addressee_name)
    date_style = rng.choice(("arabic", "arabic", "chinese"))
    _body(rng, setter, facts, statement)
    _signature(rng, setter, facts, statement, date_style)
    _reply(rng, setter, facts, statement, layout, apart=apart)
    return setter.sheets, statement


def _style(rng: Random, size: float) -> _Style:
    """A face and margins for a size."""
    width = rng.choice((1.0, 1.0, 0.94, 0.9))
    body = Face(rng.choice((fonts.SONG, fonts.SONG, fonts.HEI)), rng.choice((0.0, 0.0, 0.008)), width)
    title = Face(rng.choice((fonts.SONG, fonts.HEI)), rng.choice((0.02, 0.03)))
    left = rng.uniform(24, 30)
    return _Style(body, title, size, left, WIDTH_MM - rng.uniform(24, 28), size * rng.uniform(1.6, 1.8))


def _red_head(rng: Random, setter: _Setter, facts: LetterFacts, statement: Statement) -> None:
    """红头: the sender in red, the number, a red rule."""
    head = facts.sender.name + rng.choice(("", "文件", "函"))
    size = min(17.0, 150 / len(head))
    face = Face(fonts.SONG, 0.03)
    setter.put(head, (WIDTH_MM - width_of(head, size, face)) / 2, size=size, face=face, colour=RED)
    setter.y += size * 1.75
    if facts.number:
        statement.state("document_number", facts.number)
        setter.line(facts.number, rng.choice(("centre", "right", "left")))
    style = setter.style
    setter.sheet.rules.append(Rule(style.left - 2, setter.y, style.right + 2, setter.y, 0.7, RED))
    setter.y += 8


def _title(rng: Random, setter: _Setter, facts: LetterFacts, statement: Statement, *, numbered: bool) -> None:
    tail = "关于商请共同开展科技志愿服务活动的函"
    whole = facts.sender.name + tail
    statement.state("title", whole)
    size = rng.uniform(6.6, 7.6)
    face = setter.style.title
    fits = width_of(whole, size, face) < 160
    if fits and rng.random() < 0.5:
        lines = [whole]
    elif rng.random() < 0.5 or len(facts.sender.name) > 12:
        lines = [facts.sender.name, tail]
    else:
        lines = [facts.sender.name + "关于商请共同开展", "科技志愿服务活动的函"]
    for line in lines:
        setter.line(line, "centre", size=size, face=face, step=size * 1.6)
    if numbered and facts.number:
        statement.state("document_number", facts.number)
        setter.line(facts.number, rng.choice(("centre", "right")))
    setter.y += rng.uniform(2, 6)


def _body(rng: Random, setter: _Setter, facts: LetterFacts, statement: Statement) -> None:
    intent = rng.choice(_INTENTS).format(county=facts.county.name, project=facts.project)
    statement.state("activity_name", facts.project)
    setter.paragraph(rng.choice(_OPENINGS) + intent)
    if rng.random() < 0.4:
        setter.paragraph(rng.choice(_MIDDLES))
    _content(rng, setter, facts)
    if facts.reply_by is not None:
        setter.paragraph(rng.choice(_REPLY_BY).format(day=notation.day(facts.reply_by, "arabic")))
        statement.state("reply_by", facts.reply_by.isoformat())
    setter.paragraph(rng.choice(_CLOSINGS))
    _contact(rng, setter, facts, statement)


def _content(rng: Random, setter: _Setter, facts: LetterFacts) -> None:
    """What is going to be done, in a sentence or as a numbered list."""
    if rng.random() < 0.7:
        setter.paragraph(rng.choice(_CONTENTS).format(items="、".join(facts.content)))
        return
    setter.paragraph(rng.choice(("拟请贵单位支持的事项如下：", "活动主要内容如下：", "现将有关事项商请如下：")))
    style = rng.choice(("{}、{}。", "（{}）{}。", "{}．{}。"))
    numbers = "123" if "．" in style else "一二三"
    for number, item in zip(numbers, facts.content, strict=False):
        setter.paragraph(style.format(number, item))


def _contact(rng: Random, setter: _Setter, facts: LetterFacts, statement: Statement) -> None:
    name = facts.contact.name
    phone = rng.choice((facts.contact.mobile, facts.contact.landline))
    statement.state("contact_name", name)
    statement.state("contact_phone", phone)
    style = setter.style
    indent = style.left + 2 * style.size
    match rng.randrange(4):
        case 0:
            setter.put(f"（联系人：{name}　电话：{phone}）", indent)
        case 1:
            setter.put(f"联系人：{name}", indent)
            setter.y += style.leading
            setter.put(f"联系电话：{phone}", indent)
        case 2:
            setter.put(f"联 系 人：{name}", indent)
            setter.put(f"联系电话：{phone}", indent + 12 * style.size)
        case _:
            setter.put(f"联系人及电话：{name}，{phone}", indent)
    setter.y += style.leading


def _signature(rng: Random, setter: _Setter, facts: LetterFacts, statement: Statement, date_style: str) -> None:
    """The sender over the date, at the right, the seal across both."""
    style = setter.style
    setter.y += style.leading * rng.uniform(0.9, 1.8)
    name = facts.sender.name + (rng.choice(("（盖章）", "（公章）")) if rng.random() < 0.25 else "")
    day = notation.day(facts.issued_on, date_style)
    statement.state("sender", facts.sender.name)
    statement.state("issued_on", facts.issued_on.isoformat())
    _signed(rng, setter, name, day)
    _stamp(rng, setter, facts.seal)
    _state_slot(statement, "sender_signature", facts.issued_on, facts.seal)
    setter.y += style.leading * 0.6


def _signed(rng: Random, setter: _Setter, name: str, day: str) -> None:
    """Two lines centred on each other, their longer one some characters left of the margin."""
    style = setter.style
    widths = [width_of(text, style.size, style.body) for text in (name, day)]
    middle = style.right - rng.uniform(1.0, 3.0) * style.size - max(widths) / 2
    for text, width in zip((name, day), widths, strict=True):
        setter.put(text, middle - width / 2)
        setter.y += style.leading


def _stamp(rng: Random, setter: _Setter, name: SealName | None) -> None:
    """Press a seal on the two lines that were set last; mostly in the middle of both, sometimes beside."""
    style = setter.style
    day = setter.sheet.texts[-1]
    middle = day.x + width_of(day.text, day.size, day.face) / 2
    x = middle + rng.uniform(-9, 9)
    y = day.y + style.size * 0.4 + rng.uniform(-7, 4)
    if name is None:
        return
    facts = engraved(name)
    radius = facts.diameter_mm / 2
    x, y = min(max(x, radius + 2), WIDTH_MM - radius - 2), min(max(y, radius + 2), HEIGHT_MM - radius - 2)
    setter.sheet.stamps.append(Stamp(facts, x, y, name.impression))


def _state_slot(statement: Statement, id: str, dated: date, seal: SealName | None) -> None:
    statement.slots[id] = {"date": dated.isoformat(), "seals": [seal.text] if seal else []}


def _reply(rng: Random, setter: _Setter, facts: LetterFacts, statement: Statement, layout: str, *, apart: bool) -> None:
    """The county association's consent, signed and sealed: a slip (回执) below a dashed line, a box, a remark."""
    boxed, remark = layout == "boxed-reply", layout == "countersigned"
    if apart:
        setter.turn_page(rng.uniform(30, 45))
    style, sheet = setter.style, setter.sheet
    setter.y += style.leading * 0.7
    top = setter.y
    if not boxed and not apart and not remark:
        sheet.rules.append(Rule(style.left, top, style.right, top, 0.25, dashed=True))
    setter.y += style.leading * 0.4
    inset = 3 if boxed else 0
    if remark:
        heading = rng.choice(("结对县级科协意见：", f"{facts.addressee_name}意见：", "结对单位意见："))
        setter.put(heading, style.left)
        setter.y += style.leading
    else:
        setter.line(rng.choice(("回　执", "回　　执", "回执", "复　函")), "centre", face=style.title)
        setter.put(facts.sender.name + "：", style.left + inset)
        setter.y += style.leading
    consent = rng.choice(_CONSENTS).format(project=facts.project)
    setter.paragraph(consent, left=style.left + inset, right=style.right - inset)
    statement.state("replied_on", facts.replied_on.isoformat())
    name = facts.addressee_name + (rng.choice(("（盖章）", "（公章）")) if rng.random() < 0.3 else "")
    setter.y += style.leading * 0.4
    _signed(rng, setter, name, notation.day(facts.replied_on, rng.choice(("arabic", "chinese", "spaced"))))
    _stamp(rng, setter, facts.county_seal)
    _state_slot(statement, "county_reply", facts.replied_on, facts.county_seal)
    if boxed:
        bottom = setter.y + style.leading * 0.3
        for x, y, x2, y2 in (
            (style.left, top, style.right, top),
            (style.left, bottom, style.right, bottom),
            (style.left, top, style.left, bottom),
            (style.right, top, style.right, bottom),
        ):
            sheet.rules.append(Rule(x, y, x2, y2))
