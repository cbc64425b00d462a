"""From a server's reply to answers. Somebody else wrote it: every part may be missing or wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import NoneType
from typing import Any, Final

from synth.engines.base import Answer, Sampling
from synth.engines.chat import split_reasoning
from synth.questions.rows import compact_json

_RIVALS: Final = 50
_FAILED: Final = {
    "content_filter": "ContentFilter: the server withheld the answer",
    "error": "ServerError: the server ended the answer with an error",
    "abort": "ServerError: the server gave the answer up",
}
"""Endings that leave nothing to judge; a refusal by the model is a text, not one of these."""


class InvalidReply(ValueError):
    """The reply is not what the API promises."""


def answers_of(
    reply: Any, key: str, first: int, n: int, limit: int, before: str, facts: Mapping[str, Any]
) -> list[Answer]:
    """The answers in a reply: at most `n`, of the samples first … first + n − 1.

    Args:
        reply: parsed JSON.
        key: of the call.
        first: index of the first sample asked for.
        n: number of samples asked for.
        limit: tokens asked for at most.
        before: the end of what the model read; reasoning may begin there.
        facts: what else is known of the samples, for `meta`.

    Raises:
        InvalidReply: there is no list of choices in it.
    """
    if not isinstance(reply, dict) or not isinstance(reply.get("choices"), list):
        error = reply.get("error") if isinstance(reply, dict) else None
        told = error.get("message") if isinstance(error, dict) else error
        raise InvalidReply(str(told) if told else "the reply has no list of choices")
    choices = [choice if isinstance(choice, dict) else {} for choice in reply["choices"][:n]]
    places: list[Any] = [choice.get("index") for choice in choices]
    if not all(type(at) is int and 0 <= at < n for at in places) or len(set(places)) < len(places):
        places = list(range(len(choices)))
    logprobs = [_logprobs(choice) for choice in choices]
    usage = reply.get("usage")
    total = usage.get("completion_tokens") if isinstance(usage, dict) else None
    total = max(0, total) if isinstance(total, int) else total
    # Only if nothing is missing (the end mark, the reasoning) is the sum that of the whole sample.
    whole = total is not None and total == sum(map(len, logprobs))
    counts = [len(each) for each in logprobs] if whole else _shares(total, choices)
    meta = compact_json(dict(facts)) if facts else None
    return [
        _answer(key, first + at, choice, tokens, count, whole, limit, before, meta)
        for at, choice, tokens, count in zip(places, choices, logprobs, counts, strict=True)
    ]


def failures(key: str, indices: Sequence[int], error: str) -> list[Answer]:
    """A failed call's answers, all of one error."""
    return [Answer(key, index, None, finish="error", error=error) for index in indices]


def repeated(answers: Sequence[Answer], temperature: float) -> bool:
    """Whether these are one text, several times, where several could be expected."""
    texts = _texts(answers)
    return temperature > 0 and len(answers) > 1 and len(texts) == 1 and None not in texts


def different(answers: Sequence[Answer]) -> bool:
    """Whether there are different texts among these."""
    return len(_texts(answers) - {None}) > 1


def chance(answers: Sequence[Answer], sampling: Sampling) -> float | None:
    """The log-probability, rather too high than too low, that all others say what the first one says.

    What each token had at temperature 1 is carried over to the temperature of the sampling as if all that
    spoke against it were shared by many equal tokens. None where it is unknown, or the sampling was cut.
    """
    logprobs = answers[0].token_logprobs
    if logprobs is None or sampling.top_p < 1 or sampling.top_k:
        return None
    sharpness = 1 / min(sampling.temperature, 1.0)
    total = 0.0
    for logprob in logprobs:
        rival = math.log(max(-math.expm1(logprob), 1e-300) / _RIVALS)
        against = math.log(_RIVALS) + sharpness * (rival - logprob)
        total -= max(against, 0.0) + math.log1p(math.exp(-abs(against)))
    return total * (len(answers) - 1)


def _texts(answers: Sequence[Answer]) -> set[tuple[str | None, str | None] | None]:
    return {None if answer.error else (answer.text, answer.reasoning) for answer in answers}


def _answer(
    key: str,
    index: int,
    choice: Mapping[str, Any],
    logprobs: list[float],
    count: int | None,
    whole: bool,
    limit: int,
    before: str,
    meta: str | None,
) -> Answer:
    message = choice.get("message")
    message = message if isinstance(message, dict) else {}
    ending = choice.get("finish_reason")
    text = _text(message.get("content")) or _text(choice.get("text")) or _text(message.get("refusal"))
    thought = _text(message.get("reasoning_content")) or _text(message.get("reasoning"))
    error = _FAILED.get(str(ending))
    if not isinstance(message.get("content", choice.get("text", 0)), (str, list, NoneType)):
        error = error or "InvalidReply: a choice without a text"
    if error:
        return Answer(key, index, None, finish="error", error=error, meta=meta)
    reasoning, text = split_reasoning(text, before)
    cut = ending == "length" or (ending is None and count is not None and count >= limit)
    stop = choice.get("stop_reason")
    return Answer(
        key=key,
        index=index,
        text=text,
        reasoning=thought.strip() or reasoning,
        finish="length" if cut else "stop",
        n_tokens=count,
        logprob_sum=sum(logprobs) if whole else None,
        token_logprobs=logprobs if whole else None,
        stop_reason=stop if isinstance(stop, str) else None,
        meta=meta,
    )


def _text(content: Any) -> str:
    """A content as text: a string, or the texts among its parts."""
    if isinstance(content, list):
        return "".join(_text(part.get("text")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _logprobs(choice: Mapping[str, Any]) -> list[float]:
    """The log-probabilities of a choice's tokens, in either API's form; [] where not all are given."""
    found = choice.get("logprobs")
    found = found if isinstance(found, dict) else {}
    values: Any = found.get("token_logprobs")
    if isinstance(content := found.get("content"), list):
        values = [token.get("logprob") if isinstance(token, dict) else None for token in content]
    if not isinstance(values, list) or not all(isinstance(value, (int, float)) for value in values):
        return []
    return [float(value) for value in values]


def _shares(total: Any, choices: Sequence[Mapping[str, Any]]) -> list[int | None]:
    """A reply's token count shared out among its choices by the length of their texts.

    Servers count the tokens of a reply, not of a choice; the shares are right in all, so budgets hold.
    """
    if not isinstance(total, int):
        return [None] * len(choices)
    lengths = [1 + len(str(choice.get("message") or choice.get("text"))) for choice in choices]
    ends = [total * sum(lengths[: at + 1]) // sum(lengths) for at in range(len(lengths))]
    return [end - begin for begin, end in zip([0, *ends], ends, strict=False)]
