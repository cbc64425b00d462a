"""Writes oracle.json: what lm-polygraph and uqlm say of the same few samples.

Run it in an environment of its own, with this repository's packages beside these:

    pip install --no-deps lm-polygraph==0.7.0 uqlm==0.6.7 rouge-score==0.1.2 nltk absl-py langchain-core
    python tests/uncertainty/make_oracle.py

Only the estimators' own files are run. Their packages import engines and models at the top, so the packages
stand here as empty ones with the same path, and the decorator of lm-polygraph's base class, which fetches a
class for every module, as one that does nothing.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import json
import sys
import types
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

OUT = Path(__file__).parent / "oracle.json"
PACKAGES = (
    *("lm_polygraph", "lm_polygraph.estimators", "lm_polygraph.utils"),
    *("uqlm", "uqlm.nli", "uqlm.white_box", "uqlm.black_box"),
)

# Texts of one question each, and which of them say the same.
CASES: list[dict[str, Any]] = [
    {
        "question": "What is the capital of France?",
        "texts": ["Paris", "It is Paris.", "Lyon", "Paris", "Paris", "Marseille"],
        "clusters": [0, 0, 1, 0, 0, 2],
    },
    {
        "question": "Where does the river rise?",
        "texts": [
            "in the high mountains",
            "in the hills",
            "in the high mountains",
            "under the old glacier in the north",
        ],
        "clusters": [0, 1, 0, 2],
    },
    {
        "question": "Who wrote Emma?",
        "texts": ["Jane Austen", "Jane Austen", "Jane Austen"],
        "clusters": [0, 0, 0],
    },
    {
        "question": "How does the animal move?",
        "texts": ["it runs fast", "it is running fast", "it ran"],
        "clusters": [0, 1, 2],
    },
    {
        "question": "Which metal?",
        "texts": ["iron", "copper", "tin", "zinc", "lead"],
        "clusters": [0, 1, 2, 3, 4],
    },
]


def module(name: str) -> Any:
    """One file of a package."""
    return importlib.import_module(name)


def bare_packages() -> None:
    """Put empty packages in the place of those that import everything."""
    for name in PACKAGES:
        top, *below = name.split(".")
        found = importlib.util.find_spec(top) if not below else None
        root = found.submodule_search_locations if found else sys.modules[top].__path__
        package = types.ModuleType(name)
        package.__path__ = [str(Path(next(iter(root or []))).joinpath(*below))]
        sys.modules[name] = package
    common = types.ModuleType("lm_polygraph.utils.common")
    common.polygraph_module_init = lambda init: init  # type: ignore[attr-defined]
    sys.modules[common.__name__] = common


def inputs(case: dict[str, Any], random: np.random.Generator) -> dict[str, Any]:
    """The case with log-probabilities, similarities and states; equal texts have equal ones."""
    texts = case["texts"]
    distinct = {text: at for at, text in enumerate(dict.fromkeys(texts))}
    place = [distinct[text] for text in texts]
    words = [len(text.split()) for text in distinct]
    logprobs = [(-random.exponential(0.8, count)).round(6).tolist() for count in words]
    relevance = [random.uniform(0.3, 1, count).round(6).tolist() for count in words]
    alike = random.uniform(0, 1, (len(distinct), len(distinct))).round(6)
    alike = np.triu(alike, 1) + np.triu(alike, 1).T + np.eye(len(distinct))
    states = random.normal(size=(len(distinct), 16)).round(6)
    return case | {
        "token_logprobs": [logprobs[at] for at in place],
        "token_similarity": [relevance[at] if words[at] > 1 else [0.5] for at in place],
        "similarity": alike[np.ix_(place, place)].tolist(),
        "states": states[place].tolist(),
    }


def lm_polygraph(case: dict[str, Any]) -> dict[str, float | list[float]]:
    """What its estimators give."""
    own = "lm_polygraph.estimators."
    sums = [float(np.sum(each)) for each in case["token_logprobs"]]
    classes: dict[int, list[int]] = {}
    for at, number in enumerate(case["clusters"]):
        classes.setdefault(number, []).append(at)
    stats = {
        "sample_texts": [case["texts"]],
        "sample_log_probs": [sums],
        "sample_tokens": [case["token_logprobs"]],
        "sample_log_likelihoods": [case["token_logprobs"]],
        "sample_sentence_similarity": [np.array(case["similarity"])],
        "sample_token_similarity": [[np.array(each) for each in case["token_similarity"]]],
        "sample_embeddings": [case["states"]],
        "semantic_classes_entail": {
            "sample_to_class": {0: dict(enumerate(case["clusters"]))},
            "class_to_sample": {0: list(classes.values())},
        },
    }
    semantic = module(own + "semantic_entropy").SemanticEntropy
    estimators = {
        "predictive_entropy": module(own + "monte_carlo_sequence_entropy").MonteCarloSequenceEntropy(),
        "length_normalised_entropy": module(
            own + "monte_carlo_normalized_sequence_entropy"
        ).MonteCarloNormalizedSequenceEntropy(),
        "discrete_semantic_entropy": semantic(class_probability_estimation="frequency"),
        "semantic_entropy_unnormalised": semantic(),
        "lexical_similarity_negated": module(own + "lexical_similarity").LexicalSimilarity("rougeL"),
        "sentence_sar": module(own + "sentence_sar").SentenceSAR(),
        "sar": module(own + "sar").SAR(),
        "eigen_score": module(own + "eigenscore").EigenScore(),
    }
    found: dict[str, float | list[float]] = {name: float(each(stats)[0]) for name, each in estimators.items()}
    greedy = {
        "greedy_log_likelihoods": case["token_logprobs"],
        "token_similarity": [np.array(each) for each in case["token_similarity"]],
    }
    found["token_sar"] = [float(value) for value in module(own + "token_sar").TokenSAR()(greedy)]
    return found


def rouge_score(case: dict[str, Any]) -> dict[str, float]:
    """ROUGE-L as lm-polygraph takes it, but without stemming."""
    scorer = module("rouge_score.rouge_scorer").RougeScorer(["rougeL"], use_stemmer=False)
    pairs = combinations(case["texts"], 2)
    scores = [scorer.score(*pair)["rougeL"].fmeasure for pair in pairs]
    return {"lexical_similarity": float(np.mean(scores))}


def uqlm(case: dict[str, Any]) -> dict[str, float | list[float]]:
    """What its functions give."""
    entropy = module("uqlm.nli.entropy_utils")
    single = module("uqlm.white_box.single_logprobs").SingleLogprobsScorer()
    match = module("uqlm.black_box.match").MatchScorer()
    tokens = [[{"logprob": value} for value in each] for each in case["token_logprobs"]]
    members = [
        [at for at, own in enumerate(case["clusters"]) if own == number]
        for number in sorted({*case["clusters"]})
    ]

    def semantic(probabilities: list[float]) -> float:
        return float(
            entropy.compute_semantic_entropy(entropy.compute_cluster_probabilities(probabilities, members))
        )

    def weighed(normalise: bool) -> float:
        return semantic(entropy.compute_response_probabilities(tokens, len(tokens), normalise)[0])

    texts = case["texts"]
    others = [texts[:at] + texts[at + 1 :] for at in range(len(texts))]
    return {
        "discrete_semantic_entropy": semantic(entropy.compute_response_probabilities(None, len(tokens))[1]),
        "semantic_entropy": weighed(normalise=False),
        "length_normalised_semantic_entropy": weighed(normalise=True),
        "sequence_probability": [float(value) for value in single.evaluate(tokens)["sequence_probability"]],
        "exact_match": [float(value) for value in match.evaluate(texts, others)],
    }


def main() -> None:
    """Write the file."""
    bare_packages()
    random = np.random.default_rng(0)
    cases = [inputs(case, random) for case in CASES]
    versions = {name: importlib.metadata.version(name) for name in ("lm-polygraph", "uqlm", "rouge-score")}
    told = [
        case | {"lm-polygraph": lm_polygraph(case), "uqlm": uqlm(case), "rouge-score": rouge_score(case)}
        for case in cases
    ]
    lines = ",\n".join(json.dumps(case) for case in told)
    OUT.write_text(f'{{"versions": {json.dumps(versions)}, "cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
