"""A push publishes the whole set, and nothing but the set."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from synth.errors import UsageError
from synth.exporting import read_manifest
from tests.hub.conftest import REPO, Becomes, Push, stands
from tests.hub.server import READER, HubServer


def test_a_small_set_is_one_commit_of_every_file(hub: HubServer, push: Push, folder: Path) -> None:
    result = push()
    assert len(hub.log(REPO)) == 1
    there = hub.files(REPO)
    owned = {*read_manifest(folder)["files"], "manifest.json"}
    assert set(there) == owned
    assert stands(hub, folder)
    assert there["README.md"] == (folder / "README.md").read_bytes()
    head = hub.repositories[REPO].find("main").oid
    url = f"{hub.url}/datasets/{REPO}"
    assert result == {"repo_id": REPO, "commit": head, "url": url, "private": True}


def test_a_new_repository_is_private_unless_told_otherwise(hub: HubServer, push: Push) -> None:
    push()
    push("ann/open", private=False)
    assert hub.repositories[REPO].private
    assert not hub.repositories["ann/open"].private


def test_a_repository_that_is_there_keeps_its_visibility(hub: HubServer, push: Push) -> None:
    hub.add(REPO, {}, private=False)
    with pytest.raises(UsageError, match="is public, which --private does not change"):
        push(private=True)
    assert push()["private"] is False


def test_a_name_without_an_owner_is_the_users_own(hub: HubServer, push: Push) -> None:
    assert push("refusal")["repo_id"] == "ann/refusal"


def test_pushing_the_same_set_again_makes_no_commit(hub: HubServer, push: Push) -> None:
    first = push()
    assert push() == first
    assert len(hub.log(REPO)) == 1


def test_a_persons_own_files_in_the_folder_are_not_published(
    hub: HubServer, push: Push, folder: Path
) -> None:
    (folder / ".env").write_text("SECRET=1")
    (folder / "notes.txt").write_text("mine")
    push()
    assert not {".env", "notes.txt", ".synth-push.json"} & set(hub.files(REPO))


def test_shards_that_the_new_set_lacks_go_and_a_persons_files_stay(
    hub: HubServer, push: Push, becomes: Becomes
) -> None:
    push()
    hub.edit(REPO, "mine/notes.txt", "a person's")
    hub.edit(REPO, "dpo/mine.txt", "a person's")
    becomes(formats=("sft",))
    push()
    there = set(hub.files(REPO))
    assert {"mine/notes.txt", "dpo/mine.txt"} <= there
    assert not any(path.startswith(("dpo/train", "kto/")) for path in there)
    assert any(path.startswith("sft/") for path in there)


def test_a_file_of_ours_that_a_person_replaced_is_not_deleted(
    hub: HubServer, push: Push, becomes: Becomes
) -> None:
    push()
    shard = next(path for path in hub.files(REPO) if path.startswith("dpo/train"))
    hub.edit(REPO, shard, "a person's own table by now")
    becomes(formats=("sft",))
    push()
    assert hub.files(REPO)[shard] == b"a person's own table by now"


def test_anothers_dataset_is_not_written_over(hub: HubServer, push: Push) -> None:
    hub.add(REPO, {"README.md": b"# Mine", "manifest.json": b'{"mine": 1}'})
    with pytest.raises(UsageError, match=r"holds a manifest\.json that synth did not write"):
        push()
    assert hub.files(REPO)["manifest.json"] == b'{"mine": 1}'


def test_the_files_for_trainers_name_the_repository(hub: HubServer, push: Push, folder: Path) -> None:
    entries = json.loads((folder / "dataset_info.json").read_text()) | {"own": {"file_name": "x.json"}}
    (folder / "dataset_info.json").write_text(json.dumps(entries))
    with (folder / "axolotl.yaml").open("a") as file:
        file.write("# mine\nown: {datasets: [{path: ./own}]}\n")
    before = {name: (folder / name).read_bytes() for name in ("dataset_info.json", "axolotl.yaml")}
    push()
    there = hub.files(REPO)
    listed = json.loads(there["dataset_info.json"])
    assert listed.pop("own") == entries["own"]
    assert {entry["hf_hub_url"] for entry in listed.values()} == {REPO}
    assert there["axolotl.yaml"].endswith(b"# mine\nown: {datasets: [{path: ./own}]}\n")
    stanzas = yaml.safe_load(there["axolotl.yaml"])
    assert stanzas["dpo"]["datasets"][0]["path"] == REPO
    assert stanzas["dpo"]["datasets"][0]["data_files"] == ["dpo/train-*.parquet"]
    manifest = json.loads(there["manifest.json"])["files"]
    for name, text in before.items():
        assert manifest[name]["sha256"] == hashlib.sha256(there[name]).hexdigest()
        assert (folder / name).read_bytes() == text
    assert len(hub.log(REPO)) == 1
    push()
    assert len(hub.log(REPO)) == 1


def test_a_trainers_file_that_nobody_can_read_is_sent_as_it_is(
    hub: HubServer, push: Push, folder: Path
) -> None:
    broken = {"dataset_info.json": b"{", "axolotl.yaml": b"\xff: ["}
    for name, content in broken.items():
        (folder / name).write_bytes(content)
    push()
    assert {name: hub.files(REPO)[name] for name in broken} == broken


def test_a_branch_is_made_and_pushed_to(hub: HubServer, push: Push) -> None:
    push()
    before = hub.files(REPO)
    hub.edit(REPO, "more.txt", "x")
    push(hub_revision="next")
    assert hub.files(REPO) == before | {"more.txt": b"x"}
    assert set(before) <= set(hub.files(REPO, "next"))


def test_a_tag_names_the_commit(hub: HubServer, push: Push) -> None:
    result = push(tag="v1")
    assert result["tag"] == "v1"
    assert hub.repositories[REPO].refs["refs/tags/v1"].oid == result["commit"]
    assert push(tag="v1") == result


def test_a_tag_that_names_another_set_is_refused_before_any_change(
    hub: HubServer, push: Push, becomes: Becomes
) -> None:
    push(tag="v1")
    becomes(20)
    with pytest.raises(UsageError, match="has a tag v1 already"):
        push(tag="v1")
    push()
    with pytest.raises(UsageError, match="has a tag v1 already"):
        push(tag="v1")
    assert len(hub.log(REPO)) == 2


def test_a_pull_request_leaves_main_as_it_is(hub: HubServer, push: Push) -> None:
    result = push(create_pr=True)
    assert hub.files(REPO) == {}
    assert "manifest.json" in hub.files(REPO, "refs/pr/1")
    assert result["pr"] == f"{hub.url}/datasets/{REPO}/discussions/1"


def test_who_may_only_read_can_open_a_pull_request(
    hub: HubServer, push: Push, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.add(REPO, {})
    monkeypatch.setenv("HF_TOKEN", READER)
    assert "pr" in push(create_pr=True)
    with pytest.raises(UsageError, match="may not write"):
        push()


def test_a_pull_request_can_be_pushed_to_again(
    hub: HubServer, push: Push, becomes: Becomes, folder: Path
) -> None:
    push(create_pr=True)
    becomes(20)
    push(hub_revision="refs/pr/1")
    assert len(hub.repositories[REPO].pulls) == 1
    assert stands(hub, folder, "refs/pr/1")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"repo_id": None}, "--repo-id: say where to"),
        ({"repo_id": "../up"}, "the Hub takes names such as"),
        ({"repo_id": "a/b/c"}, "the Hub takes names such as"),
        ({"repo_id": "ann/has space"}, "the Hub takes names such as"),
        ({"repo_id": "eve/set"}, "it can be made under: ann, acme"),
        ({"create_pr": True, "hub_revision": "next"}, "--create-pr goes with no --hub-revision"),
        ({"hub_revision": "refs/pr/7"}, "so it has no refs/pr/7"),
        ({"hub_revision": "a..b"}, "--hub-revision 'a..b' cannot be"),
        ({"tag": "v 1"}, "--tag 'v 1' cannot be"),
    ],
)
def test_what_cannot_be_pushed_is_refused_before_any_change(
    hub: HubServer, push: Push, options: dict[str, Any], told: str
) -> None:
    with pytest.raises(UsageError, match=told):
        push(**options)
    assert hub.repositories == {}


@pytest.mark.parametrize(
    ("token", "told"),
    [
        ("", "there is no token"),
        ("hf_unknownunknownunknown", "does not know the token"),
        ("hf_broken\x07token", "holds characters that no token has"),
    ],
)
def test_a_token_that_will_not_do_is_refused(
    hub: HubServer, push: Push, monkeypatch: pytest.MonkeyPatch, token: str, told: str
) -> None:
    monkeypatch.setenv("HF_TOKEN", token)
    with pytest.raises(UsageError, match=told) as refused:
        push()
    assert not token or token not in str(refused.value)


def test_a_folder_that_is_not_what_its_manifest_says_is_refused(
    hub: HubServer, push: Push, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    with pytest.raises(UsageError, match=r"has no manifest\.json"):
        push(at=tmp_path / "other")
    shards = sorted(folder.glob("*/train-*.parquet"))
    shards[0].write_bytes(b"edited")
    shards[1].unlink()
    with pytest.raises(UsageError, match="2 problems") as refused:
        push()
    assert "was changed since" in str(refused.value)
    assert "is missing" in str(refused.value)
    assert hub.asked == []


@pytest.mark.parametrize("path", ["../secret.txt", "sft/../../secret.txt", "/etc/passwd"])
def test_a_manifest_that_names_files_elsewhere_is_refused(
    hub: HubServer, push: Push, folder: Path, path: str
) -> None:
    (folder.parent / "secret.txt").write_text("a secret")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][path] = {"bytes": 8, "sha256": "0" * 64}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UsageError, match="lies outside the folder"):
        push()


def test_a_link_out_of_the_folder_is_refused(hub: HubServer, push: Push, folder: Path) -> None:
    secret = folder.parent / "secret.txt"
    secret.write_text("a secret")
    (folder / "README.md").unlink()
    (folder / "README.md").symlink_to(secret)
    with pytest.raises(UsageError, match="lies outside the folder"):
        push()
