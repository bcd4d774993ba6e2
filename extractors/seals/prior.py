"""How likely a character follows another in what seals say: divisions, subjects, and the words of bodies' names.

A bigram over words that may follow one another in any order, from the data files that heyan has anyway. Every other
character stays possible, at a few per cent altogether: names are made of words that no list has.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import pairwise
from math import log

from extractors.values.places import division_names
from extractors.values.societies import national_societies

_ELSE = 0.05  # share of characters that no list lets follow
_CHARACTERS = 7000  # that may stand there
_AROUND = re.compile("^(?:中国|中华)|(?:学会|协会|研究会|联合会|促进会|基金会)$")

ENDINGS = (
    "学会", "协会", "研究会", "联合会", "委员会", "基金会", "促进会", "理事会", "商会", "工会", "分会", "总会",
    "科学技术协会", "科协", "中心", "局", "厅", "部", "处", "室", "科", "院", "所", "站", "馆", "校", "政府",
    "公司", "合作社", "大学", "学院", "中学", "小学", "医院", "集团", "村民委员会", "办公室", "专用章", "章", "印",
    "幼儿园", "银行", "支行", "分行", "厂", "店", "队", "社", "团", "庭", "行",
)  # fmt: skip
WORDS = (
    "中国", "学会", "协会", "研究会", "科学", "技术", "委员会", "人民", "政府", "中心", "公司", "有限", "大学",
    "学院", "中学", "医院", "专用章", "财务", "合同", "办公室", "省", "市", "县", "农业", "农村", "合作社", "发展",
    "科技", "教育", "之印", "之章", "局", "会", "章", "印",
)  # fmt: skip
BODIES = (
    "中华", "科学技术协会", "人民政府", "人民法院", "人民检察院", "街道办事处", "村民委员会", "居民委员会", "社区",
    "镇", "乡", "村", "公安局", "民政局", "财政局", "教育局", "科学技术局", "农业农村局", "自然资源局", "林业局",
    "水利局", "税务局", "统计局", "市场监督管理局", "卫生健康委员会", "人力资源和社会保障局", "住房和城乡建设局",
    "生态环境局", "文化和旅游局", "乡村振兴局", "有限公司", "有限责任公司", "股份有限公司", "集团有限公司",
    "专业合作社", "农民专业合作社", "事务所", "合作社联合社", "职业技术学院", "师范学院", "师范大学", "农业大学",
    "科学院", "研究院", "研究所", "实验小学", "第一中学", "人民医院", "中心医院", "中医院", "图书馆", "博物馆",
    "科技馆", "科学技术馆", "气象站", "推广中心", "服务中心", "活动中心", "青少年", "科普", "学会", "协会", "研究会",
    "联合会", "促进会", "基金会", "商会", "科技", "生物", "信息", "技术", "工程", "建筑", "食品", "文化", "传播",
    "管理", "咨询", "发展", "贸易", "商贸", "机械", "电子", "环保", "医疗", "器械", "物业", "服务", "教育", "投资",
    "实业", "产业", "种植", "养殖", "开发", "中心", "总会", "分会", "国家", "中华人民共和国", "国家税务总局", "地方",
    "市场监督", "监督管理", "行政审批", "工商行政", "食品药品", "药品", "质量技术监督局", "安全生产", "应急管理局",
    "交通运输局", "商务局", "审计局", "司法局", "水务局", "城市管理", "综合", "行政", "执法", "规划", "建设",
    "国土资源局", "发展和改革委员会", "卫生局", "环境保护局", "医疗保障局", "退役军人", "事务局", "公证处", "仲裁",
    "律师", "会计师", "交通", "警察", "支队", "大队", "派出所", "出入境", "社会保险", "住房公积金", "管理中心",
    "不动产", "登记", "政务", "疾病预防控制中心", "妇幼保健院", "卫生院", "附属", "第二", "第三", "第四", "实验",
    "高级中学", "初级中学", "职业中学", "中心小学", "幼儿园", "职业学院", "理工大学", "科技大学", "财经大学",
    "工业大学", "医科大学", "交通大学", "继续教育", "研究生院", "教务处", "考试院", "招生", "考试", "中国银行",
    "工商银行", "农业银行", "建设银行", "交通银行", "邮政储蓄", "农村信用", "商业银行", "支行", "分行", "营业部",
    "保险", "证券", "人寿", "财产", "融资", "担保", "电力", "供电", "石油", "石化", "铁路", "公路", "高速", "航空",
    "港口", "通信", "移动", "联通", "电信", "网络科技", "软件", "数据", "智能", "房地产", "置业", "装饰", "园林",
    "绿化", "市政", "劳务", "人力资源", "广告", "传媒", "影视", "餐饮", "酒店", "旅行社", "旅游", "物流", "运输",
    "快递", "汽车", "销售", "进出口", "国际", "化工", "制药", "医药", "药业", "材料", "新能源", "电气", "设备",
    "仪器", "制造", "纺织", "服饰", "家具", "塑料", "五金", "检测", "测绘", "勘察", "设计院", "监理", "招标", "代理",
    "造价", "评估", "拍卖", "出版社", "杂志社", "报社", "广播电视台", "体育", "残疾人", "慈善", "红十字会", "妇女",
    "老年", "企业", "工业", "商业", "股份", "责任", "控股", "分公司", "第一", "中共", "共青团", "人民", "解放军",
)  # fmt: skip
LABELS = (
    "收讫", "付讫", "清讫", "作废", "合格", "不合格", "检验", "验收", "验讫", "审核", "已审核", "核对",
    "已核对", "原件", "复印件", "质检", "质量", "专用", "专用章", "现金", "转账", "银行", "收款", "附件",
    "正本", "副本", "受控", "非受控", "机密", "秘密", "绝密", "存档", "归档", "注销", "已验", "急件", "密件",
    "入库", "出库", "登记", "批准", "同意", "有效", "无效", "财务", "合同", "业务", "行政", "人事", "仓库",
    "办公室", "科普部", "秘书处", "组织部", "党支部", "学术部",
)  # fmt: skip
SURNAMES = (
    *"王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢",
    *"姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常",
    *"汤康易乔赖文庞樊殷施洪翟安颜倪庄牛温芦季俞章鲁葛毕聂丛焦岳齐梅左耿关辛管祝冉舒詹涂苗鲍阮柴盛娄单翁凌",
    *"霍裴路褚窦纪柯应柳甘包项童尚卜游房骆欧卓邢尤桂申臧费靳屈柏牟蓝艾晏成解宁瞿闵穆米谷时麦景商席宫蒲车饶",
    *"简巫伍植宗冷司戚栾滕隋边古华喻匡储",
    "欧阳", "司马", "上官", "诸葛", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "东方", "端木", "长孙",
)  # fmt: skip
"""The more frequent ones, with those of two characters."""

_GIVEN = 3000  # characters that given names are made of


class Prior:
    """Of a character after another. lists: of words; each list is as likely as another, and each word of one list."""

    def __init__(self, *lists: Iterable[str]) -> None:
        self._within: defaultdict[str, float] = defaultdict(float)
        self._first: defaultdict[str, float] = defaultdict(float)
        self._last: defaultdict[str, float] = defaultdict(float)
        self._all: defaultdict[str, float] = defaultdict(float)
        self._seen: defaultdict[str, float] = defaultdict(float)
        self._known: dict[str, float] = {}
        for words in lists:
            told = tuple(dict.fromkeys(words))
            for word in told:
                self._add(word, 1 / len(told) / len(lists))

    def _add(self, word: str, weight: float) -> None:
        self._first[word[0]] += weight
        self._last[word[-1]] += weight
        for character in word:
            self._all[character] += weight / len(word)
            self._seen[character] += weight
        for before, character in pairwise(word):
            self._within[before + character] += weight

    def __call__(self, before: str, character: str) -> float:
        """The natural logarithm of the likelihood of `character` after `before` ("" at the start)."""
        pair = before + character
        if pair not in self._known:
            self._known[pair] = log(self._likelihood(before, character))
        return self._known[pair]

    def _likelihood(self, before: str, character: str) -> float:
        word = self._first.get(character, 0.0)
        follows, seen = word, self._seen.get(before, 0.0)
        if seen:
            follows = (self._within.get(before + character, 0.0) + self._last.get(before, 0.0) * word) / seen
        return (1 - _ELSE) * follows + _ELSE * (self._all.get(character, 0.0) + 1 / _CHARACTERS) / 2


@cache
def lists() -> tuple[tuple[str, ...], ...]:
    """Of the words that names of bodies are made of."""
    return division_names(), tuple(_subjects()), (*WORDS, *ENDINGS), BODIES


@cache
def of_frames() -> Prior:
    """Of the names of bodies, and of what labels say."""
    return Prior(*lists(), LABELS)


@cache
def of_persons() -> Callable[[str, str], float]:
    """Of a person's seal: his surname, any given name, and 印, 之印 or 章."""
    first = log(0.9 / len({name[0] for name in SURNAMES}))
    rare, given = log(0.1 / _CHARACTERS), log(0.6 / _GIVEN)
    ends = {"印": log(0.2), "之": log(0.1), "章": log(0.1)}
    surnames = {name[0] for name in SURNAMES}

    def follows(before: str, character: str) -> float:
        if not before:
            return first if character in surnames else rare
        return ends.get(character, given)

    return follows


@cache
def of_names() -> Prior:
    """Of the names of bodies."""
    return Prior(*lists())


def _subjects() -> Iterator[str]:
    """What the national societies work on: 植物保护 of 中国植物保护学会; their names bring the words for it."""
    for society in national_societies():
        for name in (society.name, *society.also):
            yield _AROUND.sub("", name) or name
