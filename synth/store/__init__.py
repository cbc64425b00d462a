"""The store: every model call ever made, under a key made of what could change its text.

A folder of segments. One process writes one live segment (SQLite); when it is done, its rows are
sealed to Parquet and the live file goes. `runs.jsonl` keeps what was acknowledged, so that a damaged
store says what is missing.
"""

from synth.store.keys import base_seed, prompt_id, sample_key
from synth.store.store import Store

__all__ = ["Store", "base_seed", "prompt_id", "sample_key"]
