"""The straight lines within a seal's name: a department (科普部, 办公室) or a purpose (财务专用章).

They stand upright below the star, or through the middle of an oval, inside of the name; below it, where no name is,
they reach as far as the ring. Which rows they take, their own ink says.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import SealColour, SealShape
from extractors.hanzi import HANZI
from extractors.ocr.engine import Odds, Raster, Recogniser, Strip
from extractors.ocr.pieces import pieces
from extractors.seals import bands, beam, unroll, vote
from extractors.seals.bands import Band
from extractors.seals.prior import Prior
from extractors.seals.strips import STRIP, squeezed
from extractors.seals.unroll import COLUMNS, FAINT, INSIDE, OUTSIDE, ROWS, Floats, Impression
from extractors.values.parts import unnumbered

SIDE = 384  # pixels of the seal's width when it is looked at
LINES = 3  # that a seal has at most
_LOWEST = 0.23  # of a round seal's radius: a code along its bottom reaches so far in
_MOSTLY = 0.6  # part of a piece of ink that is within, or outside, from which all of it is
_FAR = 0.04  # of the seal's width that a piece reaches in at least of which the part within stays
_SLACKS = (0.0, 0.3)  # a line that is wide for its place reaches between the name's characters
_CLEAR = 0.8
_ALONE = 0.7  # of a reading's confidence stays where no other signal reads the same
_PRINT = 0.4  # of it, of a line that is none of the usual, where print or another seal's characters look the same
_DOUBTFUL = 0.7  # likelihood below which a character may be what crosses the line
_STRAY = 3  # characters at most that are read beside a line
_APART = 1.4  # of the usual distance between characters: what is farther off is not of the line
_NUMBER = re.compile(
    r"(?<=章)[（(](\d{1,2}|[一二三四五六七八九十]{1,2})[）)]?$"  # 合同专用章（3）
    r"|(?<=章)(\d{1,2})[）)]?$"  # brackets are finer than digits
    r"|^[（(](\d{1,2})[）)]$"  # in a line of its own
)
"""Which of a body's seals for a purpose it is."""
_FIGURE = re.compile(r"章（?(\d{1,2})）?$")
_BARE = re.compile(r"(?<=章)\d{1,2}$")
_NUMBERS = (*map(str, range(1, 21)), *"一二三四五六七八九十")
_SEEN = 0.05  # how likely a number is to what the recogniser sees at best, behind a bracket where nothing else can be
_SEAL = "专用章"
_ANCHOR = 0.3  # how likely its characters are at least where they tell the others' places
_ASTRAY = 0.6  # of their distance that a character is read beside its place at most
_EDGE = 1.25  # columns of a strip before its ink
_NARROWER = 0.75  # of the distance between 专用章 that a line's characters may stand at
_GLIMPSED = 0.05  # likelihood of every other character of a purpose at its place
_LIKELIER = 1.4  # natural logarithm of the odds for a purpose against all others
_UNKNOWN = 3.0  # and against one that is not known, before it is read
_LEAST = 0.003  # likelihood below which the recogniser did not consider a character at all

