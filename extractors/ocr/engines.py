"""Which engines there are, by name. Each is imported only when it is chosen: loading one costs a second."""

from __future__ import annotations

from extractors.ocr.engine import Engine, Recognisers


def make_engine(name: str, threads: int = 1) -> tuple[Engine, Recognisers]:
    """The engine for pages and the recogniser for strips, with their models loaded.

    name: "rapidocr" or "tesseract". Seals are read by RapidOCR in both cases: Tesseract cannot read them. threads:
    lines of a page that are read at once. Raises EngineError where the engine is not installed or cannot load,
    ValueError for another name.
    """
    from extractors.ocr.rapid import RapidEngine

    rapid = RapidEngine(threads=threads)
    if name == "rapidocr":
        return rapid, rapid
    if name == "tesseract":
        from extractors.ocr.tesseract import TesseractEngine

        return TesseractEngine(), rapid
    raise ValueError(name)
