"""Runs that are stopped and taken up again: the same bytes, and one message where there is nothing to go on with."""

import errno
import hashlib
import os
import shutil
from pathlib import Path

import pytest

import glasshouse as gh
from glasshouse.errors import BadInput
from glasshouse.experiments import code, keeping
from glasshouse.store import checkpoint, parquet

pytestmark = pytest.mark.slow

SIZE = {"citizens": 600, "days": 45, "checkpoint": 10, "report": False, "threads": 1}


class Stopping:
    """A progress that notes what it is told, and stops the run, as Ctrl-C does, when it is next called after a day."""

    def __init__(self, at: int = 10**6):
        self.at, self.notes = at, []

    def __call__(self, done, total, rate, note=None):
        self.notes += [note] if note else []
        if rate and done >= self.at:
            raise KeyboardInterrupt


def tables(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.suffix in (".parquet", ".toml")}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return gh.simulate("essay", out=tmp_path_factory.mktemp("whole") / "a", **SIZE)


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    """A run that was stopped after 32 days, with checkpoints of days 20 and 30."""
    folder = tmp_path_factory.mktemp("stopped") / "a"
    with pytest.raises(KeyboardInterrupt, match=r"30 of 45 days are done; to go on: glasshouse resume .*/a"):
        gh.simulate("essay", out=folder, progress=Stopping(32), **SIZE)
    return folder


@pytest.fixture
def copy(stopped, tmp_path):
    """A copy of it, to be ill-treated."""
    shutil.copytree(stopped.with_name("a.partial"), tmp_path / "a.partial")
    return tmp_path / "a"


def files(folder: Path) -> list[Path]:
    return checkpoint.files(folder.with_name("a.partial"))


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def test_it_goes_on_to_the_same_bytes(copy, whole):
    done = gh.resume(copy)
    assert done.folder == copy
    assert tables(copy) == tables(whole.folder)
    assert done.what == whole.what
    assert [path.name for path in copy.parent.iterdir()] == ["a"]
    with pytest.raises(BadInput, match="this run is complete"):
        gh.resume(copy)


def test_the_checkpoint_before_a_damaged_one_is_used_and_it_is_said(copy, whole):
    flip(files(copy)[1])
    told = Stopping()
    gh.resume(copy.with_name("a.partial"), progress=told)
    assert told.notes[:1] == ["the checkpoint of day 30 is damaged: looking at the one before it"]
    assert "going on after day 20 of 45" in told.notes
    assert tables(copy) == tables(whole.folder)


