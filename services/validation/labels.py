"""What people call a field: the name that the call gives it, else its first label, else where it stands."""

from __future__ import annotations

from extractors.forms.spec import FieldSpec, Finder, FormSpec
from services.validation.model import Text

STANDING = {
    Finder.TITLE: "标题",
    Finder.DOCUMENT_NUMBER: "发文字号",
    Finder.ADDRESSEE: "主送机关",
    Finder.SIGNATURE: "署名单位",
    Finder.SIGNATURE_DATE: "成文日期",
    Finder.REPLY_DATE: "回执日期",
    Finder.TABLE: "明细表",
}


def label_of(spec: FieldSpec, form: FormSpec | None = None) -> Text:
    """The field's name for people.

    A field that the call gives neither name nor label nor standing is named after the field it derives from.
    """
    english = spec.en or spec.id.replace("_", " ")
    if spec.zh:
        return Text(spec.zh, english)
    if spec.labels:
        return Text(spec.labels[0], english)
    standing = next((STANDING[finder] for finder in spec.finders if finder in STANDING), "")
    if standing:
        return Text(standing, english)
    origin = next((other for other in form.fields if other.id == spec.of), None) if form and spec.of else None
    if origin is not None and origin is not spec and origin.labels:
        return Text(f"{origin.labels[0]}（{spec.id}）", english)
    return Text(spec.id, english)
