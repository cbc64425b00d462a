from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from synth.engines.identity import commit_of, folder_of, identity_of
from synth.errors import UsageError

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    for name in (
        "config.json",
        "generation_config.json",
        "tokenizer.json",
        "chat_template.jinja",
        "README.md",
    ):
        (folder / name).write_text(name)
    (folder / "model.safetensors").write_bytes(b"weights" * (1 << 19))
    return folder


def test_the_same_files_are_the_same_model_wherever_they_lie(folder: Path) -> None:
    copy = shutil.copytree(folder, folder.with_name("another"))
    assert identity_of(str(folder)) == identity_of(str(copy))
    assert identity_of(str(folder)).startswith("sha256:")


@pytest.mark.parametrize(
    "name",
    ["config.json", "generation_config.json", "tokenizer.json", "chat_template.jinja", "model.safetensors"],
)
def test_a_changed_file_is_another_model(folder: Path, name: str) -> None:
    before = identity_of(str(folder))
    with (folder / name).open("ab") as stream:
        stream.write(b"!")
    assert identity_of(str(folder)) != before


def test_new_templates_and_renamed_weights_are_another_model(folder: Path) -> None:
    seen = {identity_of(str(folder))}
    (folder / "additional_chat_templates").mkdir()
    (folder / "additional_chat_templates" / "tools.jinja").write_text("x")
    seen.add(identity_of(str(folder)))
    (folder / "model.safetensors").rename(folder / "other.safetensors")
    seen.add(identity_of(str(folder)))
    assert len(seen) == 3


def test_what_the_model_does_not_read_leaves_it_as_it_is(folder: Path) -> None:
    before = identity_of(str(folder))
    (folder / "README.md").write_text("changed")
    (folder / "trainer_state.json").write_text("{}")
    (folder / "checkpoint-10").mkdir()
    (folder / "checkpoint-10" / "model.safetensors").write_text("older")
    assert identity_of(str(folder)) == before


def test_only_strict_sees_the_middle_of_the_weights(folder: Path) -> None:
    quick, strict = identity_of(str(folder)), identity_of(str(folder), strict=True)
    with (folder / "model.safetensors").open("r+b") as stream:
        stream.seek(3 << 19)
        stream.write(b"!")
    assert identity_of(str(folder)) == quick
    assert identity_of(str(folder), strict=True) != strict


def _without(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (shutil.rmtree, "is not a folder with a model"),
        (_without("config.json"), "it has no config.json"),
        (_without("model.safetensors"), "it has no weights"),
    ],
)
def test_what_is_no_model_is_refused_in_a_sentence(
    folder: Path, broken: Callable[[Path], None], message: str
) -> None:
    broken(folder)
    with pytest.raises(UsageError, match=message):
        identity_of(str(folder))


def test_a_folder_has_no_revision(folder: Path) -> None:
    with pytest.raises(UsageError, match="no revision 'main'"):
        folder_of(str(folder), "main")


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A local Hub cache that holds one model, and no network."""
    from huggingface_hub import constants

    snapshot = tmp_path / "models--org--known" / "snapshots" / COMMIT
    snapshot.mkdir(parents=True)
    (snapshot / "config.json").write_text("{}")
    refs = tmp_path / "models--org--known" / "refs"
    refs.mkdir()
    (refs / "main").write_text(COMMIT)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    return tmp_path


@pytest.mark.parametrize("revision", [None, "main", COMMIT])
def test_a_hub_id_is_its_commit(hub: Path, revision: str | None) -> None:
    assert identity_of("org/known", revision) == f"org/known@{COMMIT}"


@pytest.mark.parametrize(
    ("model", "revision", "message"),
    [
        ("org/unknown", None, "'org/unknown' is not in the local cache, and the Hub cannot be reached"),
        ("org/known", "v2", "'org/known' at revision 'v2' is not in the local cache"),
        ("not an id", None, "'not an id' is neither a folder nor a Hub id"),
    ],
)
def test_a_hub_id_that_cannot_be_found(hub: Path, model: str, revision: str | None, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        commit_of(model, revision)
