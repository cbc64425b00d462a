from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from scipy.stats import chisquare

from synth.engines import batch
from synth.engines.base import Call, Sampling, ScoreCall
from synth.engines.transformers import TransformersEngine
from synth.errors import UsageError
from synth.prompts import Message
from tests.engines.collecting import answers, logprobs, scores, texts

Model = Callable[..., str]
FREE = Sampling(temperature=1.0, max_tokens=12)


def open_engine(folder: str, **settings: Any) -> TransformersEngine:
    return TransformersEngine(folder, device="cpu", **settings)


@pytest.fixture(scope="module")
def engine(tiny_model: Model) -> TransformersEngine:
    return open_engine(tiny_model(), token_logprobs=True)


def call(engine: TransformersEngine, question: str = "who?", n: int = 1, **changes: Any) -> Call:
    prompt = engine.render([Message(role="user", content=question)], changes.pop("prefix", ""))
    asked = Call(question, question, prompt, 0, n, sum(question.encode()) << 16, FREE)
    return asked._replace(**changes)


def many(engine: TransformersEngine) -> list[Call]:
    """Prompts and answers of many lengths."""
    questions = [f"who lives {'in the town ' * (at % 4)}{at}?" for at in range(12)]
    return [
        call(engine, question, n=at % 5 + 1, sampling=Sampling(1.0, max_tokens=3 + 5 * (at % 4)))
        for at, question in enumerate(questions)
    ]


def test_a_text_depends_on_nothing_but_prompt_and_seed(engine: TransformersEngine, tiny_model: Model) -> None:
    alone = {key: answer for one in many(engine) for key, answer in answers(engine, [one]).items()}
    assert len(alone) == sum(one.n for one in many(engine))
    for rows in (1, 7, 64):
        other = open_engine(tiny_model(), batch_rows=rows)
        asked = many(other)[::-1] if rows == 7 else many(other)
        assert texts(answers(other, asked[:4] if rows == 1 else asked)).items() <= texts(alone).items()


def test_four_and_then_four_are_eight(engine: TransformersEngine) -> None:
    eight = answers(engine, [call(engine, n=8)])
    four = answers(engine, [call(engine, n=4)])
    four_more = answers(engine, [call(engine, n=4, first=4)])
    assert texts(eight) == texts(four | four_more)
    assert len({answer.text for answer in eight.values()}) == 8


def test_a_sliding_window_moves_with_its_row(tiny_model: Model) -> None:
    engine = open_engine(tiny_model(window=6), batch_rows=64)
    alone = {key: answer for one in many(engine) for key, answer in answers(engine, [one]).items()}
    assert texts(answers(engine, many(engine))) == texts(alone)


def test_greedy_is_what_generate_gives(engine: TransformersEngine) -> None:
    asked = [call(engine, f"who {at}?", sampling=Sampling(0, max_tokens=8)) for at in range(5)]
    found = answers(engine, asked)
    for one in asked:
        ids = engine._loaded.tokenizer(one.prompt, add_special_tokens=False, return_tensors="pt")
        whole = engine._loaded.model.generate(**ids, do_sample=False, max_new_tokens=8, pad_token_id=0)[0]
        text = engine._loaded.tokenizer.decode(whole[ids["input_ids"].shape[1] :], skip_special_tokens=True)
        assert found[one.key, 0].text == text.strip()


def test_first_tokens_follow_the_softmax(engine: TransformersEngine) -> None:
    one = call(engine, n=6000, sampling=Sampling(0.7, top_k=5, max_tokens=1))
    drawn = [answer.logprob_sum for answer in answers(engine, [one]).values()]
    ids = engine._loaded.tokenizer(one.prompt, add_special_tokens=False, return_tensors="pt")
    with torch.inference_mode():
        logprobs = engine._loaded.model(**ids).logits[0, -1].double().log_softmax(-1)
    top = logprobs.topk(5).values
    nearest = (torch.tensor(drawn)[:, None] - top).abs().argmin(-1)
    expected = (top / 0.7).softmax(-1) * 6000
    assert chisquare(torch.bincount(nearest, minlength=5).double().numpy(), expected.numpy()).pvalue > 1e-3


