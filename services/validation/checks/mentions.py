from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field as Parameter

from services.validation.check import FieldRef, Observation, Params, TrustParams, check
from services.validation.model import Outcome, Submission, Text
from services.validation.prose import prose_of
from services.validation.statements import missing_paper


class Topic(Params):
    """Something that has to be spoken of. words: any of them is enough."""

    zh: str
    en: str
    words: tuple[str, ...] = Parameter(min_length=1)


class Mentions(TrustParams):
    """Sections of prose speak of each topic.

    fields: the sections, all of one form; together they have to speak of every topic. Where not one of them was found,
    nothing is judged.
    """

    fields: tuple[FieldRef, ...] = Parameter(min_length=1)
    topics: tuple[Topic, ...] = Parameter(min_length=1)


@check("mentions", Mentions)
def mentions(submission: Submission, params: Mentions) -> Iterator[Observation]:
    form = params.fields[0].form
    prose = prose_of(submission, params.fields, 0.0)
    if not prose.papers:
        yield missing_paper(submission, form.zh, form.en)
        return
    missing = [topic for topic in params.topics if not any(word in prose.text for word in topic.words)]
    expected = "、".join(topic.zh for topic in params.topics)
    if not missing:
        text = Text(f"申报内容包含{expected}。", "The form speaks of all that it has to.")
        yield Observation(Outcome.PASSED, text, prose.evidence, expected, expected)
        return
    zh, en = "、".join(topic.zh for topic in missing), ", ".join(topic.en for topic in missing)
    if not prose.text.strip() or not prose.complete:
        text = Text(
            f"没有在申报内容中找到{zh}，但相关栏目未能完整读取，请人工查看。",
            f"Nothing was found about {en}, but not all sections could be read.",
        )
        yield Observation(Outcome.UNDETERMINED, text, prose.evidence, expected)
        return
    text = Text(f"申报内容没有提到{zh}。", f"The form does not speak of {en}.")
    yield Observation(Outcome.VIOLATED, text, prose.evidence, expected, "缺少" + zh)