DEPARTMENTS = (
    "办公室", "秘书处", "组织部", "宣传部", "财务部", "人事部", "科普部", "学术部", "学会部", "会员部", "国际部",
    "联络部", "外联部", "培训部", "技术部", "工程部", "项目部", "业务部", "综合部", "编辑部", "咨询部", "服务部",
    "党支部", "党委", "工会", "团委", "教务处", "财务处", "人事处", "科技处", "档案室", "财务科", "人事科", "总务处",
    "教导处", "政教处", "学生处", "招生办", "科研处", "外事处", "保卫处", "后勤处", "审计处", "基建处", "设备处",
    "质管部", "市场部", "销售部", "采购部", "生产部", "研发部", "质检部", "客服部", "行政部", "法务部", "审计部",
    "营业部", "信贷部", "医务科", "护理部", "药剂科", "检验科", "放射科", "病案室", "门诊部", "住院部", "医保科",
    "院办", "校办", "党办", "立案庭", "民事审判庭", "刑事审判庭", "行政审判庭", "执行局", "书记官处", "户籍科",
    "治安科", "车管所", "监察室",
)  # fmt: skip
PURPOSES = (
    "财务", "合同", "业务", "行政", "发票", "收费", "检验", "质检", "项目", "资格审查", "人事", "档案", "收款", "报名",
    "培训", "证书", "考试", "审核", "校对", "收发", "投标", "报关", "结算", "物资", "采购", "仓库", "技术", "工程",
    "公文", "学术", "科普", "会计", "捐赠", "公证", "鉴定", "评审", "户口", "介绍信", "票据", "现金", "银行", "出纳",
    "受理", "审批", "行政审批", "行政许可", "行政处罚", "登记", "备案", "注册", "收件", "收文", "发文", "送达", "立案",
    "执行", "诉讼", "见证", "证明", "检测", "检验检测", "计量", "校准", "出图", "图纸", "资料", "工程资料", "工程技术",
    "技术资料", "竣工图", "监理", "预算", "决算", "造价", "审计", "验资", "招标", "中标", "订单", "销售", "售后服务",
    "质量", "质保", "出库", "入库", "仓储", "物流", "运输", "货运", "提货", "验收", "学籍", "招生", "成绩", "毕业",
    "教学", "教务", "考务", "门诊", "住院", "处方", "药品", "医保", "病历", "病案", "诊断证明", "体检", "预防接种",
    "储蓄", "储蓄业务", "信贷", "贷款", "转账", "清算", "对账", "结汇", "汇票", "现金收讫", "保险", "承保", "理赔",
    "法律文书", "档案查询", "信息公开", "户籍", "身份证", "出入境", "车辆管理", "年检", "年审", "劳动合同", "社会保险",
    "工伤认定", "婚姻登记", "房产交易", "不动产登记", "会员", "会费", "志愿服务", "评估", "认证", "考核", "竞赛",
    "推荐", "申报", "继续教育", "咨询", "代理", "信息", "成绩证明", "毕业证书", "毕业证", "学位", "学历", "学历证明",
    "学籍管理", "学籍档案", "在学证明", "职称评审", "职称", "职业资格", "资格认定", "资格证书", "教师资格", "证件",
    "证照", "执法", "行政执法", "市场监管", "税务", "征税", "完税", "契税", "规费", "罚没", "户籍证明", "户籍管理",
    "居住证", "借款合同", "采购合同", "销售合同", "工程合同", "贷款合同", "抵押登记", "房产登记", "土地登记", "土地",
    "林权", "产权", "房产", "测绘", "测绘成果", "图审", "审图", "施工图审查", "消防", "环境监测", "监测", "检疫",
    "动物检疫", "植物检疫", "卫生许可", "年度检验", "企业登记", "注册登记", "社团登记", "公证书", "司法鉴定",
    "劳动仲裁", "招聘", "人才", "人事代理", "档案管理", "发货", "收货", "质量检验", "质量检测", "出厂检验", "奖学金",
    "学生证", "准考证", "录取", "招生录取", "结业证书", "发证", "复印", "病历复印", "医疗", "医疗收费", "出生证明",
    "经营", "内部", "工程款", "材料", "报名考试", "会议", "宣传", "统计", "价格鉴定", "价格认证", "专家评审", "奖励",
)  # fmt: skip
_ENDS = (*"部处室科章会委组庭局院所站队讫", "中心")  # of departments' and purposes' names
KNOWN = (*DEPARTMENTS, *(purpose + _SEAL for purpose in PURPOSES))


@dataclass(frozen=True, slots=True)
class Line:
    """One line as a strip, and which of the impression's signals it was cut from."""

    strip: Raster
    source: int


@cache
def of_lines() -> Prior:
    """Of what stands in the middle of seals."""
    return Prior(DEPARTMENTS, tuple(purpose + _SEAL for purpose in PURPOSES))


def read(
    impression: Impression, angle: float, cut: tuple[Band, int], span: tuple[float, float], recogniser: Recogniser
) -> tuple[str, float]:
    """What the lines say, top to bottom, and how sure, 0 to 1; ("", 0.0) for none. Raises errors.EngineError.

    angle: of the seal, degrees clockwise. cut: the name's rows and the ring's inner rim in the polar picture. span: the
    columns where the name's first and last characters stand.
    """
    told: list[tuple[int, list[Strip]]] = []
    text, sure = "", 0.0
    for slack in _SLACKS:
        found = lines(impression, angle, cut, span, slack)
        readings = [reading(odds) for odds in recogniser.weigh([line.strip for line in found])]
        for source in range(len(impression.signals)):
            of_it = [one for one, line in zip(readings, found, strict=True) if line.source == source]
            told.append((source, of_it))
        text, sure = said(told)
        if (sure > _CLEAR and unnumbered(text).endswith(KNOWN)) or not any(len(one.text) > 1 for one in readings):
            break
    foreign = impression.crossed or impression.outline.colour is SealColour.BLACK
    if foreign and not unnumbered(text).endswith(KNOWN):
        return (text, _PRINT * sure) if unnumbered(text).endswith(_ENDS) else ("", 0.0)
    return text, sure