def test_logprobs_are_those_of_a_direct_reading(engine: TransformersEngine) -> None:
    for answer in answers(engine, [call(engine, n=6)]).values():
        assert answer.token_logprobs is not None
        assert len(answer.token_logprobs) == answer.n_tokens
        assert answer.logprob_sum == pytest.approx(sum(answer.token_logprobs))
    row = _row(engine, call(engine))
    with torch.inference_mode():
        whole = torch.tensor([[*row.prompt, *row.tokens]])
        logprobs = engine._loaded.model(whole).logits[0, len(row.prompt) - 1 : -1].log_softmax(-1)
    direct = logprobs.gather(-1, torch.tensor(row.tokens)[:, None])[:, 0]
    assert row.logprobs == pytest.approx(direct.tolist(), abs=1e-4)


def _row(engine: TransformersEngine, asked: Call) -> batch.Row:
    engine.submit(asked)
    row = engine._queue[-1]
    while engine.collect():
        pass
    return row


def test_an_end_mark_of_a_list_ends_the_text(tiny_model: Model) -> None:
    one = open_engine(tiny_model())
    row = _row(one, call(one))
    mark = row.tokens[3]
    several = open_engine(tiny_model(eos=[2, mark]))
    answer = answers(several, [call(several)])["who?", 0]
    end = row.tokens.index(mark)
    assert (answer.finish, answer.stop_reason, answer.n_tokens) == ("stop", None, end + 1)
    assert answer.text == one._loaded.tokenizer.decode(row.tokens[:end], skip_special_tokens=True).strip()


def test_a_stop_string_ends_the_text_and_is_not_part_of_it(engine: TransformersEngine) -> None:
    row = _row(engine, call(engine))
    text = engine._loaded.tokenizer.decode(row.tokens, skip_special_tokens=True)
    stop = text[4:7]
    sampling = Sampling(1.0, max_tokens=12, stop=("not in it", stop))
    answer = answers(engine, [call(engine, sampling=sampling)])["who?", 0]
    assert (answer.finish, answer.stop_reason) == ("stop", stop)
    assert answer.text == text[: text.find(stop)].strip()
    assert answer.n_tokens is not None
    assert answer.n_tokens < len(row.tokens)


def test_a_text_that_reaches_its_limit_has_finish_length(engine: TransformersEngine) -> None:
    found = answers(engine, [call(engine, n=20)]).values()
    cut = [answer for answer in found if answer.finish == "length"]
    assert cut
    assert {answer.n_tokens for answer in cut} == {12}


def test_the_context_cuts_answers_and_refuses_prompts(tiny_model: Model) -> None:
    engine = open_engine(tiny_model(), max_model_len=24)
    fits, too_long = call(engine, "who?", n=2), call(engine, "who lives in the town? " * 9, n=2)
    found = answers(engine, [fits, too_long])
    room = 24 - len(engine._loaded.tokenizer(fits.prompt, add_special_tokens=False)["input_ids"])
    assert all((found["who?", at].n_tokens or 0) <= room for at in range(2))
    for at in range(2):
        refused = found[too_long.key, at]
        assert (refused.finish, refused.text) == ("error", None)
        assert (refused.error or "").startswith("PromptTooLong: ")


def test_the_answer_continues_the_prefix(engine: TransformersEngine) -> None:
    prefixed = call(engine, prefix="nobody")
    assert prefixed.prompt.endswith("<|assistant|>nobody")
    assert answers(engine, [prefixed])["who?", 0].text != answers(engine, [call(engine)])["who?", 0].text


def test_a_base_model_stops_at_its_next_question(tiny_model: Model) -> None:
    engine = open_engine(tiny_model(template=None))
    asked = call(engine)
    assert asked.prompt == "Question: who?\n\nAnswer:"
    engine.submit(asked)
    assert engine._queue[0].stops == ("\nQuestion:",)
    assert engine._queue[0].prompt[0] == 1
    assert len(engine.collect()) == 1


