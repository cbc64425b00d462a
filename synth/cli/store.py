"""`synth store`: what the store holds, and how to move samples between stores."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synth.cli.parameters import JSON
from synth.cli.telling import say
from synth.errors import UsageError

app = typer.Typer(no_args_is_help=True, help="The store of samples: info, compact, merge, export, import.")

STORE = Annotated[Path, typer.Option("--store", envvar="SYNTH_STORE", help="the store's folder")]
DEFAULT = Path(".synth/store")


@app.command()
def info(store: STORE = DEFAULT, json: JSON = False) -> None:
    """What the store holds."""
    from synth.store import Store

    _must_exist(store)
    result = Store(store).info()
    say(result, [f"{name:<10} {value}" for name, value in result.items()], json)


@app.command()
def compact(store: STORE = DEFAULT, json: JSON = False) -> None:
    """Merge the store's segments into one."""
    from synth.store import Store

    _must_exist(store)
    samples = Store(store).compact()
    say({"samples": samples}, [f"{samples:,} samples in one segment"], json)


@app.command()
def merge(
    others: Annotated[list[Path], typer.Argument(help="stores to take samples from")],
    store: STORE = DEFAULT,
    json: JSON = False,
) -> None:
    """Take over the samples of other stores, and what people said of them."""
    from synth.audits import table
    from synth.store import Store

    for other in others:
        _must_exist(other)
    into = Store(store)
    samples = sum(into.absorb(Store(other)) for other in others)
    audits = sum(table.merge(store, other) for other in others)
    told = [f"{samples:,} samples taken over", *([f"{audits:,} audits taken over"] if audits else [])]
    say({"samples": samples, "audits": audits}, told, json)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="the Parquet file to write")],
    store: STORE = DEFAULT,
    json: JSON = False,
) -> None:
    """Write all samples to one Parquet file."""
    from synth.store import Store

    _must_exist(store)
    if not file.absolute().parent.is_dir() or file.is_dir():
        raise UsageError(f"{file} cannot be written: no such folder, or a folder itself")
    frame = Store(store).samples().collect()
    frame.write_parquet(file, compression="zstd")
    say({"samples": frame.height, "file": str(file)}, [f"{frame.height:,} samples in {file}"], json)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="a Parquet file that `export` wrote")],
    store: STORE = DEFAULT,
    json: JSON = False,
) -> None:
    """Take over the samples of a Parquet file."""
    from synth.store import Store

    samples = Store(store).absorb_file(file)
    say({"samples": samples}, [f"{samples:,} samples taken over"], json)


def _must_exist(store: Path) -> None:
    if not (store / "store.json").is_file():
        raise UsageError(f"there is no store in {store}; name one with --store")
