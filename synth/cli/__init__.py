"""The command line. `main` runs it and turns every ending into an exit code and, with --json, one line.

Exit codes: 0 done, 1 a check said no or an unexpected error, 2 refused before any work, 3 done but some
questions failed, 4 no row came out, 130 interrupted.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from typing import Final

from synth.errors import SynthError

INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit the process."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(run(arguments))


def run(arguments: Sequence[str]) -> int:
    """Run the command line; the exit code.

    Args:
        arguments: as after the program's name.
    """
    import typer

    from synth.cli.app import app
    from synth.cli.interrupting import careful_interrupts
    from synth.cli.telling import fail, unexpected

    json_wanted = any(word == "--json" or word.startswith("--json=") for word in arguments)
    try:
        with careful_interrupts():
            exit_code = app(args=list(arguments), prog_name="synth", standalone_mode=False)
        if exit_code == INTERRUPTED:
            raise KeyboardInterrupt  # Typer has turned it into an exit code
        return exit_code if isinstance(exit_code, int) else 0
    except SynthError as error:
        return fail(str(error), error.exit_code, json_wanted)
    except typer.TyperException as error:
        told = getattr(error, "format_message", None)
        return fail(told() if told else str(error), 2, json_wanted)
    except (KeyboardInterrupt, typer.Abort):
        resume = shlex.join(["synth", *arguments])
        return fail(f"interrupted; what was drawn is kept. Go on with: {resume}", INTERRUPTED, json_wanted)
    except BrokenPipeError:
        return 0
    except Exception as error:
        return fail(unexpected(error), 1, json_wanted)
