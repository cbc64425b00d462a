"""Solutions in steps: nothing is lost, and a step is what a reader would call one."""

import json
from pathlib import Path

import pytest

from synth.steps.parting import ending, gone_on, parted, so_far


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("2 + 7 = 9\n4 + 1 = 5\nAnswer: 59", ["2 + 7 = 9\n", "4 + 1 = 5\n", "Answer: 59"]),
        (
            "Mrs. Smith has 3.5 kg. At 5 p.m. she has 2 kg left. The answer is 2.",
            ["Mrs. Smith has 3.5 kg. ", "At 5 p.m. she has 2 kg left. ", "The answer is 2."],
        ),
        ("We add:\n\\[\n2 + 3\n= 5\n\\]\nDone.", ["We add:\n", "\\[\n2 + 3\n= 5\n\\]\n", "Done."]),
        ("1. Add the rows. 2. Stop.", ["1. Add the rows. ", "2. Stop."]),
        ("```python\na = 3\nb = a\n```\nIt is 3.", ["```python\na = 3\n", "b = a\n```\n", "It is 3."]),
        (
            '{\n"reasoning": "Add 1. It is 2.\\n\\nThen 4.",\n"answer": "4"\n}',
            ['{\n"reasoning": "Add 1. ', "It is 2.\\n\\n", 'Then 4.",\n', '"answer": "4"\n}'],
        ),
        ("", []),
        ("7", ["7"]),
        ("…\n\n", ["…\n\n"]),
    ],
)
def test_steps_are_lines_sentences_formulas_and_statements(text: str, steps: list[str]) -> None:
    assert list(parted(text)) == steps


@pytest.mark.parametrize("name", ["zeroeval_math_l5_full", "tora_gsm8k", "qwen_math_k8", "gsm8k_gpt3"])
def test_the_steps_of_real_solutions_are_the_solution(test_data: Path, name: str) -> None:
    lines = (test_data / f"recorded/{name}.jsonl").read_text(encoding="utf-8").splitlines()[:200]
    texts = [sample["text"] for line in lines for sample in json.loads(line)["samples"]]
    assert all("".join(parted(text)) == text for text in texts)


def test_a_model_goes_on_after_the_space_that_its_beginning_lacks() -> None:
    steps = parted("There are 3 rows. So 12. The answer is 12.")
    assert so_far(steps[:1]) == "There are 3 rows."
    for written in ("So 15.", " So 15."):
        assert gone_on(steps[:1], written) == "There are 3 rows. So 15."


def test_an_ending_is_how_the_answer_is_stated() -> None:
    assert [ending(text) for text in (r"\boxed{3}", "Answer: 3", "#### 3", "Three.")] == [
        "boxed",
        "label",
        "hashes",
        "",
    ]
