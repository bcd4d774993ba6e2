"""What a notice of a call (申报通知) states, as far as its words tell: for a draft that a person finishes.

Everything found carries the clause it was found in, so that the draft can quote it. What is not found is None or empty,
never guessed. Work grows with the length of the text, of which at most LONGEST characters are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

from extractors.hanzi import HAN
from extractors.values.characters import fold, squeeze
from extractors.values.dates import find_dates
from extractors.values.emails import read_email
from extractors.values.money import read_money
from extractors.values.numerals import read_numeral
from extractors.values.organisations import is_organisation, normal_form
from extractors.values.phones import read_phone
from services.validation.model import Clause

LONGEST = 100_000
BEIJING = timezone(timedelta(hours=8))

_LINE, _SENTENCE = 4000, 400  # characters of a line, and of a sentence, that are looked at
_HEADING = 24  # characters of the longest heading
_LINK = re.compile(r"!?\[([^\[\]]{0,200})\]\([^()]{0,400}\)")
_MARKUP = re.compile(r"^\s*(?:#{1,6}\s+|[-*>•▶]\s+)")
_TOP = re.compile(r"^([一二三四五六七八九十]{1,3})\s*[、.．]")
_SECOND = re.compile(r"^[(（]([一二三四五六七八九十]{1,3})[)）]")
_ITEM = re.compile(r"^[(（]?(\d{1,2})[)）.、．](?!\d)")

_TITLE_END = re.compile(r"(?:通知|公告|启事|通告|函|申报指南|征集令|邀请函|公示)(?:[(（].{1,16}[)）])?$")
_TOPIC = re.compile(
    r"关于(?:组织|开展|做好|举办|启动|征集|申报|推荐|印发|发布|报送|遴选){0,3}(?P<topic>.{2,80}?)"
    r"(?:的?(?:申报|申请|征集|推荐|报名|遴选|评选|评审|立项|组织|预约)(?:工作|相关工作|活动|事宜|有关事项)?){0,2}的?(?:通知|公告|启事|函)"
)
_NUMBER = re.compile(
    rf"^(?P<body>[{HAN}]{{1,20}})[〔\[【(（](?P<year>(?:19|20)\d\d)[〕\]】)）]\s*第?(?P<number>\d{{1,5}})号"
)
_STAND_IN = re.compile(r"[（(](?:代章|盖章|公章|印章)[)）]$")
_PUBLISHED = re.compile(r"(?:发布|发文|成文|印发)(?:日期|时间)")

_SEND = re.compile("申报|报送|提交|报名|申请|推荐|寄送|邮寄|发送|发至|发到|上传|送达|送至|反馈|受理|预约|上报|填报")
_ELSE = re.compile("总结|验收|结题|公示|结项|完成项目|活动时间|举办时间|评审时间|实施(?:周期|期限|时间)|竣工")
_BY = re.compile(r"^(?:\([^()]{1,16}\))?[^。；;，,、]{0,6}?(?:之?前|以前|止|截止|为止|以内|内)")
_CLOCK = re.compile(
    r"^\s*(?:\([^()]{1,8}\))?\s*(?P<half>上午|下午|晚上?|中午)?\s*(?P<hour>\d{1,2})\s*[:时点](?P<minute>\d{1,2})?"
)
_SHORT = re.compile(r"(?<![\d年.])(?P<month>1[0-2]|0?[1-9])\s*月\s*(?P<day>3[01]|[12]\d|0?[1-9])\s*[日号]")

_NUMERALS = "[一二三四五六七八九十百千零两壹贰叁肆伍陆柒捌玖拾佰仟]"
_MONEY = rf"(?:人民币)?[¥￥]?(?:\d[\d,.]{{0,12}}\s*(?:万元|元|万)|{_NUMERALS}{{1,12}}万?[元圆])"
_CAP = (
    re.compile(rf"(?:不超过|不高于|不得超过|不得高于|最高|上限|限额|至多|不多于)[^，。；,;\d]{{0,12}}?({_MONEY})"),
    re.compile(rf"({_MONEY})\s*(?:以内|以下|封顶|为限|为上限)"),
    re.compile(rf"(?:资助|支持|补助|奖补|给予|补贴)[^，。；,;\d]{{0,14}}?({_MONEY})"),
)
_ABOUT_MONEY = re.compile("资助|支持|补助|经费|金额|奖补|预算|费用|补贴|资金|费")
_COUNT = r"(?P<count>\d{1,3}|[一二两三四五六七八九十]{1,3})\s*(?P<what>个|项|名|家|份|人|件|支|场|篇)"
_QUOTA = (
    re.compile(
        rf"(?:推荐|申报|申请|报送|限报|报名)[^。；;\d]{{0,24}}?(?:不超过|不多于|限|至多|最多)[^，。；\d]{{0,4}}?{_COUNT}"
    ),
    re.compile(rf"限(?:推荐|报|申报|申请|报送)[^，。；\d]{{0,4}}?{_COUNT}"),
    re.compile(rf"每[^，。；,;\d]{{1,14}}(?:限报|限推荐|可推荐|可申报|推荐|申报|限)[^，。；\d]{{0,4}}?{_COUNT}"),
)
_ATTACHED = re.compile(r"^附\s*件\s*(?P<number>\d{0,2})\s*[:：.、]?\s*(?P<rest>.*)$")
_NUMBERED = re.compile(r"^\s*(?P<number>\d{1,2})\s*[.、．:：]\s*(?P<rest>.+)$")
_NUMBERED_INLINE = re.compile(r"(?:^|\s|[;；])(?=\d{1,2}\s*[.、．]\s*[^\d\s])")
_MENTIONED = re.compile(r"《(?P<name>[^《》]{2,40})》\s*[(（]\s*(?:见?附件\s*(?P<number>\d{0,2}))")
_ASKED = re.compile(
    r"(?:填写|提交|提供|递交|附上|报送|填报|出具|签署)[^。；《》]{0,10}(?:《[^《》]{2,40}》[、及和与]?){1,5}"
)
_REFERENCE = re.compile("办法|条例|通知|意见|方案|纲要|规定|规划|指南|细则|章程|法$")
_EXTENSION = re.compile(r"\.(?:docx?|wps|pdf|xlsx?|zip|rar|jpg|png|pptx?)$", re.IGNORECASE)
_SEAL = re.compile("盖章|公章|印章|签章|用印|盖单位章")
_PERIOD = re.compile("完成|总结|结题|结项|实施期|执行期|研究期|实施周期|项目周期|活动时间")
_CONDITIONS = re.compile("条件|对象|资格|范围|要求|材料")  # what a section's heading speaks of
_CONDITION = re.compile(
    "须|必须|应[为当具是由在]|不得|不[超多少低高]|仅限|限[于报]|周岁|以上|复印件|扫描件|证明|证书|[一1]份|一式"
)
_CONTACT = re.compile(r"联\s*系\s*人|联系方式|联系电话|咨询电话|电\s*话|邮\s*箱|E-?mail", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment that the notice lists. number: its own, 0 where it has none. name: without extension and 《》."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last moment to apply. exact: the hour is stated; otherwise the whole day counts (23:59:59)."""

    moment: datetime
    exact: bool
    clause: Clause


