"""The folder is replaced whole or not at all, whatever is killed, and a person's files stay."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

import pytest

from synth.errors import UsageError
from synth.exporting import check_destination
from synth.exporting.folder import Draft

Script = Callable[..., "Popen[str]"]

WRITE = """
import json, os, shutil
from pathlib import Path
from synth.exporting.folder import Draft

def write(out, files):
    with Draft(out) as draft:
        for name, text in files.items():
            path = draft.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        with draft.finishing():
            manifest = {"layout": 1, "synth": "0", "files": {name: {} for name in files}}
            (draft.folder / "manifest.json").write_text(json.dumps(manifest))
"""
exec(WRITE)  # The killed process and this one write in the same way.
write: Callable[[Path, dict[str, str]], None] = globals()["write"]

OLD = {"sft/train.parquet": "old", "kto/train.parquet": "old"}
NEW = {"sft/train.parquet": "new", "dpo/train.parquet": "new"}
MINE = {"notes.txt": "mine", "sft/extra.csv": "mine", "kto/more/deep.txt": "mine", ".git/config": "mine"}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder that holds an older export and a person's own files."""
    out = tmp_path / "set"
    write(out, OLD)
    put(out, MINE)
    return out


def put(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def fail_while_writing(out: Path) -> None:
    def attempt() -> None:
        with Draft(out) as draft:
            (draft.folder / "half").write_text("")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        attempt()


def contents(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json")
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def test_own_files_are_carried_over_and_stale_ones_go(out: Path) -> None:
    write(out, NEW)
    assert contents(out) == NEW | MINE
    assert list(out.parent.iterdir()) == [out]


def test_nothing_of_a_persons_is_overwritten(out: Path) -> None:
    put(out, {"dpo/train.parquet": "mine", "new": "mine"})
    write(out, NEW | {"new/train.parquet": "new"})
    found = contents(out)
    assert found["dpo/train.parquet"] == "new"
    assert found["dpo/train.parquet.kept-1"] == found["new.kept-1"] == "mine"


def test_a_failure_while_writing_changes_nothing(out: Path) -> None:
    before = contents(out)
    fail_while_writing(out)
    assert contents(out) == before
    assert list(out.parent.iterdir()) == [out]


KILLED = f"""{WRITE}
def dies_at(moment, out):
    def counted(real):
        def call(*a, **k):
            nonlocal moment
            if moment == 0:
                os._exit(9)
            moment -= 1
            return real(*a, **k)
        return call
    os.rename, os.unlink = counted(os.rename), counted(os.unlink)
    write(Path(out), {NEW})
    os._exit(0)

ends = []
for moment, out in enumerate(sys.argv[1:]):
    child = os.fork() or dies_at(moment, out)
    ends.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
Path(sys.argv[1]).with_name("ends").write_text(json.dumps(ends))
"""


def test_a_kill_at_any_moment_is_made_good_by_the_next_run(tmp_path: Path, script: Script) -> None:
    runs = [tmp_path / str(moment) / "set" for moment in range(20)]
    for out in runs:
        write(out, OLD)
        put(out, MINE)
    assert script(KILLED, *runs).wait() == 0
    ends_file = tmp_path / "0" / "ends"
    ends = json.loads(ends_file.read_text())
    ends_file.unlink()
    assert ends.count(9) > 9
    assert ends[-1] == 0, "the last moment lies behind the end"
    seen = []
    for out in runs:
        fail_while_writing(out)
        found = contents(out)
        assert {name: found.pop(name) for name in MINE} == MINE
        assert found in (OLD, NEW), "undone or finished, even where the next run fails"
        seen.append(found)
        write(out, NEW)
        assert contents(out) == NEW | MINE
        assert list(out.parent.iterdir()) == [out]
    assert OLD in seen
    assert NEW in seen


def test_a_killed_first_export_leaves_nothing_half(tmp_path: Path, script: Script) -> None:
    out = tmp_path / "set"
    code = f"{WRITE}\nos.rename = lambda *a: os._exit(9)\nwrite(Path(sys.argv[1]), {OLD})"
    assert script(code, out).wait() == 9
    assert not out.exists()
    write(out, NEW)
    assert contents(out) == NEW
    assert list(tmp_path.iterdir()) == [out]


def test_exports_at_the_same_time_leave_one_whole_folder(out: Path, script: Script) -> None:
    files = "{f'{n}.txt': sys.argv[2] for n in range(9)}"
    code = f"{WRITE}\nfor _ in range(10): write(Path(sys.argv[1]), {files})"
    processes = [script(code, out, name) for name in ("a", "b", "c")]
    assert [process.wait() for process in processes] == [0, 0, 0]
    found = contents(out)
    assert {name: found.pop(name) for name in MINE} == MINE
    assert len(found) == 9
    assert len(set(found.values())) == 1
    assert list(out.parent.iterdir()) == [out]


def test_who_waits_says_for_whom(out: Path, script: Script) -> None:
    code = f"{WRITE}\nimport logging; logging.basicConfig()\nwrite(Path(sys.argv[1]), {NEW})"
    with Draft(out) as draft, draft.finishing():
        (draft.folder / "manifest.json").write_text(json.dumps({"layout": 1, "synth": "0", "files": {}}))
        process = script(code, out)
        assert process.stderr is not None
        line = process.stderr.readline()
        assert ".set.lock" in line
        assert f"process {os.getpid()} on " in line
    assert process.wait() == 0
    assert contents(out) == NEW | MINE


def test_a_first_export_into_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir(mode=0o750)
    write(tmp_path / "set", NEW)
    assert contents(tmp_path / "set") == NEW
    assert (tmp_path / "set").stat().st_mode & 0o777 == 0o750


def test_a_link_to_the_folder_stays_a_link(out: Path) -> None:
    link = out.parent / "link"
    link.symlink_to(out)
    write(link, NEW)
    assert link.is_symlink()
    assert contents(out) == NEW | MINE


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("file", "is a file"),
        ("file/under/it", "is not a folder"),
        ("full", "is not empty and holds no export of synth"),
        ("alien", "was not written by synth"),
        ("broken", "cannot be read"),
        ("newer", "which this version cannot replace"),
        ("card", "not valid YAML"),
        ("/proc/set", "cannot be written"),
        ("x" * 300, "cannot be written: File name too long"),
        ("/proc", "mount point"),
    ],
)
def test_a_bad_destination_is_refused_in_one_sentence(tmp_path: Path, place: str, message: str) -> None:
    ours = json.dumps({"layout": 1, "synth": "0", "files": {}})
    put(
        tmp_path,
        {
            "file": "",
            "full/thesis.txt": "",
            "alien/manifest.json": '{"name": "an app"}',
            "broken/manifest.json": "{",
            "newer/manifest.json": ours.replace("1", "99"),
            "card/manifest.json": ours,
            "card/README.md": "---\na: [\n---\n",
        },
    )
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError, match=message) as caught:
        check_destination(tmp_path / place)
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_good_destination_is_left_as_it_is(out: Path) -> None:
    before = sorted(out.parent.rglob("*"))
    check_destination(out)
    check_destination(out.parent / "a" / "b" / "c")
    assert sorted(out.parent.rglob("*")) == before
