"""TRL trains on every format, and its loss is where the row says."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from synth import almanac

pytestmark = pytest.mark.skipif(not importlib.util.find_spec("trl"), reason="TRL is not installed")

Folder = Callable[..., Path]

STEPS = 2


def rows(folder: Path, config: str) -> Any:
    from datasets import load_dataset

    return load_dataset(str(folder), config, split="train", cache_dir=str(folder.parent / "cache"))


def options(tmp_path: Path, **more: Any) -> dict[str, Any]:
    """What all trainers are told: a few steps on a CPU, and nothing written or reported."""
    return {
        "output_dir": str(tmp_path / "trained"),
        "max_steps": STEPS,
        "per_device_train_batch_size": 2,
        "report_to": "none",
        "save_strategy": "no",
        "use_cpu": True,
        "bf16": False,
        "gradient_checkpointing": False,
        "disable_tqdm": True,
        **more,
    }


def trained(trainer: Any) -> None:
    """Train, and see that each step had a loss and the weights moved."""
    before = [weight.detach().clone() for weight in trainer.model.parameters() if weight.requires_grad]
    assert trainer.train().global_step == STEPS
    after = [weight for weight in trainer.model.parameters() if weight.requires_grad]
    assert any((old != new).any() for old, new in zip(before, after, strict=True))


def learned(tokenizer: Any, batch: Any) -> list[tuple[str, str]]:
    """Of each row of a batch what the model reads, and the part of it that has a loss."""
    texts: list[tuple[str, str]] = []
    for ids, labels in zip(batch["input_ids"], batch["labels"], strict=True):
        seen = ids[batch["attention_mask"][len(texts)].bool()]
        texts.append((tokenizer.decode(seen), tokenizer.decode(labels[labels != -100])))
    return texts


def sft_trainer(data: Any, model: Path, tmp_path: Path, **more: Any) -> Any:
    from trl import SFTConfig, SFTTrainer

    config = SFTConfig(**options(tmp_path), shuffle_dataset=False, **more)
    return SFTTrainer(str(model), args=config, train_dataset=data)


def first_batch(trainer: Any) -> Any:
    """The first rows of the prepared set, as its collator makes a batch of them."""
    return trainer.data_collator([trainer.train_dataset[number] for number in range(4)])


def test_sft_learns_the_completion_and_nothing_before_it(folder: Folder, model: Path, tmp_path: Path) -> None:
    """Not the question, nor the earlier answer in its prompt."""
    data = rows(folder(), "sft")
    trainer = sft_trainer(data, model, tmp_path)
    tokenizer = trainer.processing_class
    for row, (read, loss) in zip(data, learned(tokenizer, first_batch(trainer)), strict=False):
        assert loss == f"{row['completion'][0]['content']}{tokenizer.eos_token}"
        assert read == tokenizer.apply_chat_template(row["prompt"] + row["completion"], tokenize=False)
    trained(trainer)


@pytest.mark.slow
def test_sft_on_messages_learns_all_of_them(folder: Folder, model: Path, tmp_path: Path) -> None:
    data = rows(folder(loss="all"), "sft")
    trainer = sft_trainer(data, model, tmp_path)
    tokenizer = trainer.processing_class
    for row, (read, loss) in zip(data, learned(tokenizer, first_batch(trainer)), strict=False):
        assert loss == read == tokenizer.apply_chat_template(row["messages"], tokenize=False)
    trained(trainer)


@pytest.mark.slow
def test_sft_learns_several_solutions_of_one_question(folder: Folder, model: Path, tmp_path: Path) -> None:
    data = rows(folder("dart", dedupe="none", n=4, k=4, cap=16, max_tokens=32), "sft")
    assert len(data) > len(set(data["question_id"])) > 1
    trainer = sft_trainer(data, model, tmp_path)
    tokenizer = trainer.processing_class
    for row, (_, loss) in zip(data, learned(tokenizer, first_batch(trainer)), strict=False):
        assert loss == f"{row['completion'][0]['content']}{tokenizer.eos_token}"
    trained(trainer)


@pytest.mark.slow
def test_a_talk_marked_for_others_trains_its_assistant_turns(
    folder: Folder, model: Path, tmp_path: Path
) -> None:
    """TRL knows no mark of a single message: that is why `sft` has prompt and completion."""
    data = rows(folder(), "messages")
    trainer = sft_trainer(data, model, tmp_path, assistant_only_loss=True)
    tokenizer = trainer.processing_class
    for row, (_, loss) in zip(data, learned(tokenizer, first_batch(trainer)), strict=False):
        said = [turn["content"] for turn in row["messages"] if turn["role"] == "assistant"]
        assert loss == "".join(f"{text}{tokenizer.eos_token}" for text in said)
        assert [turn["train"] for turn in row["messages"] if turn["role"] == "assistant"] == [False, True]


@pytest.mark.slow
def test_a_base_model_learns_the_answer_in_the_layout_it_was_asked_in(
    folder: Folder, base_model: Path, tmp_path: Path
) -> None:
    data = rows(folder(model=str(base_model)), "sft")
    trainer = sft_trainer(data, base_model, tmp_path)
    tokenizer = trainer.processing_class
    for row, (read, loss) in zip(data, learned(tokenizer, first_batch(trainer)), strict=False):
        assert row["prompt"].endswith("\n\nAnswer:")
        assert read == f"{row['prompt']}{row['completion']}{tokenizer.eos_token}"
        assert loss == f"{row['completion']}{tokenizer.eos_token}"
    trained(trainer)


@pytest.mark.slow
@pytest.mark.parametrize("base", [False, True], ids=["chat", "base"])
def test_dpo(folder: Folder, model: Path, base_model: Path, tmp_path: Path, base: bool) -> None:
    from trl import DPOConfig, DPOTrainer

    name = base_model if base else model
    data = rows(folder(model=str(name)), "dpo")
    trainer = DPOTrainer(str(name), args=DPOConfig(**options(tmp_path)), train_dataset=data)
    tokenizer = trainer.processing_class
    batch = first_batch(trainer)
    texts = [
        tokenizer.decode(ids[mask.bool()])
        for ids, mask in zip(batch["input_ids"], batch["completion_mask"], strict=True)
    ]
    for number, row in enumerate(data.select(range(4))):
        chosen, rejected = (row[key] if base else row[key][0]["content"] for key in ("chosen", "rejected"))
        assert texts[number] == f"{chosen}{tokenizer.eos_token}"
        assert texts[number + 4] == f"{rejected}{tokenizer.eos_token}"
    trained(trainer)


@pytest.mark.slow
@pytest.mark.parametrize("base", [False, True], ids=["chat", "base"])
def test_kto(folder: Folder, model: Path, base_model: Path, tmp_path: Path, base: bool) -> None:
    from trl import KTOConfig, KTOTrainer

    name = base_model if base else model
    data = rows(folder(model=str(name)), "kto")
    trainer = KTOTrainer(str(name), args=KTOConfig(**options(tmp_path)), train_dataset=data)
    tokenizer = trainer.processing_class
    batch = first_batch(trainer)
    for number, row in enumerate(data.select(range(4))):
        text = row["completion"] if base else row["completion"][0]["content"]
        learned_ids = batch["input_ids"][number][batch["completion_mask"][number].bool()]
        assert tokenizer.decode(learned_ids) == f"{text}{tokenizer.eos_token}"
        assert bool(batch["label"][number]) == row["label"]
    trained(trainer)


PREFERENCES = [
    ("dpo", {}),
    ("kto", {}),
    ("reward", {}),
    ("dpo", {"method": "rso", "n": 8, "accept": 4, "temperature": 1.0}),
    ("dpo", {"method": "curry-dpo"}),
    *((config, {"method": "reward-augmented"}) for config in ("dpo", "kto", "reward")),
    ("kto", {"method": "kto"}),
    ("kto", {"method": "bco"}),
]
"""Every export of `synth build preferences`."""


@pytest.mark.parametrize(
    ("config", "settings"),
    [
        pytest.param(*each, marks=[pytest.mark.slow] if number else [])
        for number, each in enumerate(PREFERENCES)
    ],
    ids=str,
)
def test_preferences(
    folder: Folder, model: Path, tmp_path: Path, config: str, settings: dict[str, Any]
) -> None:
    import trl

    data = rows(folder("preferences", **{"limit": 40, "n": 8, "max_tokens": 24, **settings}), config)
    name = {"dpo": "DPO", "kto": "KTO", "reward": "Reward"}[config]
    made = getattr(trl, f"{name}Config")(**options(tmp_path))
    trained(getattr(trl, f"{name}Trainer")(str(model), args=made, train_dataset=data))


@pytest.mark.slow
def test_grpo_hands_solution_and_answers_to_the_reward(folder: Folder, model: Path, tmp_path: Path) -> None:
    from trl import GRPOConfig, GRPOTrainer

    data = rows(folder(), "grpo")
    seen: list[tuple[str, list[str]]] = []

    def reward(completions: Any, solution: list[str], answers: list[list[str]], **rest: Any) -> list[float]:
        seen.extend(zip(solution, answers, strict=True))
        return [float(len(completion[0]["content"])) for completion in completions]

    config = GRPOConfig(**options(tmp_path), num_generations=2, max_completion_length=8, temperature=1.5)
    trained(GRPOTrainer(str(model), reward_funcs=reward, args=config, train_dataset=data))
    assert len(seen) >= 4
    assert all(solution == answers[0] for solution, answers in seen)


@pytest.mark.slow
def test_its_own_accuracy_reward_reads_the_solution() -> None:
    from trl.rewards import accuracy_reward

    said = [[{"role": "assistant", "content": text}] for text in (r"\boxed{77}", r"\boxed{78}")]
    assert accuracy_reward(said, solution=["77", "77"]) == [1.0, 0.0]


@pytest.mark.slow
@pytest.mark.parametrize("pairs", ["prompt", "whole"])
def test_reward(folder: Folder, model: Path, tmp_path: Path, pairs: str) -> None:
    from trl import RewardConfig, RewardTrainer

    data = rows(folder(pairs=pairs), "reward")
    assert ("prompt" in data.column_names) == ("margin" in data.column_names) == (pairs == "prompt")
    trainer = RewardTrainer(str(model), args=RewardConfig(**options(tmp_path)), train_dataset=data)
    tokenizer = trainer.processing_class
    batch = first_batch(trainer)
    texts = [
        tokenizer.decode(ids[mask.bool()])
        for ids, mask in zip(batch["input_ids"], batch["attention_mask"], strict=True)
    ]
    for number, row in enumerate(data.select(range(4))):
        before = row.get("prompt") or []
        assert texts[number] == tokenizer.apply_chat_template(before + row["chosen"], tokenize=False)
        assert texts[number + 4] == tokenizer.apply_chat_template(before + row["rejected"], tokenize=False)
    trained(trainer)


@pytest.fixture(scope="session")
def sums(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sums of the almanac of which the built-in model gets some right."""
    worded = almanac.questions().filter(pl.col("id").str.contains(r"^sum-[567]-.*-w1$"))
    path = tmp_path_factory.mktemp("sums") / "sums.parquet"
    worded.filter(pl.int_range(pl.len()).over(pl.col("id").str.slice(0, 5)) < 6).write_parquet(path)
    return path


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings",
    [
        {"kind": "rise"},
        {"kind": "rise", "span": "step"},
        {"kind": "per-step", "rollouts": 4, "drop": 0.25},
        {"kind": "partial", "complete": True, "rollouts": 4},
        {"kind": "mistakes"},
        {"kind": "contrast"},
        {"kind": "length"},
    ],
    ids=lambda settings: "-".join(map(str, settings.values())),
)
def test_rows_of_worked_solutions(
    folder: Folder, sums: Path, model: Path, tmp_path: Path, settings: dict[str, Any]
) -> None:
    from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer

    built = folder(pipeline="steps", questions=str(sums), limit=None, max_tokens=256, **settings)
    made = {config for config in ("sft", "dpo", "kto") if (built / config).is_dir()}
    assert made
    for config in made:
        data, run = rows(built, config), options(tmp_path / config)
        if config == "sft":
            trained(sft_trainer(data, model, tmp_path))
        elif config == "dpo":
            trained(DPOTrainer(str(model), args=DPOConfig(**run), train_dataset=data))
        else:
            trained(KTOTrainer(str(model), args=KTOConfig(**run), train_dataset=data))
