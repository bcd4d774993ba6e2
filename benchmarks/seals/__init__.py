"""Seals found and read on drawn pages: `python -m benchmarks.seals`.

Another hand than clients/simulator draws them: other faces, plates, inks, wear, paper and names, so that the reader's
figures do not rest on the pages it was made with. names → plates (engraved) → ink (pressed) → papers (what is below) →
pages (composed, scanned, with the truth); ornaments are red things that are no seals; score and peers judge.
"""
