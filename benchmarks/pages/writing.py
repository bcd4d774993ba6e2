"""What the pages say: letters and notices of make-believe societies, in words that the simulator does not use."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

_PLACES = (
    "临泉",
    "昭平",
    "洛隆",
    "泾源",
    "沿河",
    "金寨",
    "隰县",
    "文山",
    "巴楚",
    "安图",
    "平利",
    "岷县",
    "雷波",
    "兴国",
)
_SUBJECTS = ("测绘", "园艺", "护理", "土壤", "营养", "制冷", "昆虫", "造船", "岩石力学", "生物医学工程", "水产", "照明")
_NAMES = "赵钱孙周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
_GIVEN = "建国志强淑芬海燕晓东雪梅文博子涵俊杰雅琴德胜玉兰春生立新怀远思齐"
_ACTS = ("现场诊断", "技术培训", "专题讲座", "田间示范", "设备检修", "义诊巡诊", "图书捐赠", "远程答疑", "样品检测")
_GOODS = ("猕猴桃", "黑山羊", "中药材", "冷水鱼", "高山茶", "油橄榄", "食用菌", "小杂粮", "竹制品", "核桃")
_SENTENCES = (
    "根据{place}县产业发展的实际需要，我会拟于{date}组织{number}名专家赴你县开展{act}活动，为期{number}天。",
    "活动期间将围绕{goods}种植、储运与深加工中的关键问题，安排{act}、{act}等内容，预计受益群众{count}人次。",
    "所需经费共计人民币{money}元，其中差旅费{money}元、材料费{money}元，由我会自筹，不向地方收取任何费用。",
    "请贵单位协助落实场地、人员和交通，并于{date}前将参会回执发送至{mail}，逾期视为不参加。",
    "前期调研显示，全县{goods}产量由上年的{count}吨增至{count}吨，但优质品率仅为{percent}%，病虫害损失较重。",
    "双方同意建立长期结对关系，每年至少互访{number}次，并共同申报省级以上科技志愿服务项目。",
    "专家组由{name}教授任组长，成员包括{name}、{name}和{name}等同志，具体名单见附件{number}。",
    "为保证质量，每场{act}均须签到、拍照存档，结束后{number}个工作日内提交总结材料（不少于{count}字）。",
    "联系人：{name}，办公电话：{phone}，手机：{mobile}，电子邮箱：{mail}。",
    "现将有关事项函告如下，如有不妥，请及时与我会学术部联系，以便调整日程安排。",
    "经研究，同意将{place}县列为“科技助农”第{number}批示范点，首期支持资金{money}元。",
    "请各分会高度重视，认真组织，严禁借机旅游、收受礼品，违者按《章程》第{number}条处理。",
    "截至目前，已有{count}家企业、{number}所院校报名，覆盖{place}、{place}、{place}等县。",
    "The workshop (No. {count}) on {goods} will be held at {place}, see http://www.example-{number}.org for details.",
)


def society(rng: Random) -> str:
    return f"{rng.choice(('中国', '华东', '西南地区', '北方'))}{rng.choice(_SUBJECTS)}学会"


def place(rng: Random) -> str:
    return rng.choice(_PLACES)


def name(rng: Random) -> str:
    return rng.choice(_NAMES) + "".join(rng.sample(_GIVEN, rng.choice((1, 2, 2))))


def date(rng: Random) -> str:
    return f"{rng.randint(2019, 2027)}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日"


def money(rng: Random) -> str:
    return rng.choice(("{:,}", "{}", "{:,}.00")).format(rng.randint(1, 999) * 100)


def phone(rng: Random) -> str:
    return f"0{rng.randint(10, 99)}-{rng.randint(20000000, 89999999)}"


def mobile(rng: Random) -> str:
    return f"1{rng.choice((3, 5, 7, 8, 9))}{rng.randint(0, 999999999):09d}"


def mail(rng: Random) -> str:
    who = rng.choice(("office", "kepu", "zhaolm", "xuehui_"))
    return f"{who}{rng.randint(1, 99)}@{rng.choice(('csae', 'mail'))}.org.cn"


def sentence(rng: Random) -> str:
    """One sentence; the same blank is filled anew each time it occurs."""
    text = rng.choice(_SENTENCES)
    for blank, fill in _FILLS.items():
        while "{" + blank + "}" in text:
            text = text.replace("{" + blank + "}", fill(rng), 1)
    return text


def paragraph(rng: Random, least: int) -> str:
    """Sentences of at least `least` characters together."""
    text = ""
    while len(text) < least:
        text += sentence(rng)
    return text


_FILLS: dict[str, Callable[[Random], str]] = {
    "place": place,
    "date": date,
    "money": money,
    "phone": phone,
    "mobile": mobile,
    "mail": mail,
    "name": name,
    "number": lambda rng: str(rng.randint(2, 12)),
    "count": lambda rng: str(rng.randint(100, 9800)),
    "percent": lambda rng: f"{rng.randint(10, 989) / 10:.1f}",
    "act": lambda rng: rng.choice(_ACTS),
    "goods": lambda rng: rng.choice(_GOODS),
}
