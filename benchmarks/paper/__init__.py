"""Seals on hard papers, found and read: `python -m benchmarks.paper`.

Harder than benchmarks.seals and of another hand, so that neither drawing's habits become the reader's: more engravers,
inks that are dry, worn, smeared or doubled, guilloches and photographs below, JPEG twice; crops, parts and whole pages.
names → letters, plates (what is engraved) → ink (pressed) → writing, canvas, security, papers (what is below), sheet
(folded, showing through) → capture (scanned, photographed, compressed) → pictures (all of it, with the truth); score
judges.
"""
