"""Which kind of paper."""

import pytest

from extractors.document import Document
from extractors.forms.classify import classify
from tests.extractors.forms.build import CALL, scan, table, word

NOTICE = word(
    "关于“智惠行动·百会百县乡村行”系列科技志愿服务项目申报的通知",
    "科协普函基字〔2021〕29号",
    "各全国学会、协会、研究会科普部：",
    "填写《项目申报书》（附件2），须提供与县级科协“结对”的证明（见附件3）。",
    "联系人：印舒文　010-62379323",
    "中国科协科普部",
    "2021年8月23日",
    "附件2：项目申报书.doc",
    "附件3：关于商请共同开展科技志愿服务活动的函.doc",
)


@pytest.mark.parametrize(
    "document",
    [
        Document("docx"),
        word("   "),
        NOTICE,
        word("居民身份证", "姓名 张三", "公民身份号码 110101199001011234"),
        word("关于开展安全检查的函", "各单位：", "请于9月1日前反馈。"),
        word("科技志愿服务项目汇总表", table(["序号", "项目名称", "申报单位"], ["1", "科技助农", "中国林学会"])),
        word("项目总结", "2021年，我会在安吉县开展科技志愿服务活动十次，受到欢迎。"),
    ],
)
def test_what_is_neither_form_nor_letter_is_other(document: Document) -> None:
    found = classify(document, CALL.forms)
    kind, confidence = found.kind, found.confidence
    assert kind == "other"
    assert confidence > 0.5


@pytest.mark.parametrize(
    "document",
    [
        word("附件2", "项 目 申 报 书", "项目名称：", "申报单位：", "项目负责人：", "联系人：", "填报日期：  年  月"),
        word(
            "2021年度科技志愿服务项目申报表",
            table(["项目名称", "科技助农"], ["申报单位", "中国林学会"], ["项目负责人", "王伟"], ["申请经费", "20万元"]),
        ),
        word(  # 意见 ends a label of its own, not another paper's title
            "科技志愿服务项目申报表",
            table(
                ["项目名称", "科技助农", "申报单位", "中国林学会"],
                ["申报单位意见", "同意申报"],
                ["浙江省科协意见", "同意推荐"],
            ),
        ),
        scan(
            (0.3, 0.1, "项目申报书"),
            (0.1, 0.2, "项目名称：科技助农"),
            (0.1, 0.3, "申报单位：中国林学会"),
            (0.1, 0.4, "联系人：李娜 13800138000"),
        ),
    ],
)
def test_application_forms(document: Document) -> None:
    found = classify(document, CALL.forms)
    kind, confidence = found.kind, found.confidence
    assert kind == "application_form"
    assert 0.5 <= confidence <= 1.0


@pytest.mark.parametrize(
    "title",
    [
        ("关于商请共同开展科技志愿服务活动的函",),
        ("中国林学会关于商请共同", "开展科技志愿服务活动的函"),
        ("关于邀请江华瑶族自治", "县科学技术协会结对开", "展科技志愿服务活动的函"),
        ("中国林学会关于商请联合开展“智惠行动”活动的函",),
    ],
)
def test_pairing_letters(title: tuple[str, ...]) -> None:
    body = ("安吉县科协：", "商请贵单位共同开展科技志愿服务，请予支持，特此函商。", "中国林学会", "2021年8月26日")
    assert classify(word(*title, *body), CALL.forms).kind == "pairing_letter"


def test_a_letter_that_calls_itself_no_more_than_a_letter_is_known_by_what_it_asks_for() -> None:
    body = ("函", "安吉县科协：", "商请贵单位结对开展科技志愿服务。", "发函单位：中国林学会", "发函日期：2021.8.26")
    assert classify(word(*body), CALL.forms).kind == "pairing_letter"
    other = ("函", "安吉县科协：", "请派员参加安全生产会议。", "发函单位：中国林学会", "发函日期：2021.8.26")
    assert classify(word(*other), CALL.forms).kind == "other"


def test_a_notice_that_lists_its_annexes_is_neither() -> None:
    notice = ("关于开展科技志愿服务活动的通知", "各全国学会：", "附件：1.项目指南", "2.项目申报书",
              "3.关于商请共同开展科技志愿服务活动的函", "中国科协科普部", "2021年8月23日")  # fmt: skip
    assert classify(word(*notice), CALL.forms).kind == "other"
