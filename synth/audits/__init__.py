"""Audits: what people said of verdicts, beside the samples that the verdicts are about.

A person checks a random sample of a set's verdicts. What they say replaces the grader's verdict wherever
the same answer to the same question turns up again, and tells how many of the other verdicts are wrong.
"""

from synth.audits.table import audited, current

__all__ = ["audited", "current"]
