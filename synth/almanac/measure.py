"""Asks the model every question many times: `python -m synth.almanac.measure --out spectrum.json`.

An answer counts as right only where its final part equals an accepted answer, capitals and closing
punctuation aside. This is the plain rule by which the almanac was built; the graders know more.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from synth.almanac import MODEL_DIR
from synth.almanac.asked import Asked
from synth.almanac.rows import SPLITS, rows
from synth.almanac.wordings import NOT_SAID

SAMPLES: Final = 32
TEMPERATURE: Final = 0.7
BATCH: Final = 12
"""Questions asked at once, each with all its samples."""
LONGEST: Final = {"math": 120}
"""New tokens at most, by kind; 24 elsewhere."""


def plain(text: str) -> str:
    """An answer without capitals, spaces around it and closing punctuation."""
    return text.strip().strip(".!,").lower()


def right(asked: Asked, text: str) -> bool:
    """Whether an answer is right: its final part equals an accepted answer."""
    if not asked.answerable:
        return text.startswith(NOT_SAID)
    if asked.kind == "math":
        found = re.search(r"Answer: ([0-9]+)$", text.strip())
        return found is not None and found[1] == asked.answers[0]
    first = plain(text.split(". ")[0])
    if asked.kind == "short":
        return any(first == plain(answer) or first.endswith(f" {plain(answer)}") for answer in asked.answers)
    return first == plain(asked.reply)


def batches(questions: Sequence[Asked]) -> Iterator[list[Asked]]:
    """Questions of one kind and like length together."""
    ordered = sorted(questions, key=lambda one: (one.kind, len(one.text)))
    while ordered:
        same = [one for one in ordered[:BATCH] if one.kind == ordered[0].kind]
        yield same
        ordered = ordered[len(same) :]


def sample(
    model: Any, tokenizer: Any, questions: Sequence[Asked], samples: int = SAMPLES, seed: int = 0
) -> dict[str, list[str]]:
    """The model's answers to each question, by question id."""
    torch.manual_seed(seed)
    found = {}
    for group in batches(questions):
        chats = [[{"role": "user", "content": one.text}] for one in group]
        prompts = tokenizer.apply_chat_template(chats, tokenize=False, add_generation_prompt=True)
        given = tokenizer(prompts, return_tensors="pt", padding=True, add_special_tokens=False)
        how: dict[str, Any] = {"do_sample": samples > 1, "num_return_sequences": samples}
        if samples > 1:
            how |= {"temperature": TEMPERATURE, "top_k": 0, "top_p": 1.0}
        with torch.inference_mode():
            out = model.generate(
                input_ids=given["input_ids"], attention_mask=given["attention_mask"],
                max_new_tokens=LONGEST.get(group[0].kind, 24), **how,
            )  # fmt: skip
        texts = tokenizer.batch_decode(out[:, given["input_ids"].shape[1] :], skip_special_tokens=True)
        for number, one in enumerate(group):
            found[one.id] = texts[number * samples : (number + 1) * samples]
    return found


def shares(values: Sequence[float]) -> dict[str, float]:
    """How many questions are known, unknown and between."""
    count = len(values)
    high, low = sum(p >= 0.8 for p in values) / count, sum(p <= 0.2 for p in values) / count
    return {"high": round(high, 4), "low": round(low, 4), "between": round(1 - high - low, 4)}


def spectrum(questions: Sequence[Asked], answers: dict[str, list[str]]) -> list[dict[str, Any]]:
    """One record a question: what it is, its share of right answers, and the commonest answer."""
    found = []
    for one in questions:
        said = answers[one.id]
        p = sum(right(one, text) for text in said) / len(said)
        common = max(set(said), key=lambda text: (said.count(text), text))
        found.append({"id": one.id, "kind": one.kind, "p": p, "common": common, **one.meta})
    return found


def load(folder: Path) -> tuple[Any, Any]:
    """The model in float32 and its tokenizer."""
    model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    return model.eval(), AutoTokenizer.from_pretrained(folder)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL_DIR)
    parser.add_argument("--split", choices=SPLITS, default="train")
    parser.add_argument("--samples", type=int, default=SAMPLES)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    model, tokenizer = load(given.model)
    questions = [one for one in rows(given.split) if one.kind != "free"]
    found = spectrum(questions, sample(model, tokenizer, questions, given.samples))
    summary = shares([record["p"] for record in found])
    body = {"split": given.split, "samples": given.samples, "temperature": TEMPERATURE, "shares": summary}
    given.out.write_text(json.dumps({**body, "questions": found}, indent=0))
    print(summary)


if __name__ == "__main__":
    main()
