"""A Hub of one's own, and a dataset folder to push to it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from huggingface_hub import constants

from synth.exporting import export, read_manifest
from synth.hub import push as push_folder
from synth.options import HubOptions
from tests.exporting.conftest import made
from tests.hub.server import WRITER, HubServer

REPO = "ann/refusal"

Push = Callable[..., dict[str, Any]]
Becomes = Callable[..., None]
Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    """The Hub that the client in this process talks to, logged in as ann; it retries without waiting."""
    with HubServer() as server:
        monkeypatch.setattr(constants, "ENDPOINT", server.url)
        template = server.url + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub-cache"))
        monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "no-login"))
        monkeypatch.setattr("huggingface_hub.utils._http.time", SimpleNamespace(sleep=lambda _: None))
        monkeypatch.setattr("synth.hub.publish.AT_ONCE", 100)  # test_parts.py has its own
        monkeypatch.setenv("HF_TOKEN", WRITER)
        yield server
    assert not server.errors


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Folders of `made` sets, each written once for all tests; not to be changed."""
    kept: dict[str, Path] = {}

    def of(count: int = 40, **changes: Any) -> Path:
        name = repr((count, changes))
        if name not in kept:
            kept[name] = tmp_path_factory.mktemp("sets") / "out"
            export(made(count, **changes), kept[name])
        return kept[name]

    return of


@pytest.fixture
def folder(tmp_path: Path, exports: Callable[..., Path]) -> Path:
    """A dataset folder."""
    return shutil.copytree(exports(), tmp_path / "out")


@pytest.fixture
def becomes(folder: Path, exports: Callable[..., Path]) -> Becomes:
    """Makes the folder another set, as an export would where nobody wrote into the card."""

    def other(*count: int, **changes: Any) -> None:
        for path in (*read_manifest(folder)["files"], "manifest.json"):
            (folder / path).unlink()
        shutil.copytree(exports(*count, **changes), folder, dirs_exist_ok=True)

    return other


@pytest.fixture
def push(folder: Path) -> Push:
    """Pushes the folder, or another one."""

    def run(repo_id: str | None = REPO, at: Path | None = None, **options: Any) -> dict[str, Any]:
        return push_folder(at or folder, HubOptions(repo_id=repo_id, **options))

    return run


@pytest.fixture
def environment(tmp_path: Path) -> Callable[[HubServer], dict[str, str]]:
    """The environment of a process of its own that talks to a Hub."""

    def of(server: HubServer) -> dict[str, str]:
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        own = {
            "HF_ENDPOINT": server.url,
            "HF_HOME": str(tmp_path / "hf"),
            "HF_HUB_DISABLE_XET": "1",
            "HF_HUB_OFFLINE": "0",
            "HF_TOKEN": WRITER,
            "HOME": str(home),
        }
        return {**os.environ, **own}

    return of


@pytest.fixture
def command(hub: HubServer, environment: Callable[[HubServer], dict[str, str]], tmp_path: Path) -> Command:
    """Runs `synth` in a process of its own."""

    def run(*words: object, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "synth", *map(str, words)],
            env={**environment(hub), "PYTHONPATH": str(Path(__file__).parents[2]), **more},
            capture_output=True,
            text=True,
            cwd=tmp_path,
        )

    return run


def stands(hub: HubServer, folder: Path, revision: str = "main") -> bool:
    """Whether the folder's set is on the Hub, whole: all but the card's own words, and what speaks of it."""
    there = hub.files(REPO, revision)
    owned = [*read_manifest(folder)["files"], "manifest.json"]
    told = {"README.md", "manifest.json", "dataset_info.json", "axolotl.yaml"}
    return all(path in there and (path in told or there[path] == _bytes(folder, path)) for path in owned)


def _bytes(folder: Path, path: str) -> bytes:
    return (folder / path).read_bytes()


def said(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """What a command with --json printed."""
    result: dict[str, Any] = json.loads(done.stdout)
    return result
