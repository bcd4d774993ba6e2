"""The application form (项目申报书), in layouts that differ as those of real calls do.

A layout writes the facts with labels, notations and an order of its own and notes in a `Statement` what it has stated;
whatever it leaves out, or leaves blank, is not in the statement. The form is a flow: word.py saves it, typeset.py
prints it, signing.py signs and seals the print.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from clients.simulator.flow import Flow
from clients.simulator.form import cover, lines, nested, one_table
from clients.simulator.form.writing import Writing
from clients.simulator.plan import FormFacts
from clients.simulator.truth import Statement

LAYOUTS: dict[str, Callable[[Writing], None]] = {
    "cover-and-sections": cover.write,
    "one-table": one_table.write,
    "lines-and-heads": lines.write,
    "nested-tables": nested.write,
}


def write_form(rng: Random, facts: FormFacts, layout: str, *, signed: bool = False) -> tuple[Flow, Statement]:
    """The form, and what it states. layout: one of LAYOUTS.

    signed: signatures and dates are typed and seals pasted, as in a form that is sent as Word alone; else a pen's and a
    seal's places stay free.
    """
    writing = Writing.begin(rng, facts, signed=signed)
    LAYOUTS[layout](writing)
    if facts.partner:  # of no county, so that the place in its name and the place in the form may differ
        writing.statement.doubtful |= {"partner_province", "partner_county"}
    return writing.flow, writing.statement
