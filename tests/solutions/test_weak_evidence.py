"""Right answers that prove little, and right answers that only look odd."""

from __future__ import annotations

import polars as pl
import pytest

from synth.solutions import weak_evidence

GOOD = "Each box holds 12 eggs. With 3 boxes that makes 3 * 12 = 36 eggs. Half of them is 18.\nAnswer: 18"
ASKED = "Tom has 3 boxes of 12 eggs and gives half away. How many has he left?"


def fault(
    text: str, answer: str | None = "18", asked: str = ASKED, kind: str = "math", **more: str
) -> str | None:
    checks = (more["only"],) if more else weak_evidence.CHECKS
    row = {"question_id": "q", "asked": asked, "text": text, "answer": answer, "kind": kind}
    found: str | None = pl.DataFrame([row]).select(weak_evidence.fault(checks)).item()
    return found


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "5 + 1 = 6\n3 + 6 = 9\n3 + 6 = 9\nAnswer: 18",
        r"We have $\frac{36}{2} = 18$ since $\sum_{i=1}^{3} 12 = 36$, so $\boxed{18}$.",
        "∑ 12 = 36 · ½ = 18; θ ≈ π/2 ⇒ 36 ÷ 2 = 18, Δ = 0",
        "Tom hält 3 Kisten à 12 Eier, also 36. Die Hälfte davon sind 18.",
        "Half of 3 × 12 = 36 is 18 🥚",
        "| boxes | eggs |\n|---|---|\n| 3 | 36 |\n\nHalf: 36 / 2 = **18**",
        "```python\neggs = 3 * 12\nprint(eggs // 2)\n```\nThis prints 18.",
    ],
)
def test_sound_solutions_pass(text: str) -> None:
    assert fault(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("3 boxes of 12 are 36 \ufffd\ufffd and half is 18", "gibberish"),
        ("3 boxes are 36, " + "aab" * 20 + " so half of these is 18", "gibberish"),
        ("So we have that. " * 30 + "Half of 36 is 18.", "gibberish"),
        ("36 §§¤¤¦¦¬¬¶¶¤¤§§ 18 ¤¦¬¶¤§ half of all the eggs", "gibberish"),
        ("Each box holds 12 eggs, 所以一共有 36, and half of them is 18", "language_switch"),
        ("Each box holds 12 eggs, всего 36, and half of them is 18", "language_switch"),
        ("18", "no_reasoning"),
        ("The answer is 18.", "no_reasoning"),
        (r"So the final answer is $\boxed{18}$.", "no_reasoning"),
        ("", "no_reasoning"),
    ],
)
def test_weak_ones_are_named(text: str, name: str) -> None:
    assert fault(text) == name
    assert fault(text, only=next(each for each in weak_evidence.CHECKS if each != name)) is None


def test_only_mathematics_has_to_show_steps() -> None:
    assert fault("Paris", answer=None, kind="short", asked="Capital of France?") is None


def test_a_reply_in_another_language_than_the_question() -> None:
    chinese = "汤姆有三盒鸡蛋, 每盒十二个, 送出一半, 还剩多少个?"
    assert fault("三盒共有 3 * 12 = 36 个, 一半是 36 / 2 = 18 个。", asked=chinese) is None
    assert fault("Each box holds 12, so there are 36 and half is 18.", asked=chinese) == "language_switch"
    assert fault("3 * 12 = 36, 36 / 2 = 18, Tom: 18", asked=chinese) is None


def test_a_reply_many_times_as_long_as_the_others() -> None:
    long = " ".join(f"First step {i}." for i in range(40)) + " So half of 36 is 18."
    texts = [GOOD] * 4 + [long]
    frame = pl.DataFrame({"text": texts, "answer": "18", "asked": ASKED, "kind": "math", "question_id": "q"})
    found = frame.select(weak_evidence.fault(weak_evidence.CHECKS)).to_series().to_list()
    assert found == [None] * 4 + ["too_long"]
    alone = frame.with_columns(question_id=pl.int_range(5).cast(pl.String()))
    assert alone.select(weak_evidence.fault(weak_evidence.CHECKS)).to_series().null_count() == 5


def test_no_checks_find_nothing() -> None:
    frame = pl.DataFrame({"text": ["18"], "answer": "18", "asked": ASKED, "kind": "math", "question_id": "q"})
    assert frame.select(weak_evidence.fault(("none",))).to_series().to_list() == [None]
