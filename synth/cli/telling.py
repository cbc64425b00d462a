"""What the command line says: results as JSON or as lines for people, and failures."""

from __future__ import annotations

import json
import logging
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

import typer

Values = Mapping[str, Any]

_HUB_VALUES = ("--repo-id", "--hub-revision", "--tag", "--commit-message")
_HUB_FLAGS = ("--push-to-hub", "--no-push-to-hub", "--private", "--public", "--create-pr", "--no-create-pr")


def say(result: Values, lines: Sequence[str], json_wanted: bool) -> None:
    """The result on standard output: one JSON object on one line, or lines for people."""
    print(json.dumps(result, ensure_ascii=False) if json_wanted else "\n".join(lines))


def fail(message: str, code: int, json_wanted: bool) -> int:
    """Tell of a failure on standard error and, with --json, on standard output; returns the code."""
    print(f"synth: {message}", file=sys.stderr)
    if json_wanted:
        print(json.dumps({"error": message, "exit": code}, ensure_ascii=False))
    return code


def finish(failures: Mapping[str, str], shown: int = 10) -> None:
    """Exit with 3 where questions failed, and say which."""
    for question_id, error in list(failures.items())[:shown]:
        print(f"synth: question {question_id} failed: {error}", file=sys.stderr)
    if len(failures) > shown:
        print(f"synth: … and {len(failures) - shown} more questions failed", file=sys.stderr)
    if failures:
        raise typer.Exit(3)


def unexpected(error: Exception) -> str:
    """Write an unexpected error's traceback to a file; the message that says where."""
    with tempfile.NamedTemporaryFile("w", prefix="synth-", suffix=".log", delete=False) as file:
        traceback.print_exception(error, file=file)
    return (
        f"unexpected {type(error).__name__}: {error}. This is a bug in synth; its traceback is in {file.name}"
    )


def typed() -> str:
    """The command line as it was typed, without what changes no set: where files lie, and how it tells."""
    from synth.exporting.command import shareable

    return shareable(without_hub(sys.argv[1:]))


def without_hub(words: Sequence[str]) -> list[str]:
    """A command line without the options of a push: who builds the set again shall not push it there."""
    if "--push-to-hub" not in (word.replace("_", "-") for word in words):
        return list(words)
    kept: list[str] = []
    takes_value = False
    for word in words:
        name, equals, _ = word.replace("_", "-").partition("=")
        if takes_value:
            takes_value = False
        elif name in _HUB_VALUES:
            takes_value = not equals
        elif name not in _HUB_FLAGS:
            kept.append(word)
    return kept


def tell_logs(verbose: bool) -> None:
    """Show log messages on standard error: warnings, or everything that is worth telling."""
    level = logging.INFO if verbose else logging.WARNING
    logging.basicConfig(level=logging.WARNING, format="synth: %(message)s", force=True)
    logging.getLogger("synth").setLevel(level)


def build_report(counts: Values) -> list[str]:
    """The result of a build."""
    configs = (
        f"  {name:<11}{', '.join(f'{rows:,} {split}' for split, rows in splits.items())}"
        for name, splits in counts["configs"].items()
    )
    return [
        f"dataset    {counts['out']}",
        *_sampled(counts),
        f"outcomes   {_listed(counts['outcomes'])}",
        f"rows       {counts['kept']:,} kept of {counts['built']:,} built",
        f"dropped    {_listed(counts['dropped'])}",
        *configs,
        *(push_report(counts["hub"]) if "hub" in counts else ()),
        f"time       {counts['seconds']:.1f} s, {counts['tokens']:,} tokens",
        f"load it    datasets.load_dataset({counts['out']!r}, {next(iter(counts['configs']), '')!r})",
    ]


def push_report(result: Values) -> list[str]:
    """The result of `push`."""
    return [
        f"pushed     {result['url']} ({'private' if result['private'] else 'public'})",
        f"commit     {result['commit']}",
        *([f"tag        {result['tag']}"] if "tag" in result else ()),
        *([f"request    {result['pr']}"] if "pr" in result else ()),
    ]


