"""How sure is the model? Estimates from the samples that labels are made of, and which of them to believe.

answers = uncertainty.Answers(samples, questions)
uncertainty.ESTIMATORS["semantic_entropy"].measure(answers)    question_id, value, n
uncertainty.compare(answers, uncertainty.chosen(["all"]))
"""

from synth.uncertainty.answers import Answers
from synth.uncertainty.comparing import compare
from synth.uncertainty.estimator import NEEDS, Estimator
from synth.uncertainty.panel import Panel
from synth.uncertainty.registry import ESTIMATORS, chosen
from synth.uncertainty.shares import p_hat

__all__ = ["ESTIMATORS", "NEEDS", "Answers", "Estimator", "Panel", "chosen", "compare", "p_hat"]
