"""What `synth eval` shows to people: metrics, bins, what was held out, and estimators side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from synth.verbs.evaluate import Bootstrap, Evaluation
    from synth.verbs.uncertainty import Comparison

Values = dict[str, Any]

_MISSING: Final = "missing_"


def report_lines(found: Evaluation) -> list[str]:
    """The metrics as a table, and the bins of the calibration error as another."""
    whose = f"of {found.questions:,} questions ({found.by})" if found.by else ""
    lines = [
        f"of         {found.subject}",
        f"rows       {found.rows:,} {whose}".rstrip(),
        _intervals(found.bootstrap),
        "",
        f"{'':<24}{'value':>8}{'low':>9}{'high':>9}{'n':>10}  better",
    ]
    for name, number in found.metrics.items():
        if name.startswith(_MISSING) and not number["value"]:
            continue
        ends = "".join(f"{_digits(number[key]):>9}" for key in ("value", "low", "high"))
        lines.append(f"{name:<23}{ends}{number['n']:>10,}  {number['better'] or ''}".rstrip())
    bins = found.metrics.get("ece", {}).get("bins")
    if bins:
        lines += ["", *_reliability(bins)]
    if found.held_out:
        lines += ["", *_held_out(found.held_out)]
    return lines


def _reliability(bins: list[dict[str, Any]]) -> list[str]:
    heads = ("answers", "questions", "said", "right", "low", "high")
    lines = [f"{'confidence':<12}" + "".join(f"{head:>11}" for head in heads)]
    for row in bins:
        counts = f"{row['rows']:>11,}{row['questions']:>11,}"
        shares = "".join(f"{_digits(row[key]):>11}" for key in ("confidence", "accuracy", "low", "high"))
        lines.append(f"{row['from']:.3g} to {row['to']:.3g}".ljust(12) + counts + shares)
    return lines


def _digits(value: float | None) -> str:
    """A number to four digits; a dash for what is not defined."""
    return "–" if value is None else f"{round(value, 4) + 0.0:.4f}"


def _intervals(bootstrap: Bootstrap) -> str:
    level = 100 * bootstrap.level
    return f"intervals  {level:g} %, from {bootstrap.repeats:,} resamples of the questions"


def _held_out(found: Values) -> list[str]:
    """What was fitted on one half of the questions, as the other half has it."""
    fit, report = found["fit"]["questions"], found["report"]["questions"]
    lines = [f"fitted on {fit:,} questions, told of {report:,} others"]
    if "map" in found:
        of_map = {name: each for name, each in found["map"].items() if name != "name"}
        lines.append(
            f"{'map ' + found['map']['name']:<23}{'before':>9}{'low':>9}{'high':>9}"
            f"{'after':>9}{'low':>9}{'high':>9}"
        )
        lines += [f"{name:<23}{_ends(each['before'])}{_ends(each['after'])}" for name, each in of_map.items()]
    if "abstain" in found:
        lines += _abstaining(found["abstain"])
    return lines


def _abstaining(found: Values) -> list[str]:
    promise = f"at most {100 * found['risk']:g} % of the answers given wrong, at level {1 - found['delta']:g}"
    if found["threshold"] is None:
        return [f"{promise}: no threshold is shown to keep that, so abstain on everything"]
    return [
        f"{promise}: answer from a confidence of {found['threshold']:g}",
        f"{'of the others':<23}{'value':>9}{'low':>9}{'high':>9}",
        *(f"{name:<23}{_ends(found[name])}" for name in ("coverage", "wrong")),
    ]


def panel_lines(found: Comparison) -> list[str]:
    """The estimators as a table, those left out below."""
    panel = found.panel
    base = "".join(f"{_digits(end):>9}" for end in panel.as_dict()["base_rate"].values())
    lines = [
        f"of         {found.subject}",
        f"rows       {panel.rows:,} of {panel.judged:,} judged answers, to {panel.questions:,} questions",
        _intervals(found.bootstrap),
        f"base rate {base}",
        "",
        f"{'':<36}{'auroc':>8}{'low':>8}{'high':>8}{'behind':>9}{'low':>8}{'high':>8}{'ap':>8}{'aurc':>8}"
        f"{'n':>5}{'missing':>9}",
    ]
    for row in panel.found:
        each = row.as_dict()
        name = f"{row.estimator.name}{' (oracle)' if row.estimator.oracle else ''}"
        behind = (
            _ends(each["behind"], 8)
            if each["behind"]
            else f"{'best' if name == panel.best else '':>8}{'':>16}"
        )
        single = "".join(f"{_digits(each[metric]['value']):>8}" for metric in ("average_precision", "aurc"))
        lines.append(f"{name:<36}{_ends(each['auroc'], 8)} {behind}{single}{row.n:>5}{row.missing:>9,}")
    if panel.left_out:
        lines += ["", "left out"]
        lines += [f"{name:<36}{reason}" for name, reason in panel.left_out.items()]
    return lines


def _ends(number: Values, width: int = 9) -> str:
    return "".join(f"{_digits(number[key]):>{width}}" for key in ("value", "low", "high"))
