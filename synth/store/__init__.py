"""The store: every model call ever made, under a key made of what could change its text.

A folder of segments. One process writes one live segment (SQLite); when it is done, its rows are
sealed to Parquet and the live file goes. `runs.jsonl` keeps what was acknowledged, so that a damaged
store says what is missing. Verdicts lie beside the samples, as a cache.
"""

from synth.store.keys import base_seed, prompt_id, sample_key, score_key
from synth.store.store import Store
from synth.store.verdicts import VerdictCache, graded_as

__all__ = ["Store", "VerdictCache", "base_seed", "graded_as", "prompt_id", "sample_key", "score_key"]
