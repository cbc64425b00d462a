"""`synth build | export | plan PIPELINE`: one command for each pipeline file, its options read from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

import typer
from typer.core import TyperGroup

from synth import config, drawers, options
from synth.cli.parameters import CONFIG, JSON, QUIET, SET, UNDERSCORES, VERBOSE, with_settings
from synth.cli.telling import build_report, finish, plan_report, say, tell_logs, typed
from synth.drawers import Drawer
from synth.settings import Setting

Values = dict[str, Any]
PILOT = Annotated[
    int | None,
    typer.Option(help="draw all samples of so many questions first, to learn from; they are kept", min=1),
]
Verb = Callable[..., None]


class PipelineGroup(TyperGroup):
    """Lists the shipped pipelines as commands; any other name is the path of a user's own file.

    Attributes:
        verb: makes the function that a command runs, from the pipeline's name.
    """

    verb: ClassVar[Callable[[str], Verb]]

    def list_commands(self, ctx: Any) -> list[str]:
        """The shipped pipelines."""
        return [name.replace("_", "-") for name in drawers.names("pipelines")]

    def get_command(self, ctx: Any, name: str) -> Any:
        """The command for a pipeline.

        Raises:
            synth.errors.UsageError: there is no such pipeline.
        """
        drawer = drawers.read("pipelines", name)
        small = typer.Typer(add_completion=False)
        call = with_settings(type(self).verb(name), settings_by_panel(drawer))
        small.command(name, help=drawer.title, context_settings=UNDERSCORES)(call)
        return typer.main.get_command(small)


def settings_by_panel(drawer: Drawer) -> dict[str, list[Setting]]:
    """All settings of a build under the headings of its help page."""
    own = {setting.name for setting in drawer.settings}
    panels = {"Pipeline": list(drawer.settings)}
    for group in options.GROUPS:
        shared = [setting for setting in config.group_settings([group]) if setting.name not in own]
        panels[(group.__doc__ or "").rstrip(".")] = shared
    panels["Filters"] = [setting for setting in config.filter_settings() if setting.name not in own]
    return panels


def building(name: str, offline: bool = False) -> Verb:
    """The function behind `synth build NAME`, or `synth export NAME`, which draws nothing."""

    def build(
        flags: Values,
        config: CONFIG = None,
        set: SET = None,
        json: JSON = False,
        verbose: VERBOSE = False,
        quiet: QUIET = False,
    ) -> None:
        from synth.cli.excerpt import excerpt
        from synth.verbs.build import run_build

        tell_logs(verbose)
        counts = run_build(name, flags, config, set or [], typed(), quiet or json, offline)
        failures = counts.pop("failures", {})
        lines = build_report(counts)
        if not (json or quiet):
            lines += ["", *excerpt(counts["out"], next(iter(counts["configs"])))]
        say(counts, lines, json)
        finish(failures)

    return build


def exporting(name: str) -> Verb:
    """The function behind `synth export NAME`."""
    return building(name, offline=True)


def planning(name: str) -> Verb:
    """The function behind `synth plan NAME`."""

    def plan(
        flags: Values, pilot: PILOT = None, config: CONFIG = None, set: SET = None, json: JSON = False
    ) -> None:
        from synth.verbs.plan import run_plan

        result = run_plan(name, flags, config, set or [], pilot)
        failures = result.pop("failures", {})
        say(result, plan_report(result), json)
        finish(failures)

    return plan


def group(verb: Callable[[str], Verb]) -> type[PipelineGroup]:
    """A group of commands, one a pipeline, that run `verb`."""
    return type("Pipelines", (PipelineGroup,), {"verb": staticmethod(verb)})
