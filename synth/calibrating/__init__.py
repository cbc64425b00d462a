"""After the fact: confidences made true, and thresholds below which a model had better not answer.

    fit, report = calibrating.halves(question_group, seed=0)
    better = calibrating.fit_map("isotonic", confidence[fit], correct[fit])
    threshold = calibrating.learn_then_test(confidence[fit], correct[fit], risk=0.1, delta=0.05)

Everything is fitted on a part of its own: what was fitted on some questions says nothing of its worth there.
"""

from synth.calibrating.conformal import ConformalSets, conformal_sets
from synth.calibrating.learn_then_test import learn_then_test
from synth.calibrating.maps import MAPS, fit_map
from synth.calibrating.risk_control import conformal_risk_control
from synth.calibrating.splitting import check_apart, halves
from synth.calibrating.threshold import Threshold

__all__ = [
    "MAPS",
    "ConformalSets",
    "Threshold",
    "check_apart",
    "conformal_risk_control",
    "conformal_sets",
    "fit_map",
    "halves",
    "learn_then_test",
]