def test_room_counts_what_is_under_way(engine: TransformersEngine) -> None:
    room = engine.room()
    engine.submit(call(engine, n=10))
    assert engine.room() == room - 10
    assert len(answers(engine, [])) == 10
    assert engine.room() == room
    assert engine.collect() == []


def test_scores_are_those_of_a_direct_reading(engine: TransformersEngine) -> None:
    prompt = call(engine).prompt
    continuations = ["yes", "nobody knows", " no", ""]
    for continuation, score in zip(continuations, logprobs(engine, prompt, continuations), strict=True):
        start = len(engine._loaded.tokenizer(prompt, add_special_tokens=False)["input_ids"])
        ids = engine._loaded.tokenizer(prompt + continuation, add_special_tokens=False, return_tensors="pt")
        with torch.inference_mode():
            read = engine._loaded.model(**ids).logits[0].log_softmax(-1)
        tokens = ids["input_ids"][0, start:, None]
        assert score == pytest.approx(float(read[start - 1 : -1].gather(-1, tokens).sum()), abs=1e-4)


def scored_calls(engine: TransformersEngine, top: int = 0) -> list[ScoreCall]:
    """Prompts of many lengths, each with continuations of many lengths."""
    texts = ("yes", " no", "", "nobody knows who lives in the town")
    asked = [call(engine, f"who lives {'in the town ' * (at % 4)}{at}?").prompt for at in range(12)]
    return [ScoreCall(str(at), prompt, texts[: 1 + at % 4], top) for at, prompt in enumerate(asked)]


@pytest.mark.parametrize("window", [None, 6])
def test_a_score_does_not_depend_on_what_is_scored_beside_it(tiny_model: Model, window: int | None) -> None:
    engine = open_engine(tiny_model(window=window), batch_rows=9)
    together = {(a.key, a.index): a for a in engine.score(scored_calls(engine))}
    assert len(together) == sum(len(one.continuations) for one in scored_calls(engine))
    for one in scored_calls(engine):
        for alone in engine.score([one]):
            beside = together[alone.key, alone.index]
            assert (beside.text, beside.finish, beside.n_tokens) == (alone.text, "score", None)
            assert beside.logprob_sum == pytest.approx(alone.logprob_sum, abs=1e-4)


def test_the_likeliest_tokens_stand_beside_each_token(engine: TransformersEngine) -> None:
    """All of them are a whole distribution: its sum is 1, and the token's own is among them."""
    vocabulary = engine._loaded.model.config.vocab_size
    for answer in engine.score(scored_calls(engine, top=vocabulary)):
        found = json.loads(answer.meta or "")
        whole = engine._loaded.tokenizer.decode([*found["prompt_tokens"], *found["tokens"]])
        assert whole == scored_calls(engine)[int(answer.key)].prompt + (answer.text or "")
        assert len(found["tokens"]) == len(found["top_tokens"]) == len(answer.token_logprobs or [])
        for token, own, tokens, values in zip(
            found["tokens"],
            answer.token_logprobs or [],
            found["top_tokens"],
            found["top_logprobs"],
            strict=True,
        ):
            assert values == sorted(values, reverse=True)
            assert values[tokens.index(token)] == pytest.approx(own, abs=1e-5)
            assert sum(map(math.exp, values)) == pytest.approx(1, abs=1e-4)
    (few,) = scores(engine, scored_calls(engine)[4].prompt, ["yes"], top=3)
    assert [len(place) for place in json.loads(few.meta or "")["top_tokens"]] == [3, 3]


def test_a_base_models_reply_begins_with_the_space_it_would_write(tiny_model: Model) -> None:
    engine = open_engine(tiny_model(template=None))
    prompt = call(engine).prompt
    assert prompt.endswith("\n\nAnswer:")
    assert logprobs(engine, prompt, ["yes"]) == logprobs(engine, prompt, [" yes"])
    assert logprobs(engine, prompt + " y", ["es"]) != logprobs(engine, prompt + " y", [" es"])


