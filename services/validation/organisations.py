"""Are two names the same organisation? Written names, and names that OCR read from a seal or a scan.

A name is taken apart into province, places, core and ending:

    湖南省桃源县科学技术协会   湖南 · 桃源县 ·        · 科学技术协会
    安徽省水利学会             安徽 ·        · 水利   · 学会
    中国植物保护学会           中国 ·        · 植物保护 · 学会

and compared part by part, because similarity of whole names takes 山东省医学会 for 山东省药学会. Where a part was read
by OCR, characters that look alike count as nearly equal, and a small difference is UNSURE, never DIFFERENT.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Likeness(StrEnum):
    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


# Short names of the provinces and what may follow one in full.
PROVINCES = (
    "北京", "天津", "上海", "重庆", "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西",
    "山东", "河南", "湖北", "湖南", "广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海", "台湾", "内蒙古",
    "广西", "西藏", "宁夏", "新疆", "香港", "澳门",
)  # fmt: skip
_PROVINCE = re.compile(
    f"({'|'.join(PROVINCES)})(?:壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区|生产建设兵团|省|"
    # 吉林市, 海南藏族自治州 are places of their own; 北京市 is the province
    "(?<=北京)市|(?<=天津)市|(?<=上海)市|(?<=重庆)市|(?![市县区州旗盟]|藏族自治州))"
)
_PLACE = re.compile(
    # 科技联盟, 社区 and 山区 are no places: a stem of two characters, or one before 县
    "(?:[一-鿿]县|[一-鿿]{2,12}?(?:自治州|自治县|自治旗|地区|林区|特区|县|市|区|州|旗)|(?:锡林郭勒|兴安|阿拉善)盟|[城郊矿]区)"
)
_NATIONAL = re.compile("中国|中华|全国|国际|世界|亚洲")
ENDINGS = (
    "科学技术协会", "学会", "协会", "研究会", "联合会", "联谊会", "促进会", "基金会", "总会", "商会", "联盟",
    "委员会", "人民政府", "科普部", "办公室", "秘书处", "管理局", "局", "厅", "中心", "公司", "大学", "学院", "学校",
    "医院", "研究所", "研究院", "合作社",
)  # fmt: skip
_ENDING = re.compile(f"(?:{'|'.join(ENDINGS)})$")
# A seal or a name with such a part is that of a department or branch, not of the organisation itself.
_BRANCH = re.compile("(?:专用章|财务章|合同章|办公室|秘书处|科普部|党支部|党委|委员会|分会|工作部|组织部|筹备组|工会)$")

_ALIKE = (
    "未末", "己已巳", "日曰目", "土士", "人入八", "千干于", "大太犬", "木术本", "天夫", "田由甲申", "刀力", "儿几",
    "白自", "午牛", "王玉主", "市布", "县具且", "氏民", "兔免", "师帅", "侯候", "戊戌戍", "折拆析", "沂泝", "沅沉",
    "源原", "技枝", "协协办", "学宇字", "科料", "会合", "汨汩", "滕藤", "阳陌", "陵凌棱", "洲州", "拔拨", "茶荼",
    "柏栢", "晴睛", "渔鱼", "植值", "楼搂", "桂佳", "奉泰", "农衣", "林材", "化比", "地他", "物吻", "气乞", "广厂",
    "延廷", "隆降", "永水", "汝妆", "徽微", "宁字", "密蜜", "县昙", "昌吕",
)  # fmt: skip
_NEAR = {frozenset((a, b)) for group in _ALIKE for a in group for b in group if a != b}


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart. Each part is "" (or ()) where the name does not have it.

    province: short, e.g. 湖南; 中国, 中华 and the like for a national body. places: outer first, e.g. 常德市, 桃源县.
    core and ending: the organisation's own name.
    """

    text: str
    province: str
    places: tuple[str, ...]
    core: str
    ending: str

    @property
    def place(self) -> str:
        """The innermost place below the province."""
        return self.places[-1] if self.places else ""

    @property
    def national(self) -> bool:
        return bool(self.province) and self.province not in PROVINCES


def normal(name: str) -> str:
    """Without blanks, punctuation and width; 科协 written out."""
    folded = unicodedata.normalize("NFKC", name)
    kept = "".join(char for char in folded if char.isalnum())
    # 科协 alone is an abbreviation; inside a longer word (科协会) it is an OCR slip that is left as it stands
    return re.sub("科协(?!会)", "科学技术协会", kept)


def parse(name: str) -> Name:
    """Take a name apart; never fails."""
    text = rest = normal(name)
    province = ""
    places: list[str] = []
    if match := _NATIONAL.match(rest):
        province, rest = match[0], rest[match.end() :]
    else:
        if match := _PROVINCE.match(rest):
            province, rest = match[1], rest[match.end() :]
        while len(places) < 4 and (match := _PLACE.match(rest)):
            places.append(match[0])
            rest = rest[match.end() :]
    match = _ENDING.search(rest)
    ending = match[0] if match else ""
    return Name(text, province, tuple(places), rest[: len(rest) - len(ending)], ending)


