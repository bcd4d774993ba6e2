"""What training seals say: names as bodies have them, words in any order, and Hanzi in any order.

The last two keep the recogniser from learning which names there are: that is the prior's work (seals/prior.py), and a
recogniser that guesses by it reads a wrong name surely.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import accumulate
from random import Random

from extractors.seals.prior import BODIES, ENDINGS
from extractors.values.places import division_names
from extractors.values.societies import national_societies
from scripts import packages

CENTRES = (
    "办公室", "财务专用章", "合同专用章", "科普部", "发票专用章", "业务专用章", "组织人事部", "人事部", "学术部",
    "秘书处", "财务部", "公章", "行政专用章", "学生工作处", "教务处", "档案专用章", "审批专用章", "登记专用章",
    "工会委员会", "检验专用章", "收费专用章", "报名专用章", "党支部", "党总支", "项目部", "资料专用章", "人力资源部",
    "科技部", "国际部", "综合部", "会员部", "培训部", "编辑部", "现金收讫", "现金付讫", "合格", "作废", "骑缝章",
)  # fmt: skip
_SCALES = ("第一", "第二", "第三", "实验", "中心", "人民", "育才", "新城", "东方", "城关", "高新区", "开发区")
_KINDS = (
    "小学", "中学", "初级中学", "高级中学", "幼儿园", "职业技术学校", "医院", "中医院", "妇幼保健院", "卫生院",
    "卫生服务中心", "公安局", "财政局", "教育局", "民政局", "司法局", "税务局", "统计局", "审计局", "水利局",
    "农业农村局", "市场监督管理局", "自然资源和规划局", "住房和城乡建设局", "人力资源和社会保障局",
    "卫生健康委员会", "发展和改革委员会", "行政审批服务局", "街道办事处", "镇人民政府", "村民委员会",
    "社区居民委员会", "支行", "分行", "农村商业银行股份有限公司", "公证处", "总工会", "人民法院", "档案馆",
    "图书馆", "气象局", "供销合作社", "残疾人联合会", "红十字会", "派出所", "事务所", "专业合作社",
)  # fmt: skip
_FIRMS = (
    "有限公司", "有限公司", "有限责任公司", "股份有限公司", "集团有限公司", "有限公司分公司", "厂", "经营部", "中心",
)  # fmt: skip
_PARTS = ("部", "处", "室", "科", "组", "站", "所", "队", "股", "办公室", "委员会", "中心", "分会", "党支部")
_NUMERALS = "一二三四五六七八九十"
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭"
    "陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_DIGITS = "0123456789"
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # of unified social credit codes
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Words:
    """Texts by lot. characters: those the recogniser knows. Needs the word list of the package jieba (MIT)."""

    def __init__(self, characters: Collection[str]) -> None:
        words: list[str] = []
        weights: list[float] = []
        seen: dict[str, float] = {}
        for word, count in packages.counted_words():
            if not all("一" <= character <= "鿿" and character in characters for character in word):
                continue
            for character in word:
                seen[character] = seen.get(character, 0.0) + count
            if len(word) < 5:
                words.append(word)
                weights.append(count**0.35)
        self._words, self._weights = words, list(accumulate(weights))
        self._hanzi = sorted(seen)
        self._often = list(accumulate(seen[character] ** 0.3 for character in self._hanzi))
        self._all = sorted(character for character in characters if "一" <= character <= "鿿")
        self._places = [name for name in division_names() if all(character in characters for character in name)]
        self._subjects = [society.name for society in national_societies()]
        self._endings = [ending for ending in (*ENDINGS, *BODIES) if len(ending) > 1]

    def name(self, lot: Random) -> str:
        """3 to about 26 characters that may stand on an arc."""
        way = lot.random()
        if way < 0.17:
            return self.hanzi(lot, lot.randint(4, 18))
        if way < 0.24:
            return self._rare(lot, lot.randint(4, 14))
        if way < 0.4:
            return self._of(lot, lot.randint(2, 5))[:20] + (lot.choice(self._endings) if lot.random() < 0.5 else "")
        if way < 0.43:
            return lot.choice(self._subjects)
        place = lot.choice(self._places) if lot.random() < 0.8 else "中国"
        if lot.random() < 0.2:
            place += lot.choice(self._places)
        if lot.random() < 0.3:
            place = place.rstrip("省市县区")
        if lot.random() < 0.15:
            place += self._rare(lot, lot.randint(1, 2)) + lot.choice(("镇", "乡", "街道", "村", "社区"))
        if way < 0.5:
            return place + lot.choice(("科学技术协会", "人民政府", "农学会", "林学会", "医学会"))
        middle = self._of(lot, lot.randint(1, 2))
        if way < 0.62:
            made = self._rare if lot.random() < 0.3 else self.hanzi
            return place + made(lot, lot.randint(2, 4)) + self._of(lot, 1) + lot.choice(_FIRMS)
        if way < 0.74:
            return place + (lot.choice(_SCALES) if lot.random() < 0.6 else middle[:2]) + lot.choice(_KINDS)
        if way < 0.79:
            return middle + f"（{place[:2]}）" + self._of(lot, 1) + "有限公司"
        return place + middle + lot.choice(self._endings)

    def centre(self, lot: Random) -> str:
        """A line of 2 to 10 characters, seldom a usual one: which are usual is the prior's to know."""
        way = lot.random()
        if way < 0.2:
            return lot.choice(CENTRES)
        if way < 0.28:
            return self._of(lot, lot.randint(1, 2))[:6] + "专用章"
        if way < 0.48:
            return self._of(lot, lot.randint(1, 3))[:6] + lot.choice(_PARTS)
        if way < 0.65:
            return self._of(lot, lot.randint(1, 4))[:8]
        if way < 0.72:  # all its characters, but no word
            usual = lot.choice(CENTRES)
            return "".join(lot.sample(usual, len(usual)))
        if way < 0.84:
            number = f"{lot.randint(1, 30):0{lot.randint(1, 3)}}"
            part = f"第{lot.choice(_NUMERALS)}{lot.choice(_PARTS)}"
            aside = f"（{self.hanzi(lot, lot.randint(1, 3))}）"
            return lot.choice((f"（{number}）", f"{number}号", part, aside, str(lot.randint(10**3, 10**9))))
        return (self._rare if way < 0.9 else self.hanzi)(lot, lot.randint(2, 8))

    def square(self, lot: Random) -> str:
        """1 to 12 characters that may stand in a frame."""
        way = lot.random()
        if way < 0.02:
            return lot.choice(_SURNAMES)
        if way < 0.4:
            given = self.hanzi(lot, lot.randint(1, 2))
            return lot.choice(_SURNAMES) + given + lot.choice(("", "", "印", "之印", "章", "印章"))
        if way < 0.55:
            return lot.choice([centre for centre in CENTRES if len(centre) > 3])
        return (self.name(lot)[:10] + lot.choice(("", "印", "之印", "专用章")))[:12]

    def hanzi(self, lot: Random, count: int) -> str:
        return "".join(lot.choices(self._hanzi, cum_weights=self._often, k=count))

    def _rare(self, lot: Random, count: int) -> str:
        """Any Hanzi the recogniser knows, all alike often."""
        return "".join(lot.choices(self._all, k=count))

    def printed(self, lot: Random) -> str:
        """A printed line's piece of up to 24 characters, with digits and marks."""
        parts: list[str] = []
        for _ in range(lot.randint(1, 4)):
            way = lot.random()
            parts.append(
                str(lot.randint(0, 99999)) if way < 0.15
                else f"{lot.randint(1990, 2030)}年{lot.randint(1, 12)}月{lot.randint(1, 28)}日" if way < 0.25
                else self._of(lot, lot.randint(1, 3)) + lot.choice("，。：、；")
            )  # fmt: skip
        return "".join(parts)[:24]

    def _of(self, lot: Random, count: int) -> str:
        return "".join(lot.choices(self._words, cum_weights=self._weights, k=count))


def code(lot: Random) -> str:
    """The digits along a seal's bottom: mostly 13."""
    count = 13 if lot.random() < 0.85 else lot.randint(8, 16)
    return "".join(lot.choices(_DIGITS, k=count))


def credit_code(lot: Random) -> str:
    """A unified social credit code's 18 characters, or a tax number's 15 digits."""
    if lot.random() < 0.3:
        return "".join(lot.choices(_DIGITS, k=15))
    return "".join(lot.choice(_CREDIT if place in (0, 1, 8, 12, 17) else _DIGITS) for place in range(18))


def latin(lot: Random) -> str:
    """What an English name looks like along the bottom; it is no text of the training."""
    return " ".join("".join(lot.choices(_LETTERS, k=lot.randint(2, 9))) for _ in range(lot.randint(2, 4)))
