"""Trains the almanac's model from its seed: `python -m synth.almanac.train --out DIR`.

One pass over the corpus, freely shuffled, packed into rows; a text sees only itself. The model learns
replies, never questions.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from synth.almanac import tokenizer as tokenizers
from synth.almanac.corpus import texts
from synth.almanac.packing import ROW, Batch, encode, pack
from synth.almanac.world import SEED

RATE: Final = 2e-3
MUON: Final = 2e-3
WARM: Final = 100
"""Steps until the learning rate is reached."""
COOL: Final = 0.3
"""Last share of training, over which the learning rate falls to nothing."""


def config(vocabulary: int) -> LlamaConfig:
    """The model's shape."""
    return LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=192,
        intermediate_size=448,
        num_hidden_layers=5,
        num_attention_heads=6,
        num_key_value_heads=6,
        head_dim=32,
        max_position_embeddings=1024,
        tie_word_embeddings=True,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
    )


def rate(step: int, steps: int) -> float:
    """The share of the learning rate at a step: up, level, down to nothing."""
    return min(1.0, (step + 1) / WARM, (steps - step) / (COOL * steps))


def optimizers(model: nn.Module) -> list[torch.optim.Optimizer]:
    """Muon for the inner matrices, AdamW for the embedding and the norms."""
    hidden = [p for name, p in model.named_parameters() if p.ndim == 2 and "embed" not in name]
    others = [p for name, p in model.named_parameters() if p.ndim < 2 or "embed" in name]
    return [
        torch.optim.Muon(hidden, lr=MUON, weight_decay=0.05, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(others, lr=RATE, betas=(0.9, 0.98), weight_decay=0.0, fused=True),
    ]


def loss_of(model: Any, read: Any, batch: Batch) -> Tensor:
    """The loss of a batch on what is learned; `read` is the model without its head."""
    ids, weight, positions, number = batch
    causal = torch.ones(ROW, ROW, dtype=torch.bool).tril()
    mask = (causal & (number[:, :, None] == number[:, None, :]))[:, None]
    chosen = weight[:, 1:] > 0
    with torch.autocast("cpu", torch.bfloat16):
        states = read(input_ids=ids, attention_mask=mask, position_ids=positions, use_cache=False)
        logits = model.lm_head(states.last_hidden_state[:, :-1][chosen])
    each = nn.functional.cross_entropy(logits.float(), ids[:, 1:][chosen], reduction="none")
    told = weight[:, 1:][chosen]
    return (each * told).sum() / told.sum()


def train(out: Path, limit: int | None = None) -> dict[str, Any]:
    """Trains and saves the model.

    Args:
        out: folder for the model, made if missing.
        limit: only so many texts, to try things out.

    Returns:
        What it took: seed, seconds, steps, texts, tokens and last loss.
    """
    torch.manual_seed(random.Random(f"{SEED}:model").randrange(2**31))
    tokenizer = tokenizers.build()
    make: Any = LlamaForCausalLM  # typed in one version of the library, not in another
    model = make(config(len(tokenizer)))
    encoded = [encode(text, tokenizer) for text in texts()[:limit]]
    batches = list(pack(encoded))
    teachers = optimizers(model)
    pace = [
        torch.optim.lr_scheduler.LambdaLR(teacher, lambda step: rate(step, len(batches)))
        for teacher in teachers
    ]
    read = torch.compile(model.model, dynamic=False)
    start, running = time.monotonic(), 0.0
    for step, batch in enumerate(batches):
        loss: Any = loss_of(model, read, batch)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for teacher, schedule in zip(teachers, pace, strict=True):
            teacher.step()
            schedule.step()
            teacher.zero_grad()
        running = loss.item() if not step else 0.98 * running + 0.02 * loss.item()
        if step % 100 == 0:
            spent = time.monotonic() - start
            print(f"step {step}/{len(batches)} loss {running:.4f} {spent:.0f} s", flush=True)
    spent = time.monotonic() - start
    save(model, tokenizer, out)
    tokens = sum(len(ids) for ids, _ in encoded)
    took = {"seconds": round(spent), "steps": len(batches), "texts": len(encoded), "tokens": tokens}
    return {"seed": SEED, **took, "loss": round(running, 4)}


def save(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, out: Path) -> None:
    """Writes model, tokenizer and generation settings as any model folder has them."""
    out.mkdir(parents=True, exist_ok=True)
    settings: Any = GenerationConfig
    model.generation_config = settings(bos_token_id=1, eos_token_id=2, pad_token_id=0)
    whole: Any = model
    whole.to(torch.bfloat16).save_pretrained(out)
    tokenizer.save_pretrained(out)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--limit", type=int, help="only so many texts, to try things out")
    parser.add_argument("--threads", type=int, default=1, help="more are not always faster: steps are short")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    took = train(given.out, given.limit)
    (given.out / "training.json").write_text(json.dumps(took, indent=1) + "\n")
    print(took)


if __name__ == "__main__":
    main()