def test_what_cannot_be_scored_fails_alone(engine: TransformersEngine) -> None:
    fits, too_long = scored_calls(engine)[3], ScoreCall("long", "who " * 300, ("a", "b"))
    found = {(a.key, a.index): a for a in engine.score([too_long, fits, ScoreCall("none", "", ("a",))])}
    assert len(found) == 7
    assert [str(found["long", at].error) for at in range(2)] == [
        "PromptTooLong: 302 tokens, and the model reads 256"
    ] * 2
    assert str(found["none", 0].error).startswith("NoPrompt: ")
    assert all(found[fits.key, at].error is None for at in range(4))


def test_scores_survive_memory_that_runs_out(
    engine: TransformersEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = {(a.key, a.index): a.logprob_sum for a in engine.score(scored_calls(engine))}
    forward = batch.forward

    def small(model: Any, ids: Any, mask: Any, cache: Any, logits: int = 1) -> Any:
        if len(ids) > 2:
            raise torch.OutOfMemoryError("out of memory")
        return forward(model, ids, mask, cache, logits)

    monkeypatch.setattr("synth.engines.score.forward", small)
    found = engine.score(scored_calls(engine))
    for answer in found:
        if len(scored_calls(engine)[int(answer.key)].continuations) > 2:
            assert str(answer.error).startswith("OutOfMemory: ")
        else:
            assert answer.logprob_sum == pytest.approx(expected[answer.key, answer.index], abs=1e-4)
    assert any(answer.error is None for answer in found)


def test_memory_that_runs_out_halves_the_batch(tiny_model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = open_engine(tiny_model(), batch_rows=16)
    expected = texts(answers(engine, many(engine)))
    forward = batch.forward

    def small(model: Any, ids: Any, mask: Any, cache: Any, logits: int = 1) -> Any:
        if len(ids) > 5:
            raise torch.OutOfMemoryError("out of memory")
        return forward(model, ids, mask, cache, logits)

    monkeypatch.setattr(batch, "forward", small)
    assert texts(answers(engine, many(engine))) == expected
    assert engine.batch_rows == 4

    def none(*_: Any) -> Any:
        raise torch.OutOfMemoryError("out of memory")

    monkeypatch.setattr(batch, "forward", none)
    (answer,) = answers(engine, [call(engine)]).values()
    assert (answer.error or "").startswith("OutOfMemory: ")


def test_what_cannot_be_loaded_is_a_sentence(tiny_model: Model, tmp_path: Path) -> None:
    broken = shutil.copytree(tiny_model(), tmp_path / "broken")
    (broken / "model.safetensors").write_bytes(b"not weights")
    opened = open_engine(str(broken))
    for work in (
        lambda: opened.submit(call(opened)),
        lambda: opened.score([ScoreCall("key", "who?", ("I",))]),
    ):
        with pytest.raises(UsageError, match="cannot be loaded"):
            work()
    for unfit in (
        TransformersEngine(tiny_model(), dtype="float99"),
        TransformersEngine(tiny_model(), device="nowhere"),
    ):
        with pytest.raises(UsageError, match="cannot be loaded"):
            unfit.submit(call(unfit))
    with pytest.raises(UsageError, match="is not a folder with a model"):
        open_engine(str(tmp_path / "nothing"))


def test_weights_are_read_when_something_is_asked(tiny_model: Model) -> None:
    engine = open_engine(tiny_model())
    engine.render([Message(role="user", content="who?")])
    assert engine.layout(system=False)["layout"] == "chat"
    assert engine.room() > 0
    assert engine.collect() == []
    assert engine._found is None
    engine.submit(call(engine))
    assert engine._found is not None
    engine.close()


def test_a_home_folder_is_found(tiny_model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(tiny_model(), tmp_path / "model")
    monkeypatch.setenv("HOME", str(tmp_path))
    engine = open_engine("~/model")
    assert answers(engine, [call(engine)])


def test_the_identity_is_the_models_not_the_folders(engine: TransformersEngine, tmp_path: Path) -> None:
    copy = shutil.copytree(engine.model_name, tmp_path / "copy")
    assert open_engine(str(copy)).identity == engine.identity
