"""What papers say around a seal: phrases, dates."""

from __future__ import annotations

from random import Random

_PHRASES = (
    "根据有关规定 经研究决定 现将有关事项通知如下 请认真贯彻执行 为进一步加强管理工作 各有关单位 "
    "切实做好相关工作 特此证明 兹证明 该同志系我单位职工 在职期间表现良好 经审核符合条件 予以登记 准予设立 "
    "有效期自发证之日起 请妥善保管 不得涂改 转让 出租 出借 双方经友好协商 达成如下协议 甲方应于合同签订后 "
    "十个工作日内 支付合同价款的百分之三十 乙方负责组织实施 并按期完成 本合同一式四份 双方各执两份 "
    "具有同等法律效力 自双方签字盖章之日起生效 参加培训考试成绩合格 被评为先进工作者 以资鼓励 推荐为会员代表 "
    "学术水平较高 同意推荐 情况属实 同意申报 该项目已完成全部工作内容 验收合格 如有争议 协商解决 经营范围 "
    "法定代表人 注册资本 住所 统一社会信用代码 联系人及电话 身份证号码 特授予 荣誉称号 会议研究了换届选举事宜 "
    "选举产生新一届理事会 学习贯彻会议精神 推动事业高质量发展 充分发挥桥梁纽带作用 年度检查合格 请予接洽为盼 "
    "前来你处办理手续"
)
_POINTS = "，，，，。；"
_DIGITS = "〇一二三四五六七八九"


def sentence(rng: Random, count: int) -> str:
    """Text of `count` characters."""
    text = ""
    while len(text) < count:
        text += rng.choice(_PHRASES.split()) + rng.choice(_POINTS)
        if rng.random() < 0.12:
            text += str(rng.randint(1, 999))
    return text[:count]


def date(rng: Random) -> str:
    """2019年3月7日 or 二〇一九年三月七日."""
    year, month, day = rng.randint(2001, 2025), rng.randint(1, 12), rng.randint(1, 28)
    if rng.random() < 0.6:
        return f"{year}年{month}月{day}日"
    digits = "".join(_DIGITS[int(digit)] for digit in str(year))
    return f"{digits}年{_number(month)}月{_number(day)}日"


def _number(value: int) -> str:
    """1 to 99: 七, 十二, 二十."""
    tens, ones = divmod(value, 10)
    return (_DIGITS[tens] if tens > 1 else "") + ("十" if tens else "") + (_DIGITS[ones] if ones else "")
