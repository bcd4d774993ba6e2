"""What a notice states, over notices of quite different wording; what it does not state is not guessed."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.validation.notice import Notice, read_notice

NOTICES = Path(__file__).parent / "notices"
STATED: dict[str, dict[str, Any]] = {
    "museum": {
        "topic": "2023年度全省科普教育基地提升项目",
        "number": "海科协发〔2023〕41号",
        "issuer": "海州省科学技术协会",
        "issued_on": date(2023, 5, 10),
        "deadline": "2023-06-16T23:59:59+08:00",
        "section": "三（三）",
        "caps": [150000, 80000],
        "quotas": ["各设区市科协限推荐5项，省级学会限推荐1项"],
        "attachments": ["科普教育基地提升项目申请书", "项目推荐汇总表", "项目管理办法"],
        "seals": 1,
        "period": date(2024, 6, 30),
        "phones": ("0898-66600123",),
        "emails": ("hzkepu@example.org.cn",),
    },
    "camp": {
        "topic": "2022年青少年高校科学营江南营",
        "issuer": "江南省青少年科技活动中心",
        "issued_on": date(2022, 5, 16),
        "deadline": "2022-06-08T17:00:00+08:00",
        "section": "3",
        "caps": [500],
        "quotas": ["每个县（市、区）可推荐营员不超过10名，带队教师1名"],
        "attachments": ["营员报名表", "安全承诺书", "营员须知"],
        "seals": 1,
        "phones": ("025-88880011",),
        "emails": ("yingdi@example.com",),
    },
    "ministries": {
        "topic": "2023年高素质农民培育示范基地",
        "number": "农办科〔2023〕17号",
        "issuer": "农业农村部办公厅、财政部办公厅",
        "issued_on": date(2023, 4, 18),
        "deadline": "2023-05-31T17:00:00+08:00",
        "section": "四（二）",
        "caps": [500000],
        "quotas": ["每个省（区、市）推荐数量不得多于3家，计划单列市及新疆生产建设兵团各限报1家"],
        "attachments": ["高素质农民培育示范基地申报书", "项目经费预算表", "信用承诺书", "推荐汇总表"],
        "seals": 2,
        "period": date(2024, 6, 30),
        "phones": ("010-55550182", "010-55550432"),
        "emails": ("jidi@example.org",),
    },
    "villages": {
        "topic": "“四季村晚”示范展示点",
        "number": "办公共发〔2022〕86号",
        "issuer": "文化和旅游部公共服务司",
        "issued_on": date(2022, 5, 12),
        "deadline": "2022-06-15T23:59:59+08:00",
        "section": "3",
        "caps": [80000],
        "quotas": ["征集对象：以乡镇（街道）、行政村为单位申报，每省份申报点位不超过5个"],
        "attachments": ["“四季村晚”示范展示点申报表"],
        "seals": 1,
        "phones": ("010-55551722", "13900002233"),
        "emails": ("cunwan@example.org",),
    },
    "venue": {
        "topic": "会议室免费开放",
        "issuer": "青石市科学会堂",
        "issued_on": date(2025, 2, 20),
        "deadline": "2025-11-30T23:59:59+08:00",
        "section": "通知",
        "attachments": ["会议室使用申请表"],
        "seals": 1,
        "phones": ("0532-80001234",),
        "emails": ("huitang@example.net",),
    },
    "papers": {
        "topic": "第九届西部草业学术年会",
        "number": "西草学字〔2024〕3号",
        "issuer": "西部草业学会",
        "issued_on": date(2024, 3, 4),
        "deadline": "2024-05-31T23:59:59+08:00",
        "section": "二",
        "attachments": ["论文诚信承诺书"],
        "phones": ("0477-8123456",),
        "emails": ("xbcy@example.org",),
    },
    "bidding": {
        "topic": "2024年度校级科普专项",
        "issuer": "科学技术处",
        "issued_on": date(2024, 3, 15),
        "deadline": "2024-04-12T17:00:00+08:00",
        "section": "（三）",
        "caps": [30000],
        "quotas": ["每位申请人限报1项"],
        "attachments": ["科普专项任务申请书", "经费预算表", "合作意向函（样式）"],
        "seals": 1,
        "period": date(2025, 4, 30),
        "phones": ("13900001111",),
    },
    "spring": {
        "topic": "2024年“科技之春”活动项目",
        "number": "宁科协〔2024〕6号",
        "issuer": "宁州市科学技术协会",
        "issued_on": date(2024, 2, 18),
        "deadline": "2024-03-31T23:59:59+08:00",
        "section": "一",
        "attachments": ["科技之春项目申报表"],
        "seals": 1,
    },
    "capacity": {
        "topic": "2021年度学会能力提升专项",
        "number": "中部协办字〔2020〕18号",
        "issuer": "中部省科协办公室",
        "issued_on": date(2020, 11, 27),
        "deadline": "2020-12-15T23:59:59+08:00",
        "section": "通知",
        "caps": [100000],
        "quotas": ["单个专项支持额度不高于人民币10万元（含），每个学会限报一个项目"],
        "attachments": ["学会能力提升专项申报书", "承诺书模板"],
        "seals": 1,
        "period": date(2021, 11, 30),
        "phones": ("027-87654321",),
        "emails": ("xuehui@example.org.cn",),
    },
    "honours": {
        "topic": "全国科普工作先进个人",
        "number": "国科普发〔2022〕8号",
        "issued_on": date(2022, 8, 8),
        "deadline": "2022-09-30T23:59:59+08:00",
        "section": "通知",
        "quotas": ["各省、自治区、直辖市：推荐名额见附件1，每省推荐不超过5人"],
        "attachments": ["名额分配表", "先进个人推荐表"],
    },
    "bare": {},
}


def read(name: str) -> Notice:
    return read_notice((NOTICES / f"{name}.txt").read_text("utf-8"))


@pytest.mark.parametrize("name", STATED)
def test_what_a_notice_states_is_found_and_nothing_else(name: str) -> None:
    found, stated = read(name), STATED[name]
    assert (found.topic, found.number) == (stated.get("topic", ""), stated.get("number", ""))
    assert (found.issuer, found.issued_on) == (stated.get("issuer", ""), stated.get("issued_on"))
    first = found.deadlines[0] if found.deadlines else None
    assert (first.moment.isoformat() if first else None) == stated.get("deadline")
    assert (first.clause.section if first else None) == stated.get("section")
    assert [int(cap.yuan) for cap in found.caps] == stated.get("caps", [])
    assert [quota.quote for quota in found.quotas] == stated.get("quotas", [])
    assert [each.name for each in found.attachments] == stated.get("attachments", [])
    assert len(found.seals) == stated.get("seals", 0)
    assert (found.periods[0][0] if found.periods else None) == stated.get("period")
    assert (found.phones, found.emails) == (stated.get("phones", ()), stated.get("emails", ()))


def test_every_quote_stands_in_the_notice() -> None:
    for path in NOTICES.glob("*.txt"):
        text = path.read_text("utf-8")
        found = read_notice(text)
        clauses = [each.clause for each in (*found.deadlines, *found.caps)]
        clauses += [*found.quotas, *found.seals, *found.papers.values(), *(clause for _, clause in found.periods)]
        assert all(clause.quote in text for clause in clauses)


@pytest.mark.parametrize(
    ("sentence", "moment"),
    [
        ("请于2024年3月15日前将材料报送至我会。", "2024-03-15T23:59:59+08:00"),
        ("申报截止时间：2024年3月15日（星期五）18:30。", "2024-03-15T18:30:00+08:00"),
        ("请于3月15日下午5时前提交。", "2024-03-15T17:00:00+08:00"),
        ("材料于1月5日前报送。", "2025-01-05T23:59:59+08:00"),  # the next such day after the notice
        ("报名时间为2024年3月1日至2024年3月15日。", "2024-03-15T23:59:59+08:00"),
        ("二〇二四年三月十五日前报送我部。", "2024-03-15T23:59:59+08:00"),
        ("申报时间：即日起至2024.3.15止。", "2024-03-15T23:59:59+08:00"),
        ("投稿截至2024年3月15日24时。", "2024-03-15T23:59:59+08:00"),
        ("请于2月30日前报送。", None),
        ("获批项目应于2024年12月31日前提交总结。", None),
        ("本办法自2024年3月15日起施行。", None),
    ],
)
def test_a_deadline_in_many_words(sentence: str, moment: str | None) -> None:
    found = read_notice(f"关于申报的通知\n{sentence}\n某某市科学馆\n2024年2月1日")
    assert (found.deadlines[0].moment.isoformat() if found.deadlines else None) == moment


@pytest.mark.parametrize(
    ("sentence", "yuan"),
    [
        ("每项资助不超过5万元。", [50000]),
        ("单个项目支持经费最高20万元。", [200000]),
        ("资助金额1.5万元以内。", [15000]),
        ("每场给予补贴800元。", [800]),
        ("经费上限为人民币30,000元。", [30000]),
        ("每个基地补助最高不超过人民币伍拾万元（¥500,000.00）。", [500000]),
        ("每项资助二十万元以内。", [200000]),
        ("去年共有500家单位参加。", []),
        ("资助若干。", []),
    ],
)
def test_a_cap_in_many_words(sentence: str, yuan: list[int]) -> None:
    assert [int(cap.yuan) for cap in read_notice(sentence).caps] == yuan


@pytest.mark.parametrize(
    "text",
    [
        "附件" * 50_000,
        "1." * 50_000,
        "《" * 100_000,
        "填写" + "《甲》" * 30_000,
        "申报2024年3月" * 10_000,
        "每" * 100_000,
        "不超过" * 30_000 + "元",
        "关于" * 20_000 + "通知",
        "[" * 100_000,
        "一、" * 30_000 + "\n" * 50_000,
    ],
    ids=lambda text: str(text)[:4],
)
def test_hostile_texts_take_no_time(text: str) -> None:
    begun = time.process_time()
    read_notice(text)
    read_notice("\n".join([text[:50]] * 2000))
    assert time.process_time() - begun < 4
