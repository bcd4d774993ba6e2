"""Raw text to a field by its type: found with a value, blank, or filled in but unclear."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from extractors.document import FieldState
from extractors.forms.choice import BOX, ticked
from extractors.forms.spec import FieldSpec, FieldType
from extractors.hanzi import HAN
from extractors.values.characters import fold, squeeze
from extractors.values.dates import is_blank_date, read_date
from extractors.values.emails import read_email
from extractors.values.money import Unit, read_money, unit_of
from extractors.values.organisations import NATIONAL, first_of_several, is_organisation, normal_form
from extractors.values.persons import read_person
from extractors.values.phones import read_phone
from extractors.values.places import divisions_at_start, find_county, find_province


@dataclass(frozen=True, slots=True)
class Understood:
    """What a raw text came to. share: 0 to 1, how much of the words' confidence the understanding keeps."""

    state: FieldState
    value: str = ""
    share: float = 1.0


BLANK = Understood(FieldState.BLANK)
UNCLEAR = Understood(FieldState.UNCLEAR)

_NOTHING = re.compile(r"^[\s_＿\-—–.…/\\|:：,，。;；()（）\[\]【】<>《》“”\"'*、¥￥~]*$")
_HINT = re.compile(
    r"^[(（【\[<《]?(?:请?(?:在此|在这里|此处)?(?:填写|输入|选择|点击|注明|写明)|单击|点击|按要求填写|如实填写|不超过\d+(?:个?字|万元)|限\d+字|"
    r"由.{0,10}填写|(?:此处)?加?盖章|公章|签章|签字|盖单位公章)[^\n]{0,40}$"
)
_PLACEHOLDER = re.compile(r"[×✕╳]{1,}|[xX]{2,}|[*＊]{2,}|[□○]{2,}|(?:某某|XX)")
_UNITS_ONLY = re.compile(
    r"^(?:人民币|大写|小写|共计|合计|RMB|¥|￥|万元|元整|元|整|万|圆|角|分|拾|佰|仟|[()（）:：\s_，,、.])*$"
)
_NAMED = re.compile(r"^(?:单位|机构)?(?:名称|全称)\s*[:：]")
_REST_OF_LABEL = re.compile(rf"^[{HAN}]{{0,3}}(?:名称|全称)[:：]?")  # 立名称遂昌县…: of 单位名称, read into the value
_OTHERS = re.compile(r"(?:联系人|负责人|联系|电话|手机|地址|邮编)[^:：\n]{0,6}[:：]")
_NONE = {"无", "没有", "暂无", "/", "-", "—"}
_WITH_PERSON = re.compile(
    rf"(?P<name>\S{{4,}})\s+[{HAN}·]{{2,4}}(?:\s*[\d(（][\d\-—()（）转、/\s]*)?"
)  # 沽源县科协 赵铁柱 0313-…
_NOTED = re.compile(r"(?P<name>[^()]{4,}?)\((?P<note>[^()]*)\)$")
_STAMP_TAIL = re.compile(r"[(（]?(?:盖章|公章|签章)[)）]?$")  # of which a seal hid the brackets
_PART = re.compile("分会|分部|支部|委员会|中心|专委")
_STAMP_NOTE = re.compile(r"[(（](?:加?盖.{0,4}章|公章|签章|盖章|签字|签名|手签|印章|全称)[)）]")
_LENGTH_NOTE = re.compile(
    r"\s*[(（](?:不超过|不多于|限)?\s*\d{1,4}\s*个?(?:汉)?字(?:以内|之内)?[)）]\s*$"
)  # the template's
_SAME = re.compile(r"同(?:上|前|左|(?:项目)?(?:负责人|联系人))")


def understand(raw: str, field: FieldSpec, *, written: str = "", recognised: bool = False) -> Understood:
    """What `raw` means for a field. written: its label as written, which may state a unit. recognised: by OCR."""
    if field.type is FieldType.CHOICE:
        return _choice(raw, field, recognised=recognised)
    if is_blank(raw):
        return BLANK
    if refers(raw):
        return UNCLEAR
    if field.type is FieldType.MONEY:
        return _money(raw, _unit(field, written))
    if field.type is FieldType.DATE:
        return BLANK if is_blank_date(raw) else _read(read_date(raw))
    if field.type is FieldType.PHONE:
        return _read(_phone(raw))
    if field.type is FieldType.EMAIL:
        return _read(read_email(raw))
    if field.type is FieldType.CODE:
        return _code(raw)
    if field.type is FieldType.PROVINCE:
        return _read(find_province(raw) or None)
    if field.type is FieldType.COUNTY:
        return _read(find_county(raw) or None)
    if _PLACEHOLDER.search(squeeze(raw)):
        return UNCLEAR
    if field.type is FieldType.ORGANISATION:
        return _organisation(raw)
    if field.type is FieldType.PERSON:
        return _person(raw)
    return Understood(FieldState.FOUND, clean_text(_LENGTH_NOTE.sub("", raw) or raw))


