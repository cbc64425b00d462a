"""Whether two expressions are equal, by math-verify and a second vote; runs in worker processes only.

math-verify rounds to six places and so takes `2^-99` for `2^-98`, and gives up on some equal pairs. So
where both sides have a numeric value, or one at sample points, that value has the last word.

Started by `synth.graders.workers` as a child process that reads one JSON line a task and answers with one.
"""

from __future__ import annotations

import json
import logging
import signal
import sys
import warnings
from contextlib import suppress
from typing import IO, Any, Final

CPU_SECONDS: Final = 1.0
"""Processor time one comparison may take: unlike time on the wall, it is the same on a busy machine."""

MEMORY: Final = 3 << 30
"""Bytes of address space a worker may use, where the system can limit it."""

_DIGITS: Final = 30
_MOST_DIGITS: Final = 400
_CLOSE: Final = "1e-200"
_CLOSE_DECIMAL: Final = "1e-6"
_POINTS: Final = (("37/29", "53/31", "71/41"), ("19/23", "97/43", "61/67"))


def equal(gold: str, said: str) -> bool | None:
    """Whether two LaTeX expressions are equal; None where one of them could not be read."""
    from math_verify import verify

    left, right = _parsed(gold), _parsed(said)
    if left is None or right is None:
        return None
    vote = bool(verify(left, right, timeout_seconds=None))
    numeric = _same_numbers(left, right)
    return vote if numeric is None else numeric


def _parsed(tex: str) -> Any:
    """The SymPy object of an expression, all of it; None where it cannot be read."""
    from math_verify import LatexExtractionConfig, parse

    found = parse(f"${tex}$", [LatexExtractionConfig()], parsing_timeout=None)
    return next((one for one in found if not isinstance(one, str)), None)


def _same_numbers(left: Any, right: Any) -> bool | None:
    """Whether both are one number, also at sample points of their variables; None where they are none."""
    import sympy

    if not all(isinstance(side, sympy.Expr) for side in (left, right)):
        return None
    symbols = sorted(left.free_symbols | right.free_symbols, key=str)
    if len(symbols) > len(_POINTS[0]) or left.free_symbols != right.free_symbols:
        return None
    decimal = left.has(sympy.Float) or right.has(sympy.Float)
    close = sympy.Float(_CLOSE_DECIMAL if decimal else _CLOSE)
    for point in _POINTS if symbols else _POINTS[:1]:
        values = dict(zip(symbols, map(sympy.Rational, point), strict=False))
        one, other = (side.subs(values) for side in (left, right))
        # The difference, not the two values: evalf then keeps digits until `10^100 + 1 - 10^100` shows.
        size, difference = (_magnitude(value) for value in (one, one - other))
        if size is None or difference is None:
            return None
        if difference > close * max(size, difference):
            return False
    return True


def _magnitude(expression: Any) -> Any:
    """The absolute value of a number, to as many digits as cancellation asks for; None where it is none."""
    value = expression.evalf(_DIGITS, maxn=_MOST_DIGITS)
    parts = value.as_real_imag()
    if not all(part.is_Number and part.is_finite for part in parts):
        return None
    return max(abs(part) for part in parts)


def serve(tasks: IO[str], results: IO[str]) -> None:
    """Answer tasks, one JSON line each, until the input ends."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    _limit_memory()
    equal("1", "x")  # the imports and the parser's tables, before a clock runs
    print("ready", file=results, flush=True)
    for line in tasks:
        verdict: bool | None = None
        _start_clock()
        # A worker outlives what a model wrote: memory and recursion errors end one task only.
        with suppress(Exception):
            gold, said = json.loads(line)
            verdict = equal(gold, said)
        _start_clock(0.0)
        print(json.dumps(verdict), file=results, flush=True)


def _start_clock(seconds: float = CPU_SECONDS) -> None:
    """Have the system end this process after so much more processor time, whatever it is doing then."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _limit_memory() -> None:
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def main() -> None:
    """Serve standard input and output; whatever else prints goes to standard error."""
    results, sys.stdout = sys.stdout, sys.stderr
    serve(sys.stdin, results)