def similarity(a: str, b: str) -> float:
    """1 less the edit distance over the longer length; characters that look alike cost a quarter. 1.0 for two ""."""
    a, b = a[:64], b[:64]  # names of organisations are shorter; the cost is quadratic
    if not a and not b:
        return 1.0
    row = [float(column) for column in range(len(b) + 1)]
    for i, left in enumerate(a, 1):
        above, row = row, [float(i)]
        for j, right in enumerate(b, 1):
            cost = 0.0 if left == right else 0.25 if frozenset((left, right)) in _NEAR else 1.0
            row.append(min(above[j - 1] + cost, above[j] + 1, row[j - 1] + 1))
    return 1 - row[-1] / max(len(a), len(b))


def compare(a: str, b: str, *, recognised: bool) -> Likeness:
    """Whether two names are of one organisation. recognised: at least one was read by OCR and may have slips.

    A name without its province is the same as one with it where the rest is; 科协 is 科学技术协会.
    """
    left, right = parse(a), parse(b)
    if not left.text or not right.text:
        return Likeness.UNSURE
    if left.text == right.text:
        return Likeness.SAME
    return _worst(
        _provinces(left, right, recognised),
        _places(left, right, recognised),
        _endings(left, right, recognised),
        _cores(left, right, recognised),
    )


def compare_places(a: str, b: str, *, recognised: bool) -> Likeness:
    """Whether two texts, places or organisations with a place in their names, are about one place."""
    left, right = parse(a), parse(b)
    if left.place and right.place:
        return _worst(_provinces(left, right, recognised), _places(left, right, recognised))
    # 桃源 for 桃源县: without its class a place can be recognised but not refuted
    for named, bare in ((left, right), (right, left)):
        stem = re.sub("(?:自治县|自治旗|县|市|区|旗)$", "", named.place)
        if len(stem) >= 2 and not bare.place and bare.core.startswith(stem):
            return Likeness.SAME
    return Likeness.UNSURE


def is_branch(name: str) -> bool:
    """The name ends like that of a department, a branch, or a special-purpose seal (财务专用章)."""
    return bool(_BRANCH.search(normal(name)))


def _worst(*parts: Likeness) -> Likeness:
    return next((kind for kind in (Likeness.DIFFERENT, Likeness.UNSURE) if kind in parts), Likeness.SAME)


def _provinces(left: Name, right: Name, recognised: bool) -> Likeness:
    if left.province and right.province:
        # a closed set: a slip of OCR hardly ever makes another province's name
        return Likeness.SAME if left.province == right.province else Likeness.DIFFERENT
    if left.province == right.province or (left.place and right.place):
        return Likeness.SAME
    national = left.national or right.national
    # 农学会 for 湖南省农学会: the province is all that tells them apart
    return Likeness.DIFFERENT if national and (left.place or right.place) else Likeness.UNSURE


def _places(left: Name, right: Name, recognised: bool) -> Likeness:
    if left.place == right.place:
        return Likeness.SAME
    if not left.place or not right.place:
        return Likeness.UNSURE
    alike = similarity(left.place, right.place)
    if not recognised:
        return Likeness.DIFFERENT
    # 0.25 of one character is all that a pair of look-alikes costs
    if (1 - alike) * max(len(left.place), len(right.place)) <= 0.5:
        return Likeness.SAME
    return Likeness.UNSURE if alike > 0.6 else Likeness.DIFFERENT


def _endings(left: Name, right: Name, recognised: bool) -> Likeness:
    if left.ending == right.ending:
        return Likeness.SAME
    if left.ending and right.ending:
        return Likeness.DIFFERENT
    return Likeness.UNSURE  # one is cut off, or an ending that is not known


def _cores(left: Name, right: Name, recognised: bool) -> Likeness:
    if left.core == right.core:
        return Likeness.SAME
    if not left.core or not right.core:
        return Likeness.DIFFERENT if left.ending and right.ending else Likeness.UNSURE
    alike = similarity(left.core, right.core)
    if alike >= 0.8:
        return Likeness.SAME if recognised else Likeness.UNSURE
    if _shortens(left.core, right.core) or _shortens(right.core, left.core):
        return Likeness.UNSURE  # 水保 for 水土保持
    return Likeness.UNSURE if recognised and alike >= 0.6 else Likeness.DIFFERENT


def _shortens(short: str, long: str) -> bool:
    """The characters of `short`, at least two, stand in `long` in this order."""
    rest = iter(long)
    return 2 <= len(short) < len(long) and all(char in rest for char in short)
