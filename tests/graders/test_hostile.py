"""Whatever a model writes, every grader ends soon with a verdict."""

from __future__ import annotations

import time

import pytest

from synth.graders import FILES, grader
from synth.graders.base import Item
from synth.schema import OUTCOMES

HOSTILE = {
    "10 MB of words": "the answer may be Paris or not " * 330_000,
    "10 MB of one letter": "a" * 10_000_000,
    "10 MB of spaces": "Paris" + " " * 10_000_000 + "7",
    "10 MB of line breaks": "\n" * 10_000_000 + "7",
    "nested braces": "\\boxed{" + "{" * 10_000 + "7" + "}" * 10_000 + "}",
    "open braces": "\\boxed{" * 10_000,
    "nested fractions": "\\frac{" * 5_000 + "1" + "}{2}" * 5_000,
    "nested brackets": "Answer: " + "(" * 10_000 + ")" * 10_000,
    "a tower": "9^9^9^9^9",
    "a braced tower": "\\boxed{9^{9^{9^{9}}}}",
    "a factorial": "\\boxed{(10^{9})!!!}",
    "50,000 digits": "7" * 50_000,
    "50,000 digits and a point": "Answer: 7." + "7" * 50_000,
    "a large exponent": "7e999999999",
    "right to left": "\u202e" * 1_000 + "7\u202c siraP",
    "combining marks": "P" + "\u0301" * 20_000 + "aris",
    "nothing visible": "\u200b" * 100,
    "null characters": "\x00" * 1_000 + "Paris",
    "lone surrogates": "Paris \ud800 7",
    "regular expression bait": "the answer to " * 3_000 + "x" * 3_000,
    "colons": "answer: " * 5_000,
    "equals": "=" * 20_000,
    "dollars": "$" * 20_000,
    "quotes": '"answer": "' * 3_000,
    "backslashes": '"answer": "' + "\\" * 20_000,
    "commas": "I don't know" + ", and" * 5_000,
    "number words": "one hundred " * 3_000,
    "LaTeX that never closes": "\\begin{pmatrix}" * 500 + "\\left( \\sqrt{",
    "html": "<p>" * 3_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("kind", FILES)
def test_ends_soon_with_a_verdict(kind: str, text: str) -> None:
    module = grader(kind)
    assert module is not None
    golds = {"short": "Paris", "math": "7", "choice": "Paris", "boolean": "yes", "claim": "supported"}
    choices = ("London", "Paris") if kind == "choice" else None
    item = Item(text, "What is it?", (golds[kind],), choices)
    start = time.process_time()  # not time on the wall: a busy machine is no fault
    (verdict,) = module.grade([item])
    assert time.process_time() - start < 2
    assert verdict.outcome in OUTCOMES