@dataclass(frozen=True, slots=True)
class Amount:
    """A greatest amount, in yuan."""

    yuan: Decimal
    clause: Clause


@dataclass(frozen=True, slots=True)
class Notice:
    """What was found. Members are None or empty where the text does not tell.

    topic: what the call is about, from the title. issuer: the name that signs. caps, quotas, seals, periods: every
    clause of that kind, likeliest first. papers: sentences by the attachment's name that they mention. conditions:
    what else is asked of applicants and their papers.
    """

    title: str = ""
    topic: str = ""
    number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    deadlines: tuple[Deadline, ...] = ()
    caps: tuple[Amount, ...] = ()
    quotas: tuple[Clause, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    seals: tuple[Clause, ...] = ()
    periods: tuple[tuple[date, Clause], ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    papers: dict[str, Clause] = field(default_factory=dict)
    conditions: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sentence:
    """heading: of the section, which may say what its sentences are about: 一、申报时间."""

    section: str
    text: str
    heading: str = ""

    @property
    def folded(self) -> str:
        return fold(self.text)

    def clause(self, start: int = 0, end: int = 0) -> Clause:
        """The part of the sentence between the commas around a match; offsets into `folded`. The whole if it is short.

        Words of the notice itself, so that the quote stands there; without the number in front.
        """
        text = self.text
        if len(text) > 60 and len(self.folded) == len(text):
            commas = list(_commas(text))
            left = max((at + 1 for at, mark in commas if at < start), default=0)
            text = text[left : min((at for at, mark in commas if at >= end and mark in "，,"), default=len(text))]
        return Clause(self.section, _bare(text)[:120])


def _commas(text: str) -> Iterator[tuple[int, str]]:
    """Commas and colons outside of brackets, with their offsets."""
    depth = 0
    for at, mark in enumerate(text):
        depth += (mark in "（(“《〔") - (mark in "）)”》〕")
        if depth <= 0 and mark in "，,：:":
            yield at, mark


def read_notice(text: str) -> Notice:
    """What the text of a notice states. Never raises for what it says."""
    lines = [line for line in map(_cleaned, text[:LONGEST].splitlines()) if line]
    sentences = list(_sentences(lines))
    title = _title(lines)
    issuer, issued_on = _signature(lines, title)
    attachments = _attachments(lines, sentences)
    return Notice(
        title=title,
        topic=_topic(title),
        number=_number(lines),
        issuer=issuer,
        issued_on=issued_on,
        deadlines=tuple(_deadlines(sentences, issued_on or _first_year(lines))),
        caps=tuple(_caps(sentences)),
        quotas=tuple(_quotas(sentences)),
        attachments=attachments,
        seals=tuple(each.clause(m.start(), m.end()) for each in sentences if (m := _SEAL.search(each.folded))),
        periods=tuple(_periods(sentences)),
        phones=_contacts(lines, read_phone),
        emails=_contacts(lines, read_email),
        papers={each.name: found for each in attachments if (found := _mention(each, sentences)) is not None},
        conditions=tuple(
            each.clause()
            for each in sentences
            if _CONDITIONS.search(each.heading) and _CONDITION.search(each.text) and each.text != each.heading
        ),
    )


# -------------------------------------------------------------------------------------------------- text


def _bare(text: str) -> str:
    """Without the number in front: 一、 （二） 3."""
    for pattern in (_TOP, _SECOND, _ITEM):
        text = pattern.sub("", text.strip())
    return text.strip()


def _cleaned(line: str) -> str:
    """A line without the marks of web pages; runs of blanks become one."""
    line = _MARKUP.sub("", _LINK.sub(r"\1", line[:_LINE]))
    return re.sub(r"[\s\u3000]+", " ", line).strip()


def _sentences(lines: Iterable[str]) -> Iterator[_Sentence]:
    """Sentences with the section in which they stand: 四.1, 三（二）."""
    top = second = item = heading = ""
    for line in lines:
        if _bare(line) != line and len(line) <= _HEADING and not re.search("[。；;：:]", line):
            heading = line
        if match := _TOP.match(line):
            top, second, item = match[1], "", ""
        elif match := _SECOND.match(line):
            second, item = f"（{match[1]}）", ""
        elif match := _ITEM.match(line):
            item = ("." if top and not second else "") + match[1]
        section = (top + second + item) or "通知"
        for sentence in re.split(r"[。；;！!]", line):
            if sentence.strip():
                yield _Sentence(section, sentence.strip()[:_SENTENCE], heading)


# --------------------------------------------------------------------------------------- title and number


def _title(lines: list[str]) -> str:
    """The first line that ends as titles do, with the lines above it that it carries on."""
    for index, line in enumerate(lines[:40]):
        text = squeeze(line)
        if not _TITLE_END.search(text) or len(text) > 90 or re.search("[。；;]", text) or text.startswith("附件"):
            continue
        whole = line
        for above in reversed(lines[max(0, index - 3) : index]):
            if "关于" in whole or _NUMBER.match(squeeze(above)) or len(above) > 50 or _ATTACHED.match(above):
                break
            whole = above + whole
        if "关于" in whole or re.search("申报|征集|征文|征稿|报名|评选|推荐|预约|招募|申请", whole):
            return whole if "关于" not in whole else _from_issuer(whole)
    return ""


def _from_issuer(title: str) -> str:
    return re.sub(r"^.*(?:文件|发布时间|来源)\s*(?=\S{2,30}关于)", "", title)


def _topic(title: str) -> str:
    match = _TOPIC.search(title)
    if match is not None:
        return match["topic"].strip(" 的")
    bare = re.sub(rf"^[{HAN}]{{2,20}}?关于", "", _TITLE_END.sub("", title)).removesuffix("征文")
    return bare.strip(" 的") if bare != title else title


def _number(lines: list[str]) -> str:
    """The number that stands for itself in a line; those in brackets are other notices'."""
    for line in lines[:40]:
        match = _NUMBER.match(squeeze(line).replace("(", "〔").replace(")", "〕"))
        if match is not None and len(squeeze(line)) - len(match[0]) <= 4:
            return f"{match['body']}〔{match['year']}〕{int(match['number'])}号"
    return ""


def _signature(lines: list[str], title: str) -> tuple[str, date | None]:
    """Who signs and when: the last line that is a date alone, and the organisation above it."""
    issuer, day = "", None
    lines = [_STAND_IN.sub("", line) for line in lines]
    for index in range(len(lines) - 1, -1, -1):
        if len(lines[index]) > 24 or (found := _date_alone(lines[index])) is None:
            continue
        day = found
        above = [line for line in lines[max(0, index - 3) : index] if len(line) <= 40]
        issuer = next((signed for line in reversed(above) if (signed := _signed_by(line))), "")
        if not issuer and above and re.fullmatch(rf"[{HAN}（）()·\s]{{3,30}}", above[-1]):
            issuer = normal_form(above[-1])  # right above the date: whatever its name ends with
        break
    if day is None:
        published = next((line for line in lines[:60] if _PUBLISHED.search(line)), "")
        dates = [each.value for each in find_dates(published) if len(each.value) == 10]
        day = date.fromisoformat(dates[0]) if dates else None
    if not issuer:
        issuer = _signed_by(title.partition("关于")[0]) if "关于" in title else ""
    return issuer, day


def _signed_by(text: str) -> str:
    """Who signs in a line, several with 、 between them; "" where it is no signature."""
    several = text.split()
    if len(several) > 1 and all(_signs(each) for each in several):
        return "、".join(normal_form(each) for each in several)
    return normal_form(text) if _signs(normal_form(text)) else ""


def _signs(text: str) -> bool:
    text = text.strip()
    if re.search(r"[:：，。；]|附件", text) or not 2 < len(squeeze(text)) <= 30:
        return False
    return is_organisation(text) or bool(re.search(r"(?:部|处|室|局|厅|委|司|办公室|中心|馆|院|所|学校|大学)$", text))


def _date_alone(line: str) -> date | None:
    squeezed = squeeze(line)
    found = find_dates(squeezed)
    alone = len(found) == 1 and len(squeezed) - (found[0].end - found[0].start) == 0 and len(found[0].value) == 10
    return date.fromisoformat(found[0].value) if alone else None


def _first_year(lines: list[str]) -> date | None:
    """The beginning of the year that is named first."""
    return next((date(int(each.value[:4]), 1, 1) for line in lines[:200] for each in find_dates(line)), None)


# ------------------------------------------------------------------------------------- dates and amounts


def _deadlines(sentences: Iterable[_Sentence], issued_on: date | None) -> list[Deadline]:
    """Dates by which to apply, likeliest first."""
    found: list[tuple[int, Deadline]] = []
    for sentence in sentences:
        text = sentence.folded
        asked = any(_SEND.search(words) or re.search("截止|截至", words) for words in (text, sentence.heading))
        if not asked:
            continue
        for day, start, end in _days(text, issued_on):
            after = text[end : end + 24]
            clock = _CLOCK.match(after)
            rest = after[clock.end() :] if clock else after
            before = text[max(0, start - 12) : start]
            score = 4 * ("截止" in text or "截至" in text) + 3 * bool(_BY.match(rest))
            score += 2 * bool(re.search(r"[至到—–~-]\s*$", before)) - 6 * bool(
                _ELSE.search(text[max(0, start - 20) : end + 30])
            )
            if score > 0:
                moment = datetime.combine(day, _hour(clock), BEIJING)
                found.append((score, Deadline(moment, clock is not None, sentence.clause(start, end))))
    unique: dict[datetime, Deadline] = {}
    for _, deadline in sorted(found, key=lambda each: -each[0]):
        unique.setdefault(deadline.moment, deadline)
    return list(unique.values())


def _days(text: str, issued_on: date | None) -> Iterator[tuple[date, int, int]]:
    """Whole dates of a folded text; one without a year is the next such day after the notice."""
    full = find_dates(text)
    for each in full:
        if len(each.value) == 10:
            yield date.fromisoformat(each.value), each.start, each.end
    for match in _SHORT.finditer(text):
        if issued_on and not any(each.start < match.end() and match.start() < each.end for each in full):
            try:
                day = issued_on.replace(month=int(match["month"]), day=int(match["day"]))
                yield day if day >= issued_on else day.replace(year=day.year + 1), match.start(), match.end()
            except ValueError:
                continue  # 2月30日


def _hour(clock: re.Match[str] | None) -> time:
    """The hour stated; the end of the day where none is, or where it is 24:00."""
    if clock is None:
        return time(23, 59, 59)
    hour, minute = int(clock["hour"]), int(clock["minute"] or 0)
    if clock["half"] in ("下午", "晚", "晚上") and hour < 12:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else time(23, 59, 59)


def _caps(sentences: Iterable[_Sentence]) -> list[Amount]:
    """Greatest amounts that can be applied for; what is called a limit before what is only called support."""
    found: list[tuple[int, Amount]] = []
    for sentence in sentences:
        text = sentence.folded
        if not _ABOUT_MONEY.search(text):
            continue
        for rank, pattern in enumerate(_CAP):
            for match in pattern.finditer(text):
                money = read_money(match[1] if not match[1].endswith("万") else match[1] + "元")
                if money is not None and money.yuan > 0:
                    found.append((rank, Amount(money.yuan, sentence.clause(match.start(), match.end()))))
    unique: dict[Decimal, Amount] = {}
    for _, amount in sorted(found, key=lambda each: each[0]):
        unique.setdefault(amount.yuan, amount)
    return list(unique.values())


def _quotas(sentences: Iterable[_Sentence]) -> Iterator[Clause]:
    for sentence in sentences:
        match = next((m for pattern in _QUOTA if (m := pattern.search(sentence.folded))), None)
        if match is not None and _count(match["count"]):
            yield sentence.clause(match.start(), match.end())


def _count(text: str) -> int:
    number = read_numeral(text)
    return int(number) if number is not None else 0


def _periods(sentences: Iterable[_Sentence]) -> Iterator[tuple[date, Clause]]:
    """The last days by which something is to be done, e.g. 2022年8月底前."""
    for sentence in sentences:
        text = sentence.folded
        if not _PERIOD.search(text):
            continue
        for each in find_dates(text):
            until = re.match(r"\s*(?:底|末)?\s*(?:之?前|以前|止)", text[each.end :])
            spanned = "期" in text[: each.start] and re.search(r"[至到—–~-]\s*$", text[: each.start])
            if until or spanned:
                yield _last_day(each.value), sentence.clause(each.start, each.end)


def _last_day(value: str) -> date:
    if len(value) == 10:
        return date.fromisoformat(value)
    year, month = int(value[:4]), int(value[5:7])
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


# --------------------------------------------------------------------------------- attachments, contacts


def _attachments(lines: list[str], sentences: list[_Sentence]) -> tuple[Attachment, ...]:
    """Those of the list at the end; where there is none, those that the text mentions by name."""
    found: dict[str, Attachment] = {}
    listing = False
    for line in lines:
        match = _ATTACHED.match(line)
        if match is not None:
            listing = True
            _take_listed(match["rest"], int(match["number"] or 0), found)
        elif listing and (numbered := _NUMBERED.match(line)) and len(line) <= 80:
            _take(numbered["rest"], int(numbered["number"]), found)
        else:
            listing = False
    listed = {plain_name(name) for name in found}
    for sentence in sentences:
        for match in _MENTIONED.finditer(sentence.text):
            if plain_name(match["name"]) not in listed and (match["number"] or not found):
                _take(match["name"], int(match["number"] or 0), found)
        for match in _ASKED.finditer(sentence.text):
            for name in re.findall(r"《([^《》]{2,40})》", match[0]):
                if plain_name(name) not in listed and not _REFERENCE.search(name):
                    _take(name, 0, found)
    return tuple(found.values())[:30]


def plain_name(name: str) -> str:
    """A paper's name without bracketed notes: 合作意向函（样式）."""
    return re.sub(r"[（(〔\[][^（()）〔〕\[\]]*[）)〕\]]", "", name).strip() or name


def _take_listed(rest: str, number: int, found: dict[str, Attachment]) -> None:
    """附件：1.甲 2.乙 in one line, or the one name behind 附件2："""
    parts = [part for part in _NUMBERED_INLINE.split(rest) if part.strip()]
    for part in parts:
        numbered = _NUMBERED.match(part)
        if numbered is not None:
            _take(numbered["rest"], int(numbered["number"]), found)
        elif len(parts) == 1:
            _take(part, number, found)


def _take(name: str, number: int, found: dict[str, Attachment]) -> None:
    name = _EXTENSION.sub("", name.strip()).strip(" 《》;；。.、")
    if 2 <= len(name) <= 60:
        found.setdefault(name, Attachment(number, name))


def _mention(attachment: Attachment, sentences: Iterable[_Sentence]) -> Clause | None:
    """Where the text asks for an attachment, by its number or its name."""
    name = plain_name(_EXTENSION.sub("", attachment.name))
    numbered = re.compile(rf"附件\s*{attachment.number}(?!\d)") if attachment.number else None
    for sentence in sentences:
        if _ATTACHED.match(sentence.text) or plain_name(_bare(sentence.text)) == name:
            continue
        at = sentence.text.find(name)
        match = numbered.search(sentence.text) if numbered is not None else None
        if at >= 0 or match is not None:
            start, end = (at, at + len(name)) if at >= 0 else match.span() if match is not None else (0, 0)
            return sentence.clause(start, end)
    return None


def _contacts(lines: Iterable[str], read: object) -> tuple[str, ...]:
    """What `read` reads in the lines that name a contact, or stand under a heading that does; a fax is none."""
    assert callable(read)
    parts: list[str] = []
    under = False
    for line in lines:
        named = _CONTACT.search(line)
        if len(line) <= _HEADING and (_TOP.match(line) or (named and not re.search(r"\d{3}|@", line))):
            under = bool(named)
        if named or under or "@" in line:
            parts += re.split(r"[、，,；;/]|(?=传真)", line)
    found = (read(part) for part in parts if not part.startswith("传真"))
    return tuple(dict.fromkeys(value for value in found if value))[:10]