@pytest.mark.parametrize("spoil", [flip, lambda path: os.truncate(path, path.stat().st_size // 2), lambda path: path.write_bytes(b"")])
def test_where_all_are_damaged_nothing_is_taken_up_and_nothing_goes(copy, spoil):
    for path in files(copy):
        spoil(path)
    before = {path: path.read_bytes() for path in copy.with_name("a.partial").rglob("*") if path.is_file()}
    with pytest.raises(BadInput, match="every checkpoint of this run is damaged"):
        gh.resume(copy)
    assert {path: path.read_bytes() for path in copy.with_name("a.partial").rglob("*") if path.is_file()} == before


def test_another_version_is_refused(copy, monkeypatch):
    monkeypatch.setattr(code, "of_model", lambda: "another")
    with pytest.raises(BadInput, match=r"was begun by Glasshouse .* as it was then"):
        gh.resume(copy)
    assert len(files(copy)) == 2


def test_another_scenario_is_refused(copy):
    path = copy.with_name("a.partial") / "scenario.toml"
    path.write_text(path.read_text().replace("seed = 1\n", "seed = 2\n"))
    with pytest.raises(BadInput, match="are of another scenario than the scenario.toml"):
        gh.resume(copy)


def test_a_checkpoint_of_another_run_is_refused(copy, tmp_path):
    """As if its file had been put there by hand, under the right name."""
    with pytest.raises(KeyboardInterrupt):
        gh.simulate("essay", out=tmp_path / "b", seed=2, progress=Stopping(32), **SIZE)
    shutil.copy(tmp_path / "b.partial" / "checkpoints" / "000030.checkpoint", files(copy)[1])
    with pytest.raises(BadInput, match="are of another scenario"):
        gh.resume(copy)


def test_a_new_run_does_not_begin_where_one_waits(copy):
    with pytest.raises(BadInput, match="a run that was broken off lies here, 30 days of it done"):
        gh.simulate("essay", out=copy, **SIZE)
    assert len(files(copy)) == 2


def test_where_nothing_lies_the_nearest_is_named(copy):
    with pytest.raises(BadInput, match=r"no run that was broken off lies here; did you mean `.*/a`"):
        gh.resume(copy.with_name("as"))


def test_a_run_that_is_to_have_its_id_in_its_name_waits_under_another(tmp_path, whole):
    with pytest.raises(KeyboardInterrupt) as stop:
        gh.simulate("essay", out=tmp_path / "{id}", progress=Stopping(32), **SIZE)
    (partial,) = tmp_path.iterdir()
    assert partial.name.startswith("essay-1-")
    assert str(stop.value).endswith(f"glasshouse resume {partial.with_suffix('')}")
    done = gh.resume(partial)
    assert done.folder == tmp_path / whole.summary["run"]["id"]
    assert [path.name for path in tmp_path.iterdir()] == [whole.summary["run"]["id"]]


def test_stopped_when_the_days_are_over_it_has_none_to_live_again(tmp_path, whole, monkeypatch):
    def pressed(*given):
        raise KeyboardInterrupt

    monkeypatch.setattr(parquet, "write", pressed)
    with pytest.raises(KeyboardInterrupt, match="45 of 45 days are done"):
        gh.simulate("essay", out=tmp_path / "a", **SIZE)
    monkeypatch.undo()
    told = Stopping()
    gh.resume(tmp_path / "a", progress=told)
    assert "going on after day 45 of 45" in told.notes
    assert tables(tmp_path / "a") == tables(whole.folder)


def full(*given, **more):
    raise OSError(errno.ENOSPC, "no space left")


def test_a_disk_that_is_full_at_a_checkpoint_stops_no_run(tmp_path, whole, monkeypatch):
    monkeypatch.setattr(checkpoint, "_write", full)
    told = Stopping()
    gh.simulate("essay", out=tmp_path / "a", progress=told, **SIZE)
    assert "no checkpoint of day 10 was kept: the disk is full" in "\n".join(told.notes)
    assert tables(tmp_path / "a") == tables(whole.folder)


def test_a_disk_that_is_full_at_the_end_loses_nothing(tmp_path, whole, monkeypatch):
    monkeypatch.setattr(parquet, "write", full)
    with pytest.raises(BadInput, match=r"the disk is full, so the run was not kept; free some space .*; then, to go on: glasshouse resume"):
        gh.simulate("essay", out=tmp_path / "a", **SIZE)
    monkeypatch.undo()
    gh.resume(tmp_path / "a")
    assert tables(tmp_path / "a") == tables(whole.folder)


@pytest.mark.parametrize(("share", "days"), [(0, list(range(1, 46))), (10**9, [1])])
def test_without_days_given_the_clock_says_when(tmp_path, monkeypatch, share, days):
    """So many seconds after the last, here none; and so that it takes little of the time."""
    monkeypatch.setattr(keeping, "EVERY", 0.0)
    monkeypatch.setattr(keeping, "SHARE", share)
    kept = []
    monkeypatch.setattr(checkpoint, "keep", lambda partial, day, *rest: kept.append(day))
    gh.simulate("essay", out=tmp_path / "a", **{**SIZE, "checkpoint": None})
    assert kept == days


def test_a_run_in_memory_keeps_none(monkeypatch, whole):
    monkeypatch.setattr(checkpoint, "keep", full)
    assert gh.simulate("essay", **SIZE).summary["run"]["digest"] == whole.summary["run"]["digest"]


def test_the_days_between_checkpoints_are_a_whole_number():
    with pytest.raises(BadInput, match="checkpoint"):
        gh.simulate("essay", checkpoint=0)
