"""Chinese characters that look alike to OCR, to typists and to people."""

from __future__ import annotations

_ALIKE = (
    "未末", "己已巳", "日曰目", "土士", "人入八", "千干于", "大太犬", "木术本", "天夫", "田由甲申", "刀力", "儿几",
    "白自", "午牛", "王玉主", "市布", "县具且", "氏民", "兔免", "师帅", "侯候", "戊戌戍", "折拆析", "沂泝", "沅沉",
    "源原", "技枝", "协协办", "学宇字", "科料", "会合", "汨汩", "滕藤", "阳陌", "陵凌棱", "洲州", "拔拨", "茶荼",
    "柏栢", "晴睛", "渔鱼", "植值", "楼搂", "桂佳", "奉泰", "农衣", "林材", "化比", "地他", "物吻", "气乞", "广厂",
    "延廷", "隆降", "永水", "汝妆", "徽微", "宁字", "密蜜", "县昙", "昌吕",
)  # fmt: skip
_NEAR = {frozenset((a, b)) for group in _ALIKE for a in group for b in group if a != b}


def alike(a: str, b: str) -> bool:
    """Whether two different characters are taken for each other."""
    return frozenset((a, b)) in _NEAR
