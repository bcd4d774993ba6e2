"""What stands on seals: bodies, departments, purposes, persons; made up, none is meant."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

PLACES = (
    "浙江省", "江西省", "云南省", "甘肃省", "福建省", "河北省", "湖北省", "陕西省", "广东省", "黑龙江省",
    "杭州市", "赣州市", "昆明市", "兰州市", "厦门市", "保定市", "宜昌市", "榆林市", "梅州市", "牡丹江市",
    "安吉县", "吉安县", "大理市", "民勤县", "霞浦县", "阜平县", "秭归县", "米脂县", "五华县", "林口县",
    "临夏回族自治州", "恩施市", "延边朝鲜族自治州", "新昌县", "石城县", "元谋县", "敦煌市", "长汀县", "蔚县",
    "竹山县", "洛川县", "平远县", "拜泉县", "喀什地区", "库尔勒市", "墨脱县", "互助土族自治县", "平罗县",
    "靖边县", "道真仡佬族苗族自治县", "阿拉善左旗", "昌吉市", "琼海市", "綦江区", "黄陂区", "浦东新区",
)  # fmt: skip
SUBJECTS = (
    "植物保护", "土壤肥料", "畜牧兽医", "水产", "林业", "园艺", "农业工程", "气象", "地质", "测绘", "食品科学",
    "茶叶", "中药材种植", "柑橘", "核桃产业", "蜂业", "心理卫生", "药学", "护理", "营养", "昆虫", "遗传",
    "作物", "化工", "计算机", "自动化", "声学", "力学", "铁道", "公路", "煤炭", "石油", "环境科学", "生态",
    "粮油", "菌物", "麻类", "棉花", "烟草",
)  # fmt: skip
SOCIETIES = (
    "学会", "学会", "协会", "研究会", "联合会", "促进会",
)  # fmt: skip
NATIONAL = (
    "中国", "中国", "中华",
)  # fmt: skip
OTHERS = (
    "科学技术协会", "科学技术协会", "科学技术局", "农业农村局", "人民政府", "乡村振兴局", "第一中学", "中医院",
    "农业技术推广中心", "职业技术学院", "青少年活动中心", "图书馆", "供销合作社联合社", "市场监督管理局",
    "实验小学",
)  # fmt: skip
TRADES = (
    "绿源", "恒信", "金禾", "华泰", "瑞丰", "天成", "锦程", "宏远", "盛达", "中科智云", "青山",
)  # fmt: skip
COMPANIES = (
    "农业发展有限公司", "科技有限公司", "生物科技股份有限公司", "种植专业合作社", "信息技术有限公司",
    "食品有限责任公司",
)  # fmt: skip
CENTRES = (
    "财务专用章", "合同专用章", "办公室", "科普部", "学术部", "业务专用章", "组织部", "党支部",
    "资格审查专用章", "项目专用章", "秘书处", "行政专用章",
)  # fmt: skip
OVAL_CENTRES = ("财务专用章", "发票专用章", "业务专用章", "收费专用章", "检验专用章")
LABELS = (
    "合格", "检验", "收讫", "作废", "已审核", "质检专用", "验收合格", "现金付讫", "原件已核对", "复印件专用",
)  # fmt: skip
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕欧阳"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国文辉志海波宁晨阳宇浩然雪梅松柏"
ENGLISH = (
    "SOCIETY OF PLANT PROTECTION", "ASSOCIATION FOR SCIENCE AND TECHNOLOGY", "CHINA SOCIETY OF AGRONOMY",
    "INSTITUTE OF FOOD SCIENCE", "TECHNOLOGY CO LTD", "HUATAI TRADING CO LTD",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Engraved:
    """What a seal says. text: in reading order; centre: straight Hanzi below it; code: 13 digits; others never both."""

    text: str
    centre: str = ""
    code: str = ""
    english: str = ""
    number: str = ""  # in an oval's middle: letters and digits


def body(rng: Random, longest: int = 20) -> str:
    """A body's name of 5 to `longest` characters."""
    while True:
        way = rng.random()
        if way < 0.2:
            name = rng.choice(NATIONAL) + rng.choice(SUBJECTS) + rng.choice(SOCIETIES[:3])
        elif way < 0.5:
            name = rng.choice(PLACES) + rng.choice(SUBJECTS) + rng.choice(SOCIETIES)
        elif way < 0.8:
            name = rng.choice(PLACES) + rng.choice(OTHERS)
        else:
            place = rng.choice(PLACES)
            name = place.rstrip("省市县区旗") + rng.choice(TRADES) + rng.choice(COMPANIES)
        if 5 <= len(name) <= longest:
            return name


def person(rng: Random) -> str:
    given = "".join(rng.choices(GIVEN, k=rng.choice((1, 2, 2))))
    return rng.choice(SURNAMES[:-2]) + given


def code(rng: Random) -> str:
    return f"{rng.randint(11, 65)}" + "".join(rng.choices("0123456789", k=11))


def number(rng: Random) -> str:
    """A credit code's look: 18 letters and digits."""
    return "9" + "".join(rng.choices("0123456789", k=13)) + "".join(rng.choices("ABCDEFGHJKLMNPQRTUWXY0123456789", k=4))
