"""The processes for computer algebra: killed, replaced, shared, and independent of the caller's program."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from synth.graders.workers import Workers, shared


def test_order_is_kept_and_unreadable_is_none() -> None:
    pairs = [("x+1", "1+x"), ("x", "\\frac{"), ("2", "3"), ("x^2", "x \\cdot x")]
    assert shared().equal(pairs) == [True, None, False, True]


def test_a_worker_that_takes_too_long_is_replaced() -> None:
    workers = Workers(1)
    try:
        tower = "9^{9^{9^{9}}}"
        start = time.monotonic()
        endless, after = workers.equal([(f"{tower}+1", f"{tower}-{tower}^2"), ("x+1", "1+x")])
        assert endless is not True
        assert after is True
        assert time.monotonic() - start < 60
    finally:
        workers.close()


def test_many_threads_share_the_workers() -> None:
    with ThreadPoolExecutor(4) as executor:
        found = list(executor.map(lambda n: shared().equal([(f"x+{n}", f"{n}+x")]), range(12)))
    assert found == [[True]] * 12


def test_a_program_without_a_guard_can_grade(tmp_path: Path) -> None:
    """A forking or spawning pool would run this file again in every worker."""
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\n"
        f"sys.path[:0] = {sys.path!r}\n"
        "from synth.graders.base import Item\n"
        "from synth.graders.mathematics import grade\n"
        "print('once')\n"
        "print(grade([Item('\\\\sqrt{8}', '', ('2\\\\sqrt{2}',))])[0].outcome)\n"
    )
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.split() == ["once", "correct"]
