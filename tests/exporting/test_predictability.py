"""Probes of preferences: they find a giveaway, find none where there is none, and keep groups together."""

from __future__ import annotations

import random
from typing import Any

import polars as pl
import pytest

from synth.exporting.predictability import FEWEST, MOST_PAIRS, predictability
from synth.formats import SCHEMAS, assistant, conversation, dpo, kto, reward, several, user
from synth.schema import SPINE

WORDS = ["river", "bridge", "market", "tower", "garden", "wall", "street", "harbour", "mill", "church"]


def kept(pairs: list[tuple[str, str]], groups: int | None = None, config: str = "dpo") -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            "id": [f"q{i}" for i in range(len(pairs))],
            "group": [f"g{i % (groups or len(pairs))}" for i in range(len(pairs))],
            "good": [good for good, _ in pairs],
            "bad": [bad for _, bad in pairs],
        }
    )
    prompt = conversation(user(pl.lit("Where?")))
    good, bad = (conversation(assistant(pl.col(side))) for side in ("good", "bad"))
    rows = {
        "dpo": dpo(prompt, good, bad),
        "reward": reward(pl.concat_list(prompt, good), pl.concat_list(prompt, bad)),
        "kto": several(kto(prompt, good, pl.lit(True)), kto(prompt, bad, pl.lit(False))).alias("kto"),
    }
    spine = [
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in SPINE.items()
    ]
    return frame.select(*spine, rows[config])


def phrase(dice: random.Random) -> str:
    return " ".join(dice.choices(WORDS, k=5))


def plain(count: int, seed: int = 0) -> list[tuple[str, str]]:
    dice = random.Random(seed)
    return [(phrase(dice), phrase(dice)) for _ in range(count)]


def probes(frame: pl.DataFrame, config: str = "dpo") -> dict[str, Any]:
    found = predictability(frame, (config,), seed=0)
    assert found is not None
    return found


def test_nothing_is_found_where_nothing_is() -> None:
    found = probes(kept(plain(300)))
    assert not found["warn"]
    for probe in found["probes"].values():
        assert probe["low"] <= 0.5 <= probe["high"] or abs(probe["value"] - 0.5) < 0.06


@pytest.mark.parametrize("config", ["dpo", "reward", "kto"])
@pytest.mark.parametrize(
    ("giveaway", "probe"),
    [("{} however", "words"), ("{0} {0} {0}", "length"), ("- {}", "format"), ("Sure {}", "first word")],
)
def test_each_probe_finds_its_giveaway(giveaway: str, probe: str, config: str) -> None:
    pairs = [(giveaway.format(good), bad) for good, bad in plain(120)]
    found = probes(kept(pairs, config=config), config)
    assert found["config"] == config
    assert found["probes"][probe]["value"] > 0.9
    assert found["warn"]


def test_a_direction_does_not_matter() -> None:
    shorter = [(good[:8], bad) for good, bad in plain(120)]
    assert probes(kept(shorter))["probes"]["length"]["value"] > 0.9


def test_what_holds_of_one_group_alone_predicts_nothing() -> None:
    """Forty pairs of each group give the answer away, but by a word that no other group has."""
    pairs = [(f"word{i % 30} {good}", bad) for i, (good, bad) in enumerate(plain(600))]
    assert probes(kept(pairs, groups=30))["probes"]["words"]["value"] < 0.65


def test_the_same_rows_in_any_order_give_the_same_numbers() -> None:
    frame = kept(plain(60))
    assert probes(frame) == probes(frame.reverse())


def test_few_groups_one_label_and_no_rows_are_not_measured() -> None:
    assert predictability(kept(plain(FEWEST - 1)), ("dpo",), 0) is None
    assert predictability(kept(plain(300), groups=FEWEST - 1), ("dpo",), 0) is None
    assert predictability(kept(plain(40)).clear(), ("dpo",), 0) is None
    good = kept(plain(40), config="kto").with_columns(pl.col("kto").list.head(1))
    assert predictability(good, ("kto",), 0) is None
    empty = kept(plain(40)).with_columns(dpo=pl.lit(None, pl.Struct(SCHEMAS["dpo"])))
    assert predictability(empty, ("dpo",), 0) is None


def test_of_many_rows_some_are_read() -> None:
    assert probes(kept(plain(MOST_PAIRS + 50)))["rows"] == 2 * MOST_PAIRS
    assert probes(kept(plain(MOST_PAIRS + 50), config="kto"), "kto")["rows"] == 2 * MOST_PAIRS


def test_odd_texts_are_read_too() -> None:
    odd = [("", "\u200b"), ("巴黎", "🙂"), (" ", "a\u0301")] * 20
    assert probes(kept(odd))["rows"] == 120
