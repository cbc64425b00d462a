"""Whatever a model writes, every grader ends soon with a verdict."""

from __future__ import annotations

import os
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
    "a division by zero": "\\boxed{\\frac{1}{0}}",
    "a factorial of factorials": "\\boxed{3!!!!!!}",
    "a large factorial": "\\boxed{99999999!}",
    "a large binomial": "\\boxed{\\binom{10^9}{5 \\cdot 10^8}}",
    "a long sum": "\\boxed{\\sum_{n=1}^{10^{9}} \\frac{1}{n^n}}",
    "a long product": "\\prod_{k=1}^{10^8} k",
    "a power of a power": "\\boxed{2^{10^{10}}}",
    "a tower in a function": "\\boxed{\\sin(\\cos(9^{9^{9}}))}",
    "a power of a sum": "\\boxed{(x+y+z)^{200}}",
    "a power of a matrix": "\\boxed{\\begin{pmatrix}1&1\\\\1&0\\end{pmatrix}^{100000}}",
    "unicode digits": "٣" * 5_000,
    "superscripts": "²" * 3_000,
    "vulgar fractions": "½" * 3_000,
    "statements without end": "the answer is " * 1_400,
    "letters without end": "The answer is (A) and (B), " * 700,
    "options without end": "A. x\nB. y\n" * 2_000,
    "conclusions without end": "Therefore, A " * 1_500,
    "corrections without end": "wait, no, " * 2_000,
    "negations without end": "not " * 5_000,
    "a letter far from its verdict": "A " + "x " * 9_000 + "is correct",
    "boxes without end": "\\boxed{A}, " * 1_500,
    "grouped digits": "123 456 " * 2_500,
    "repeating digits": "0." + "12" * 5_000 + "...",
    "dotted digits": "0.\\dot{3}" * 2_000,
    "conditions without end": "1<x<" * 4_000,
    "degrees without end": "sin 30°" * 2_500,
    "roots in roots": "sqrt((" * 3_000 + ")" * 6_000,
    "tags that never close": "<answer>" * 2_500,
    "code that never closes": "```output\n" * 2_000,
    "neither": "neither supported nor " * 900,
    "yes and no": "yes or no " * 2_000,
    "an answer that is none": "The answer is . The answer is ",
}

EXAMPLES = int(os.environ.get("SYNTH_FUZZ_EXAMPLES", "25"))
"""How many texts a kind is tried with; many more are for a fuzzing session."""

FRAGMENTS = [
    *(
        "The answer is ",
        "Answer: ",
        "\\boxed{",
        "}",
        "{",
        "\\frac{1}{",
        "\\sqrt{",
        "^",
        "_",
        "(",
        ")",
        "[",
        "]",
    ),
    *(
        "9^9",
        "0",
        "1/0",
        "7",
        "1,234",
        "0.333...",
        "50%",
        "\\pi",
        "x=",
        "±",
        "√",
        "²",
        "½",
        "°",
        "!",
        "\\infty",
    ),
    *(
        "A",
        "(B)",
        "C.",
        " and ",
        " or ",
        " not ",
        "Paris",
        "Both A and B",
        "yes",
        "no",
        "true",
        "false",
        ", ",
    ),
    *(
        "supported",
        "not supported",
        "refutes",
        "not enough info",
        "neither ",
        "nor ",
        ". ",
        "? ",
        "\n",
        "\\\\",
        "$",
    ),
    *(
        "wait, ",
        "is correct",
        '"answer": "',
        "<answer>",
        "```output\n",
        "\u202e",
        "\x00",
        "\ud800",
        "٣",
        "\u0301",
    ),
]
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(FRAGMENTS),
        st.text(max_size=6),
        st.tuples(st.sampled_from(FRAGMENTS), st.integers(2, 400)).map(lambda pair: pair[0] * pair[1]),
    ),
    max_size=12,
).map("".join)
GOLDS = {
    "short": ["Paris", "7"],
    "math": ["7", "\\frac{1}{2}", "x+1", "(1,2)", "\\text{even}", "50\\%"],
    "choice": ["Paris", "Both A and B"],
    "boolean": ["yes", "no"],
    "claim": ["supported", "refuted"],
}
CHOICES = {
    "choice": ("London", "Paris", "Both A and B"),
    "claim": ("supported", "refuted", "not enough info"),
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


def item(kind: str, text: str, gold: str, complete: bool = True) -> Item:
    return Item(text, "What is it?", (gold,), CHOICES.get(kind), complete)


@pytest.mark.parametrize("kind", FILES)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(TEXTS, min_size=1, max_size=3), data=st.data(), complete=st.booleans())
def test_any_text_has_its_own_verdict(
    kind: str, texts: list[str], data: st.DataObject, complete: bool
) -> None:
    """Never an error, always an outcome, soon, the same again and whatever else is graded with it."""
    module = grader(kind)
    assert module is not None
    gold = data.draw(st.sampled_from(GOLDS[kind]))
    items = [item(kind, text, gold, complete) for text in texts]
    start = time.process_time()
    together = module.grade(items)
    assert time.process_time() - start < 2 * len(items)
    assert {verdict.outcome for verdict in together} <= set(OUTCOMES)
    assert [module.grade([one])[0] for one in items] == together