def lines(
    impression: Impression, angle: float, cut: tuple[Band, int], span: tuple[float, float], slack: float = 0.0
) -> list[Line]:
    """The lines in each signal but the one with the print still in it, top to bottom.

    slack: how far into the name's band they may reach, parts of its height.
    """
    signals = impression.signals[: max(1, len(impression.signals) - 1)]
    pictures = [unroll.upright(impression, signal, angle, SIDE) for signal in signals]
    within = _within(impression, pictures[0].shape, cut, span, slack)
    return [
        Line(strip, source)
        for source, picture in enumerate(pictures)
        for strip in _strips(_evened(_without_star(_inner(picture, within))))
    ]


def _inner(picture: Floats, within: NDArray[np.bool_]) -> Floats:
    """What of the ink stands within: whole characters, for the corners of a line reach in between those of the name.

    What is mostly outside is left out with its soft edge; of what is tied to the name or the ring and reaches far in,
    the part within stays.
    """
    labels, stats = pieces((picture > FAINT).astype(np.uint8))
    inside = np.bincount(labels.ravel(), within.ravel(), len(stats)) / stats[:, cv2.CC_STAT_AREA]
    far_in = cv2.distanceTransform(within.astype(np.uint8), cv2.DIST_L2, 3) >= _FAR * SIDE
    reaches = np.bincount(labels[far_in], minlength=len(stats)) > 0
    whole = (inside > _MOSTLY) & (np.arange(len(stats)) > 0)
    aside = (inside < 1 - _MOSTLY) & ~reaches & (np.arange(len(stats)) > 0)
    left_out = np.take(aside, labels)
    edge = (labels == 0) & (cv2.dilate(left_out.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0)
    kept = (within | np.take(whole, labels)) & ~left_out & ~edge
    return np.where(kept, picture, 0).astype(np.float32)


def _depth(row: int) -> float:
    return row / (ROWS - 1) * (INSIDE + OUTSIDE) - OUTSIDE


def _within(
    impression: Impression, shape: tuple[int, ...], cut: tuple[Band, int], span: tuple[float, float], slack: float
) -> NDArray[np.bool_]:
    """Where lines may stand in the upright picture: inside of the name, and of the ring where no name is."""
    (band, end), (rows, columns) = cut, shape[:2]
    ys, xs = np.mgrid[0:rows, 0:columns]
    dx, dy = (xs - columns / 2 + 0.5) / (rows / 2), (ys - rows / 2 + 0.5) / (rows / 2)
    ratio = columns / rows if impression.outline.shape is SealShape.OVAL else 1.0

    def inside(depth: float) -> NDArray[np.bool_]:
        return np.asarray(np.hypot(dx / (ratio - depth), dy / (1 - depth)) < 1)

    # Directions of the upright picture, as the polar picture's columns count them, but from the name's middle.
    half = ((span[1] - span[0]) / 2 + (1 - 2 * slack) * COLUMNS / 32) * 360 / COLUMNS
    off = np.abs(np.degrees(np.arctan2(dx / ratio, -dy)))
    least = 0.0 if impression.outline.shape is SealShape.OVAL else _LOWEST
    free = inside(max(least, _depth(end) + 0.04)) & (off > half)
    return np.asarray(inside(_depth(round(band.bottom - slack * (band.bottom - band.top)))) | free)


def _without_star(picture: Floats) -> Floats:
    """Without the solid piece of ink in the middle, and what is above its feet."""
    rows, columns = picture.shape
    labels, stats = pieces((picture > FAINT).astype(np.uint8))
    middle = labels[round(0.4 * rows) : round(0.56 * rows), round(0.46 * columns) : round(0.54 * columns)]
    found, sizes = np.unique(middle[middle > 0], return_counts=True)
    if not len(found) or sizes.max() < 0.6 * middle.size:
        return picture
    star = int(found[sizes.argmax()])
    _, top, wide, high, area = (int(value) for value in stats[star])
    if not (0.3 < area / (wide * high) < 0.75 and 0.75 < wide / high < 1.35 and high > 0.16 * rows):
        return picture
    clear = np.where(
        cv2.dilate((labels == star).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0, np.float32(0), picture
    )
    clear[: top + round(0.75 * high)] = 0
    return np.asarray(clear, np.float32)


def _evened(picture: Floats) -> Floats:
    """Each place at the strength of its neighbourhood: a worn or faint side is raised."""
    reach = round(0.06 * SIDE) | 1
    level = cv2.blur(cv2.dilate(picture, np.ones((reach, reach), np.uint8)), (reach, reach))
    return np.asarray(np.clip(picture / np.clip(level, 0.25, 1.0), 0, 1), np.float32)


def _strips(picture: Floats) -> Iterator[Raster]:
    """Lines of plausible height, at most LINES, as strips cut to their ink."""
    ink = picture > FAINT
    count = 0
    for start, stop in _rows(ink):
        columns = np.flatnonzero(ink[start:stop].any(axis=0))
        if count == LINES or len(columns) == 0 or columns[-1] - columns[0] < 1.2 * (stop - start):
            continue
        line = picture[max(0, start - 2) : stop + 2, columns[0] : columns[-1] + 1]
        width = min(1200, round(line.shape[1] * STRIP / line.shape[0]))
        flat = squeezed(cv2.resize(line, (width, STRIP), interpolation=cv2.INTER_CUBIC))
        count += 1
        yield (255 * (1 - np.clip(np.pad(flat, ((0, 0), (10, 10))), 0, 1))).astype(np.uint8)


def _rows(ink: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """First row and the one after the last of what may be lines, top to bottom."""
    half = ink.shape[0] / 2
    least, most = 0.1 * half, 0.6 * half
    counts = np.convolve(ink.sum(axis=1), np.ones(3) / 3, mode="same")
    for start, stop in bands.runs(_joined(counts > max(3.0, 0.12 * float(np.percentile(counts, 98))))):
        if least <= stop - start <= most:
            yield start, stop
        elif stop - start > most:
            # Another ring's arc ties rows together; it has one stroke in each, where characters have many.
            strokes = (np.diff(ink[start:stop].astype(np.int8), axis=1) == 1).sum(axis=1)
            strokes = np.convolve(strokes, np.ones(3) / 3, mode="same")
            for first, last in bands.runs(_joined(strokes > max(3.0, 0.4 * float(strokes.max())))):
                if least <= last - first <= most:
                    room = (last - first) // 8
                    yield max(0, start + first - room), min(len(ink), start + last + room)


def _joined(inked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rows of thin strokes may be all but empty in the middle of a line."""
    return np.asarray(
        cv2.morphologyEx(inked.astype(np.uint8)[:, None], cv2.MORPH_CLOSE, np.ones((5, 1), np.uint8))[:, 0] > 0
    )


def reading(odds: Odds) -> Strip:
    """What a line says: a known text but for one character, where the recogniser leaves that open; and its number."""
    strip = _numbered(beam.read(odds, of_lines()), odds)
    number = _number(strip)
    if number is None:
        return _words(strip, odds)
    text = _words(Strip.of(strip.characters[: number.start()]), odds)
    if number.start() and not text.text.endswith("章"):
        return text
    figures = strip.characters[slice(*number.span(number.lastindex or 0))]
    if _BARE.search(strip.text):
        return Strip.of((*text.characters, *figures))
    (_, first, _), (_, last, _) = strip.characters[number.start()], strip.characters[-1]
    least = min(sure for *_, sure in strip.characters[number.start() :])
    return Strip.of((*text.characters, ("（", first, least), *figures, ("）", last, least)))


def _numbered(strip: Strip, odds: Odds) -> Strip:
    """With a number behind the bracket that follows 章: among Hanzi the recogniser takes a digit for one of them."""
    found = re.search("章[（(]", strip.text)
    if found is None or strip.characters[found.end() - 1][2] < _DOUBTFUL:
        return strip
    known = strip.characters[: found.end()]
    begin = int(known[-1][1] * len(odds)) + 1
    rest = tuple({"）" if one == ")" else one: sure for one, sure in column.items()} for column in odds[begin:])
    if not rest:
        return strip
    (told,) = vote.likelihoods([number + end for number in _NUMBERS for end in ("", "）")], [rest])
    each = np.logaddexp(told[::2], told[1::2])
    best = int(each.argmax())
    share = float(np.exp(each[best] - np.logaddexp.reduce(each)))
    seen = sum(float(np.log(max(column.values(), default=1.0))) for column in rest)
    if share < _DOUBTFUL or each[best] < seen + np.log(_SEEN):
        return strip
    at = (1 + known[-1][1]) / 2
    return Strip.of((*known, *((figure, at, share) for figure in _NUMBERS[best]), ("）", 1.0, share)))


def _number(strip: Strip) -> re.Match[str] | None:
    found = _NUMBER.search(strip.text)
    sure = found is not None and min(sure for *_, sure in strip.characters[found.start() :]) >= _DOUBTFUL
    return found if sure else None


def _words(strip: Strip, odds: Odds) -> Strip:
    """The Hanzi of a line without its number."""
    strip = _hanzi(strip)
    if placed := _in_places(strip, odds):
        return placed
    kept = [strip, *_shorter(strip)]
    for one in kept:
        if one.text in KNOWN:
            return one
    for one in kept:
        alike = [known for known in KNOWN if _alike(known, one.text)]
        weighed = [beam.aligned(known, odds, _LEAST) for known in alike]
        open_ = [known for known in weighed if known.text and min(sure for *_, sure in known.characters) > _LEAST]
        if open_:
            return max(open_, key=lambda known: known.confidence)
    return strip


def _in_places(strip: Strip, odds: Odds) -> Strip | None:
    """The known purpose whose characters stand before 专用章 at even distances; None where no one is the likeliest.

    What was misread or not read leaves its place: 行政＿＿专用章 has two characters there. How far characters are from
    each other 专用章 tells, or the purpose's own number of them where the line begins with its ink.
    """
    begin = strip.text.rfind(_SEAL)
    tail = strip.characters[begin : begin + len(_SEAL)]
    if begin < 1 or min(sure for *_, sure in tail) < _ANCHOR:
        return None
    middle = sum(at for _, at, _ in tail) / len(tail)
    pitch = (tail[-1][1] - tail[0][1]) / (len(_SEAL) - 1)
    weighed: list[tuple[float, Strip]] = []
    for purpose in PURPOSES:
        own = (middle - _EDGE / len(odds)) / (len(purpose) + len(_SEAL) / 2)
        for each in (pitch, own) if _NARROWER < own / pitch < 1 / _NARROWER else (pitch,):
            ats = [middle - each * place for place in range(len(purpose) + 1, 1, -1)]
            likely = [_near(character, at, each, odds) for character, at in zip(purpose, ats, strict=True)]
            if 2 * sum(one > _GLIMPSED for one in likely) < len(purpose):
                continue
            cost = -sum(math.log(max(one, _LEAST)) for one in likely)
            for character, at, sure in strip.characters[:begin]:
                place = len(purpose) + 1 - round((middle - at) / each)
                if not (0 <= place < len(purpose) and purpose[place] == character):
                    cost -= math.log(max(1 - sure, _LEAST))
            weighed.append((cost, Strip.of((*zip(purpose, ats, likely, strict=True), *tail))))
    gaps = np.diff([at for _, at, _ in strip.characters[: begin + 1]])
    if max(gaps) < _APART * pitch:  # as it was read
        weighed.append((_UNKNOWN - sum(math.log(max(sure, _LEAST)) for *_, sure in strip.characters[:begin]), strip))
    cost, best = min(weighed, key=itemgetter(0), default=(0.0, None))
    others = [other for other, one in weighed if best is not None and one.text != best.text]
    return best if min(others, default=math.inf) - cost > _LIKELIER else None


def _near(character: str, at: float, pitch: float, odds: Odds) -> float:
    """How likely a character is near a place of the strip, 0 to 1 of its width."""
    first, last = (int((at + way * _ASTRAY * pitch) * len(odds)) for way in (-1, 1))
    return max((column.get(character, 0.0) for column in odds[max(0, first) : max(0, last + 1)]), default=0.0)


def _hanzi(strip: Strip) -> Strip:
    return Strip.of([one for one in strip.characters if HANZI.match(one[0])])


def _shorter(strip: Strip) -> Iterator[Strip]:
    """Without characters at its ends that are doubtful or stand apart, as what crosses the line or print makes.

    What stands as the others do is of the line: 人事档案专用章 is not 档案专用章.
    """
    letters = strip.characters
    for stray in range(1, min(_STRAY, len(letters) - 2) + 1):
        for first in range(stray + 1):
            last = first + len(letters) - stray
            inside = letters[first:last]
            usual = float(np.median(np.diff([at for _, at, _ in inside]))) if len(inside) > 2 else 1.0
            ends = ((letters[:first], letters[first - 1 : first + 1]), (letters[last:], letters[last - 1 : last + 1]))
            if all(
                not aside or max(sure for *_, sure in aside) < _DOUBTFUL or gap[1][1] - gap[0][1] > _APART * usual
                for aside, gap in ends
            ):
                yield Strip.of(inside)


def _alike(known: str, text: str) -> bool:
    """Whether one character of `known` was read as another, or one or two not at all.

    Two characters are alike only to what ends in them: its beginning is hidden.
    """
    if len(text) < 3:
        return len(text) == 2 and len(known) == 3 and known.endswith(text)
    if len(known) == len(text):
        return sum(a != b for a, b in zip(known, text, strict=True)) == 1
    rest = iter(known)
    return len(text) < len(known) <= len(text) + 2 and all(character in rest for character in text)


def said(readings: Sequence[tuple[int, Sequence[Strip]]]) -> tuple[str, float]:
    """The likeliest text of the lines, and how sure. readings: which signal it is of, and what its lines say.

    A signal that is read twice agrees with itself: only another one makes a text surer.
    """
    told = [(source, [one for one in of if len(one.text) >= 2 and one.confidence > 0.4]) for source, of in readings]
    figures = _sources((source, found[1]) for source, of in told for one in of if (found := _FIGURE.search(one.text)))
    told = [(source, [_bracketed(one, figures) for one in of]) for source, of in told]
    seen = _sources((source, one.text) for source, of in told for one in of)
    # What else stands beside a known line may be print: two signals must show it.
    told = [
        (source, [one for one in of if _known(one.text) or len(seen[one.text]) > 1 or not _any_known(of)])
        for source, of in told
    ]
    texts = [(source, "".join(one.text for one in kept)) for source, kept in told]
    sources = _sources(texts)
    most, text, best = 0.0, "", list[Strip]()
    for (source, joined), (_, kept) in zip(texts, told, strict=True):
        score = sum(len(one.text) * one.confidence**2 * (2.0 if _known(one.text) else 1.0) for one in kept)
        beside = [other for number, other in texts if number != source]
        agreed = len(sources[joined]) > 1 or (
            _known(joined) and any(_alike(unnumbered(joined), unnumbered(other)) for other in beside)
        )
        score *= 1.3 if agreed else 1.0
        if score > most:
            most, text, best = score, joined, kept
    if not text:
        return "", 0.0
    weakest = min((sure for one in best for *_, sure in one.characters), default=0.0)
    mean = min(one.confidence for one in best)
    return text, float(np.clip((mean + weakest) / 2 * (1.0 if len(sources[text]) > 1 else _ALONE), 0, 1))


def _bracketed(strip: Strip, figures: Mapping[str, Collection[int]]) -> Strip:
    """A number without brackets gets them where two signals show it, and is none of the line where one does.

    figures: which signals show each number. A stroke beside the line is read as 1.
    """
    bare = _BARE.search(strip.text)
    if bare is None:
        return strip
    words, number = strip.characters[: bare.start()], strip.characters[bare.start() :]
    if len(figures[bare[0]]) < 2:
        return Strip.of(words)
    (_, first, least), (_, last, _) = min(number, key=itemgetter(2)), number[-1]
    return Strip.of((*words, ("（", first, least), *number, ("）", last, least)))


def _sources(texts: Iterable[tuple[int, str]]) -> dict[str, set[int]]:
    """Which signals show each text."""
    found: dict[str, set[int]] = {}
    for source, text in texts:
        found.setdefault(text, set()).add(source)
    return found


def _any_known(strips: Sequence[Strip]) -> bool:
    return any(_known(one.text) for one in strips)


def _known(text: str) -> bool:
    return unnumbered(text) in KNOWN