def sample_report(result: Values) -> list[str]:
    """The result of `sample`."""
    return [*_sampled(result), f"time       {result['seconds']:.1f} s, {result['tokens']:,} tokens"]


def plan_report(result: Values) -> list[str]:
    """The result of `plan`."""
    samples, seconds, rules = result["samples"], result["seconds"], result["rules"]
    lines = [
        f"questions  {result['questions']:,}",
        f"samples    {samples['to_draw']:,} to draw at most ({samples['stored']:,} are stored)",
        f"tokens     about {result['tokens']:,}"
        if result["tokens_per_sample"] is not None
        else f"tokens     {result['tokens']:,} at most; nothing of this model is stored yet to tell",
        f"time       {'unknown: no run of this model yet' if seconds is None else f'about {seconds:,.0f} s'}",
    ]
    if not rules:
        return [*lines, "", "What each stop rule would draw is known after a pilot: --pilot 48"]
    basis = result["basis"]
    lines += [
        "",
        f"Expected of each stop rule, from {basis['samples']:,} samples of {basis['questions']:,} questions:",
    ]
    lines.append(f"  {'':<11}{'a question':>10}{'samples':>12}{'tokens':>14}{'time':>10}")
    for rule in rules:
        time = "" if rule["seconds"] is None else f"{rule['seconds']:,.0f} s"
        chosen = "  chosen" if rule["stop_rule"] == result["stop_rule"] else ""
        lines.append(
            f"  {rule['stop_rule']:<11}{rule['per_question']:>10.1f}{rule['samples']:>12,}"
            f"{rule['tokens']:>14,}{time:>10}{chosen}"
        )
    if rounds := result.get("all_rounds"):
        lines += [
            "",
            f"All rounds: about {rounds['samples']:,} samples, {rounds['per_question']:.1f} a question,"
            f" {rounds['tokens']:,} tokens",
        ]
    return lines


def grade_report(result: Values) -> list[str]:
    """The result of `grade`."""
    lines = [f"rows       {result['rows']:,}", f"outcomes   {_listed(result['outcomes'])}"]
    if "judge" in result:
        judge = result["judge"]
        lines.append(f"judge      {judge['new']:,} replies, {judge['failed']:,} calls failed")
    if "truth" not in result:
        return lines
    groups = {"all": result["truth"]} | {
        f"{column} {name}": numbers for column, by in result["by"].items() for name, numbers in by.items()
    }
    width = min(max(map(len, groups)), 40)
    heads = ("rows", "coverage", "agreement", "kappa", "precision", "recall", "forced", "forced kappa")
    names = ("rows", *heads[1:6], "agreement_forced", "kappa_forced")
    lines += ["", " " * width + "".join(f"{head:>{len(head) + 3}}" for head in heads)]
    for group, numbers in groups.items():
        values = (
            f"{_number(numbers[name]):>{len(head) + 3}}" for name, head in zip(names, heads, strict=True)
        )
        lines.append(f"{group[:width]:<{width}}{''.join(values)}")
    if result["truth"]["nulls"]:
        lines.append(f"without a given verdict, left out: {result['truth']['nulls']:,}")
    return lines


def _number(value: float | None) -> str:
    """A count, or a share to four digits; a dash for what is not defined."""
    return "–" if value is None else f"{value:,}" if isinstance(value, int) else f"{value:.4f}"


def filter_report(result: Values) -> list[str]:
    """The result of `filter`."""
    return [
        f"rows       {result['kept']:,} kept of {result['input']:,}",
        f"dropped    {_listed(result['dropped'])}",
    ]


def _sampled(counts: Values) -> list[str]:
    samples = counts["samples"]
    drawn = f"{samples['new']:,} new, {samples['reused']:,} from the store"
    if samples["failed"]:
        drawn += f", {samples['failed']:,} failed"
    return [
        f"questions  {counts['questions']:,}",
        f"samples    {samples['used']:,} used ({drawn})",
        *([f"labels     {_listed(counts['labels'])}"] if "labels" in counts else []),
    ]


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "none"