def is_blank(raw: str) -> bool:
    """Whether nothing is filled in: blanks, underlines, a unit alone, the blank form of a date, a template's hint."""
    text = fold(raw).strip()
    if _NOTHING.match(text) or is_blank_date(text):
        return True
    without_notes = _STAMP_NOTE.sub("", text).strip()
    return bool(not without_notes or _HINT.match(without_notes) or _UNITS_ONLY.match(without_notes))


def refers(raw: str) -> bool:
    """Whether it only says that it is what stands above: 同上, 同项目负责人."""
    return _SAME.fullmatch(squeeze(raw[:40]).strip("()[]-—–_/,，。")) is not None


def clean_text(raw: str) -> str:
    """A text of one line: paragraphs joined, blanks between Chinese characters and marks around it dropped."""
    text = re.sub(r"[\s\u3000]+", " ", raw).strip(" \u3000_＿，,；;。：:")
    text = re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", text)
    return _STAMP_NOTE.sub("", text).strip(" _")


def _unit(field: FieldSpec, written: str) -> Unit:
    return unit_of(written) or ("wan" if field.unit == "wan" else "yuan")


def _read(value: str | None) -> Understood:
    return Understood(FieldState.FOUND, value) if value else UNCLEAR


def _money(raw: str, unit: Unit) -> Understood:
    money = read_money(raw, unit)
    if money is None:
        return UNCLEAR
    # words that differ from the digits are told by a rule; one of the two may be misread
    return Understood(FieldState.FOUND, money.text, 1.0 if money.other is None else 0.7)


def _phone(raw: str) -> str | None:
    """The telephone number; one that a narrow cell broke over lines is put together."""
    whole = read_phone(re.sub(r"\s", "", raw)) if "\n" in raw else None
    if whole is not None and len(re.sub(r"\D", "", whole)) == len(re.sub(r"\D", "", fold(raw))):
        return whole
    return read_phone(raw)


def _code(raw: str) -> Understood:
    """A code's letters and digits, upper case; whether it is a valid one, a rule tells."""
    code = re.sub(r"[\s\-—]", "", fold(raw)).upper()
    match = re.search(r"[0-9A-Z]{8,20}", code)
    return Understood(FieldState.FOUND, match[0]) if match is not None else UNCLEAR


def _organisation(raw: str) -> Understood:
    text = BOX.split(fold(raw), maxsplit=1)[0].strip()  # 山东省园艺学会 □全国学会 ☑省级学会
    if not text or squeeze(text) in _NONE:
        return UNCLEAR
    if several := first_of_several(text):
        return Understood(FieldState.FOUND, several, 0.95)
    noted = _NOTED.match(text)  # 若尔盖县科学技术协会（四川省阿坝州）; 某学会（林业分会） is another body
    if noted is not None and is_organisation(noted["name"]) and not _PART.search(noted["note"]):
        text = noted["name"]
    whole = normal_form(_STAMP_TAIL.sub("", text) or text)
    bare = _REST_OF_LABEL.sub("", whole)
    if bare != whole and is_organisation(bare) and (divisions_at_start(bare) or bare.startswith(NATIONAL)):
        return Understood(FieldState.FOUND, bare, 0.95)
    if is_organisation(whole):
        return Understood(FieldState.FOUND, whole)
    called = _WITH_PERSON.fullmatch(text)
    if called is not None and is_organisation(called["name"]):
        return Understood(FieldState.FOUND, normal_form(called["name"]), 0.95)
    own = re.sub(r"\s", "", _OTHERS.split(_NAMED.sub("", text), maxsplit=1)[0])
    if own != whole and is_organisation(own):  # 单位名称：…科学技术⏎协会⏎联系人：…
        return Understood(FieldState.FOUND, normal_form(own), 0.95)
    for part in re.split(r"[\n,，;；、/]|\s{2,}|\((?=联系|电话|手机)|\((?![^()]*\))|(?:联系人|电话|手机)[:：]", text):
        if part and is_organisation(part):
            return Understood(FieldState.FOUND, normal_form(part), 0.95)
    return Understood(FieldState.FOUND, whole, 0.8) if len(whole) >= 2 else UNCLEAR


def _person(raw: str) -> Understood:
    text = _STAMP_NOTE.sub("", fold(raw)).strip(" _\n")
    person = read_person(text) if squeeze(text) not in _NONE else None
    if person is None:
        return UNCLEAR
    return Understood(FieldState.FOUND, person.name, 1.0 if len(person.name) <= 4 or "·" in person.name else 0.8)


def _choice(raw: str, field: FieldSpec, *, recognised: bool) -> Understood:
    if _NOTHING.match(fold(raw).strip()):
        return BLANK
    choice = ticked(raw, field.options, recognised=recognised)
    if choice is None:
        return UNCLEAR
    return replace(BLANK) if choice == "" else Understood(FieldState.FOUND, choice)
