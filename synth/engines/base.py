"""What an engine is: something that answers calls.

The scheduler hands calls in (`submit`) and takes finished answers out (`collect`); an engine may work on
them in any order and in any grouping. How a text comes out never depends on that grouping.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, NamedTuple, Protocol

from synth.prompts import Message


@dataclass(frozen=True)
class Sampling:
    """The parameters that change the distribution of a text, and so its store key.

    Attributes:
        temperature: 0 is greedy.
        top_p: nucleus; 1 is off.
        top_k: 0 is off.
        max_tokens: generated tokens at most; a text that reaches it has finish "length".
        stop: strings that end a text; they are not part of it.
    """

    temperature: float = 0.7
    top_p: float = 1.0
    top_k: int = 0
    max_tokens: int = 256
    stop: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The parameters as plain values, for hashing and for the manifest."""
        return asdict(self)


class Call(NamedTuple):
    """Ask one prompt for `n` samples, those with indices first … first + n − 1.

    Attributes:
        key: the store key that all samples of this prompt share.
        question_id: whose question it is.
        prompt: the rendered text that the model reads (what `Engine.render` returned).
        first: index of the first sample.
        n: number of samples.
        seed: base seed; sample i uses seed + i, whatever call it comes in.
        sampling: the sampling parameters.
    """

    key: str
    question_id: str
    prompt: str
    first: int
    n: int
    seed: int
    sampling: Sampling


class ScoreCall(NamedTuple):
    """Ask how likely given continuations of one prompt are; the answer with index i is about the i-th.

    Attributes:
        key: the store key that all answers share.
        prompt: the rendered text that the model reads.
        continuations: what may follow it.
        top: also give the so many most likely tokens at each place of a continuation.
    """

    key: str
    prompt: str
    continuations: tuple[str, ...]
    top: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """One sample, or one failed try at one; the engine's part of `synth.schema.SAMPLES`.

    Attributes:
        key: of the call.
        index: of the sample.
        text: without reasoning and without the stop string; None where the call failed.
        reasoning: what the model thought first, or None.
        finish: "stop", "length", "score" (a given text, see `ScoreCall`) or "error".
        n_tokens: generated tokens, end mark included.
        logprob_sum: natural log at temperature 1, before top-p and top-k; None where unknown.
        token_logprobs: the same by token, where asked for.
        stop_reason: the stop string that ended it, or None for the end mark.
        error: "Type: message" of a failed call, else None.
        meta: JSON with whatever else is known of the sample, or None.
    """

    key: str
    index: int
    text: str | None
    reasoning: str | None = None
    finish: str = "stop"
    n_tokens: int | None = None
    logprob_sum: float | None = None
    token_logprobs: list[float] | None = None
    stop_reason: str | None = None
    error: str | None = None
    meta: str | None = None


SAMPLE: Final = "sample"
SCORE: Final = "score"
DISTRIBUTIONS: Final = "token distributions"
HIDDEN_STATES: Final = "hidden states"


class Engine(Protocol):
    """Answers calls.

    Attributes:
        name: the engine's name on the command line.
        identity: what the labels speak about: the same for the same weights, tokenizer and template,
            another for any other (DESIGN, "The store"). For people: `model_name`.
        model_name: the model as the user named it.
        can: what it is able to do, of "sample", "score", "token distributions", "hidden states".
    """

    name: str
    identity: str
    model_name: str
    can: frozenset[str]

    def render(self, messages: Sequence[Message], prefix: str = "") -> str:
        """The text the model reads for a conversation, ending where its answer begins (after `prefix`)."""
        ...

    def room(self) -> int:
        """How many more samples the engine would like to have in flight to stay full; may be ≤ 0."""
        ...

    def submit(self, call: Call) -> None:
        """Queue a call."""
        ...

    def collect(self) -> list[Answer]:
        """Work until at least one queued sample is finished; return what is. Empty only when idle."""
        ...

    def finished(self) -> list[Answer]:
        """What is finished and not yet collected, without working on; for when a run is interrupted."""
        ...

    def close(self) -> None:
        """Free what the engine holds."""
        ...


class ScoringEngine(Engine, Protocol):
    """An engine that can "score"."""

    def score(self, calls: Sequence[ScoreCall]) -> list[Answer]:
        """An answer for each continuation of each call, in any order: natural logs at temperature 1.

        What cannot be scored is an answer with an error. Where a tokenizer joins the prompt's last token with
        what follows, the text is scored from where it parts from the prompt. In the plain-text layout a
        reply is parted from "Answer:" by a space, as the model would write it.
        """
        ...
