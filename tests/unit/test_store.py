"""Run folders: whole or not there at all, the same bytes for the same run, and never over something of the user's."""

import errno
import fcntl
import hashlib
import json
import os
from dataclasses import FrozenInstanceError
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from glasshouse import store
from glasshouse.errors import BadInput, GlasshouseError
from glasshouse.store import parquet
from glasshouse.store.failures import as_bad_input

TOML = 'id = "essay"\ndays = 3\n'
WHAT = {"version": "0.1.0", "seed": 4, "digest": "ab" * 32}
HOW = {"started": "2024-05-01T10:00:00", "threads": 2}


def summary(**timing):
    return {
        "run": {"id": "essay-4-abababab", "scenario": "essay", "citizens": 20, "days": 3, "seed": 4, "start": "2019-01-01",
                "version": "0.1.0", "digest": "ab" * 32},
        "regimes": {"none": {"digest": "cd" * 32, "covered": 0, "score": None, "grades": {}, "penalties": {}},
                    "essay": {"digest": "ef" * 32, "covered": 16, "score": {"mean": np.float64(1001.5)}, "grades": {"A": 1.0},
                              "penalties": {"flight_ban": {"citizens_ever": np.int64(2)}}}},
        "timing": {"simulate_s": 0.5, **timing},
    }  # fmt: skip


def tables():
    days = pl.int_range(3, dtype=pl.Int32, eager=True)
    return {
        "daily": pl.DataFrame({"day": days, "regime": ["none", "essay", "essay"], "value": [1, 2, 1 << 40]}),
        "citizens": pl.DataFrame({"citizen": [0, 1], "grade": [None, "A"], "acts.social": [0.5, 2.0]}),
    }


def write(folder, **change):
    given = {"scenario_toml": TOML, "what": WHAT, "how": HOW, "summary": summary(), "tables": tables()} | change
    return store.write(folder, **given)


def bytes_of(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in Path(folder).iterdir()}


def names(folder):
    return sorted(path.name for path in Path(folder).iterdir())


class Stop(BaseException):
    """Stands for whatever may end a run from outside."""


# ---- what was written can be read

def test_a_run_comes_back_as_it_was_written(tmp_path):
    run = write(tmp_path / "a")
    again = store.open_run(tmp_path / "a")
    for one in (run, again):
        assert one.folder == tmp_path / "a"
        assert one.scenario_toml == TOML
        assert (one.what, one.how) == (WHAT, HOW)
        assert one.summary["run"] == summary()["run"]
        assert one.summary["folder"] == str(tmp_path / "a")
        for name, frame in tables().items():
            assert getattr(one, name).equals(frame)
    assert run.summary == again.summary


def test_a_run_in_memory_shows_the_same_as_one_in_a_folder(tmp_path):
    kept, stored = write(None), write(tmp_path / "a")
    assert kept.folder is None
    assert kept.summary["folder"] is None
    assert kept.daily.equals(stored.daily)
    assert kept.daily.schema == stored.daily.schema
    assert {**kept.summary, "folder": None} == {**stored.summary, "folder": None}


def test_a_run_in_memory_can_be_saved_later_with_the_same_bytes(tmp_path):
    write(tmp_path / "a")
    saved = write(None).save(tmp_path / "b")
    assert saved.folder == tmp_path / "b"
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")


def test_a_table_is_read_when_it_is_first_asked_for_and_only_then(tmp_path, monkeypatch):
    write(tmp_path / "a")
    reads = []
    monkeypatch.setattr(parquet, "read", lambda path, real=parquet.read: reads.append(path.name) or real(path))
    run = store.open_run(tmp_path / "a")
    assert reads == []
    assert run.daily is run.daily
    assert reads == ["daily.parquet"]


def test_a_run_cannot_be_changed(tmp_path):
    run = write(tmp_path / "a")
    with pytest.raises(FrozenInstanceError):
        run.folder = None


def test_categories_are_stored_as_plain_text(tmp_path):
    frame = tables()["daily"].with_columns(pl.col("regime").cast(pl.Categorical))
    for folder in (None, tmp_path / "a"):
        assert write(folder, tables={"daily": frame}).daily.schema["regime"] == pl.String


def test_the_files_of_a_run_are_the_documented_ones(tmp_path):
    write(tmp_path / "a")
    assert names(tmp_path / "a") == ["citizens.parquet", "daily.parquet", "manifest.json", "scenario.toml", "summary.json"]
    assert names(tmp_path) == ["a"]


def test_the_manifest_holds_the_hash_of_each_file_that_never_changes(tmp_path):
    write(tmp_path / "a")
    files = json.loads((tmp_path / "a" / "manifest.json").read_text())["files"]
    assert sorted(files) == ["citizens.parquet", "daily.parquet", "scenario.toml"]
    for name, entry in files.items():
        assert entry["sha256"] == bytes_of(tmp_path / "a")[name]
        assert entry["bytes"] == (tmp_path / "a" / name).stat().st_size


# ---- the same run, the same bytes

def test_the_same_run_leaves_the_same_bytes_but_for_how_and_timing(tmp_path):
    write(tmp_path / "a")
    write(tmp_path / "b", how={"started": "another day"}, summary=summary(simulate_s=9.0))
    a, b = bytes_of(tmp_path / "a"), bytes_of(tmp_path / "b")
    assert {name for name in a if a[name] != b[name]} == {"manifest.json", "summary.json"}
    one, other = (json.loads((tmp_path / name / "manifest.json").read_text()) for name in "ab")
    assert {**one, "how": 0} == {**other, "how": 0}
    one, other = (json.loads((tmp_path / name / "summary.json").read_text()) for name in "ab")
    assert {**one, "timing": 0} == {**other, "timing": 0}
    assert "folder" not in one  # where a run lies is no part of it


def test_a_table_in_pieces_leaves_the_bytes_of_one_in_one_piece(tmp_path):
    whole = pl.DataFrame({"day": np.arange(300_000, dtype=np.int32) // 7, "regime": ["none", "essay", "lottery"] * 100_000})
    pieces = pl.concat([whole[:7], whole[7:150_001], whole[150_001:]], rechunk=False)
    write(tmp_path / "a", tables={"daily": whole})
    write(tmp_path / "b", tables={"daily": pieces})
    assert bytes_of(tmp_path / "a")["daily.parquet"] == bytes_of(tmp_path / "b")["daily.parquet"]


def test_text_columns_are_stored_as_a_dictionary_and_compressed(tmp_path):
    import pyarrow.parquet as pq

    frame = pl.DataFrame({"regime": ["none", "essay"] * 5000, "value": list(range(10_000))})
    write(tmp_path / "a", tables={"daily": frame})
    column = pq.read_metadata(tmp_path / "a" / "daily.parquet").row_group(0).column(0)
    assert column.has_dictionary_page
    assert column.compression == "ZSTD"


def test_a_number_that_is_none_is_named_and_nothing_is_written(tmp_path):
    bad = summary()
    bad["regimes"]["essay"]["score"]["mean"] = float("nan")
    with pytest.raises(GlasshouseError, match=r"regimes\.essay\.score\.mean"):
        write(tmp_path / "a", summary=bad)
    assert names(tmp_path) == []


def test_a_table_nobody_knows_is_refused(tmp_path):
    with pytest.raises(GlasshouseError, match=r"dayly.*did you mean `daily`"):
        write(tmp_path / "a", tables={"dayly": tables()["daily"]})
    assert names(tmp_path) == []


# ---- more files, made from the finished tables

def test_a_last_step_sees_the_whole_run_and_adds_files_to_it(tmp_path):
    def finish(run):
        run.summary["timing"]["report_s"] = 0.25
        return {"report.html": f"<p>{run.daily.height} rows", "ranges.json": b"{}"}

    run = write(tmp_path / "a", finish=finish)
    assert (run.folder / "report.html").read_text() == "<p>3 rows"
    assert store.open_run(tmp_path / "a").summary["timing"]["report_s"] == 0.25
    assert "report.html" in json.loads((run.folder / "manifest.json").read_text())["files"]


def test_a_last_step_that_fails_leaves_nothing(tmp_path):
    with pytest.raises(ZeroDivisionError):
        write(tmp_path / "a", finish=lambda run: {"report.html": str(1 / 0)})
    assert names(tmp_path) == []


def test_a_file_is_added_to_a_finished_run_and_its_hash_noted(tmp_path):
    run = write(tmp_path / "a")
    assert store.add_file(run, "report.html", "<p>new</p>") == tmp_path / "a" / "report.html"
    entry = json.loads((tmp_path / "a" / "manifest.json").read_text())["files"]["report.html"]
    assert entry["sha256"] == bytes_of(tmp_path / "a")["report.html"]
    assert store.open_run(tmp_path / "a").daily.equals(run.daily)


def test_the_time_of_a_later_step_is_noted_in_the_summary(tmp_path):
    run = write(tmp_path / "a")
    store.add_time(run, "report_s", 1.5)
    assert run.summary["timing"]["report_s"] == 1.5
    again = store.open_run(tmp_path / "a")
    assert again.summary == run.summary
    assert names(tmp_path / "a") == sorted([*again.files, "manifest.json", "summary.json"])


def test_ranges_are_read_from_their_file_and_empty_without_it(tmp_path):
    assert write(None).ranges == {}
    assert write(tmp_path / "a").ranges == {}
    assert write(tmp_path / "b", finish=lambda run: {"ranges.json": '{"income": []}'}).ranges == {"income": []}


def test_a_file_of_another_name_is_not_added(tmp_path):
    run = write(tmp_path / "a")
    for name in ("notes.txt", "daily.parquet", "../report.html"):
        with pytest.raises(GlasshouseError):
            store.add_file(run, name, "x")


def test_nothing_is_added_to_a_run_in_memory():
    with pytest.raises(BadInput, match="kept in memory"):
        store.add_file(write(None), "report.html", "x")


# ---- whole, or not there

@pytest.mark.parametrize("end", [Stop(), KeyboardInterrupt(), MemoryError()])
def test_a_run_that_is_stopped_while_written_leaves_nothing(tmp_path, monkeypatch, end):
    def stop(frame, path):
        path.write_bytes(b"half")
        raise end

    monkeypatch.setattr(parquet, "write", stop)
    with pytest.raises(type(end)):
        write(tmp_path / "a")
    assert names(tmp_path) == []


def test_an_earlier_run_stays_whole_when_the_new_one_fails(tmp_path, monkeypatch):
    write(tmp_path / "a")
    before = bytes_of(tmp_path / "a")
    monkeypatch.setattr(parquet, "write", lambda frame, path: (_ for _ in ()).throw(Stop()))
    with pytest.raises(Stop):
        write(tmp_path / "a", scenario_toml="other")
    assert bytes_of(tmp_path / "a") == before
    assert names(tmp_path) == ["a"]


def test_an_earlier_run_comes_back_when_the_new_one_cannot_take_its_place(tmp_path, monkeypatch):
    write(tmp_path / "a")
    before = bytes_of(tmp_path / "a")
    real = os.rename

    def rename(old, new):
        if Path(old).name == "whole":
            raise Stop
        real(old, new)

    monkeypatch.setattr(os, "rename", rename)
    with pytest.raises(Stop):
        write(tmp_path / "a", scenario_toml="other")
    assert bytes_of(tmp_path / "a") == before


def test_an_earlier_run_is_replaced_as_a_whole(tmp_path):
    write(tmp_path / "a", finish=lambda run: {"report.html": "old"})
    run = write(tmp_path / "a", scenario_toml="other")
    assert run.scenario_toml == "other"
    assert "report.html" not in names(tmp_path / "a")
    assert names(tmp_path) == ["a"]


def test_everything_is_on_the_disk_before_the_folder_gets_its_name(tmp_path, monkeypatch):
    synced, real = [], os.fsync

    def fsync(handle):
        synced.append(Path(os.readlink(f"/proc/self/fd/{handle}")).name)
        assert not (tmp_path / "a").exists() or synced[-1] == tmp_path.name
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    write(tmp_path / "a")
    assert {"daily.parquet", "summary.json", "manifest.json", "scenario.toml", "whole", tmp_path.name} <= set(synced)
    assert synced[-1] == tmp_path.name


def test_what_a_killed_run_left_is_cleared_away_by_the_next(tmp_path):
    partial = tmp_path / "a.partial"
    partial.mkdir()
    (partial / ".writing").touch()
    (partial / "daily.parquet").write_bytes(b"half")
    write(tmp_path / "a")
    assert names(tmp_path) == ["a"]
    assert ".writing" not in names(tmp_path / "a")


def test_a_run_that_is_being_written_is_not_disturbed(tmp_path):
    partial = tmp_path / "a.partial"
    partial.mkdir()
    with open(partial / ".writing", "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(BadInput, match="being written"):
            store.check_target(tmp_path / "a")
        with pytest.raises(BadInput, match="being written"):
            write(tmp_path / "a")
    assert names(partial) == [".writing"]


# ---- a full disk, and others like it

@pytest.mark.parametrize(
    ("code", "told"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EDQUOT, "disk is full"),
        (errno.EROFS, "cannot be written"),
        (errno.EACCES, "cannot be written"),
    ],
)
def test_a_disk_that_takes_no_more_gets_one_message(tmp_path, monkeypatch, code, told):
    def full(frame, path):
        path.write_bytes(b"half")
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(parquet, "write", full)
    with pytest.raises(BadInput, match=told) as caught:
        write(tmp_path / "runs" / "deep" / "a")
    assert str(tmp_path / "runs" / "deep" / "a") in str(caught.value)
    assert names(tmp_path) == []  # the folders above were made for it, so they go too


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (errno.ENOSPC, "so report.html was not kept, but the run is; free some space, then: glasshouse report"),
        (errno.EROFS, "report.html cannot be written here"),
    ],
)
def test_a_disk_that_has_no_room_for_the_report_keeps_the_run_and_says_so(tmp_path, monkeypatch, code, told):
    run = write(tmp_path / "a")
    before = names(tmp_path / "a")
    real = Path.write_bytes

    def full(path, content):
        real(path, content[:5])
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(BadInput, match=told) as caught:
        store.add_file(run, "report.html", "<p>long")
    monkeypatch.undo()
    assert str(caught.value).startswith(f"{tmp_path / 'a'}: ")
    assert names(tmp_path / "a") == before, "nothing half-written"
    assert store.changed_files(store.open_run(tmp_path / "a")) == []


def test_the_full_disk_is_seen_in_the_words_of_the_table_writer(tmp_path):
    with pytest.raises(OSError, match="No space left") as caught:
        parquet.write(pl.DataFrame({"a": np.random.default_rng(1).random(100_000)}), Path("/dev/full"))
    assert caught.value.errno == errno.ENOSPC
    assert "disk is full" in str(as_bad_input(caught.value, tmp_path))


def test_other_faults_of_the_table_writer_are_not_taken_for_a_full_disk(tmp_path):
    with pytest.raises(pl.exceptions.PolarsError):
        parquet.write(pl.DataFrame({"a": [object()]}, schema={"a": pl.Object}), tmp_path / "x")


# ---- where a run may go

def test_a_new_name_below_new_folders_is_free(tmp_path):
    target = tmp_path / "runs" / "deep" / "a"
    assert store.check_target(target) == target
    assert not target.parent.exists()  # looking changes nothing
    assert write(target).folder == target


def test_the_runs_id_is_put_into_a_name_that_asks_for_it(tmp_path):
    store.check_target(tmp_path / "{id}")
    assert write(tmp_path / "{id}").folder == tmp_path / "essay-4-abababab"


def test_an_empty_folder_and_an_earlier_run_may_be_written_over(tmp_path):
    (tmp_path / "empty").mkdir()
    store.check_target(tmp_path / "empty")
    write(tmp_path / "empty")
    store.check_target(tmp_path / "empty")
    store.add_file(store.open_run(tmp_path / "empty"), "report.html", "x")
    store.check_target(tmp_path / "empty")


def refuse(folder, told):
    with pytest.raises(BadInput, match=told) as caught:
        store.check_target(folder)
    assert str(folder) in str(caught.value) or str(Path(folder).parent) in str(caught.value)
    with pytest.raises(BadInput, match=told):
        write(folder)


def test_a_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "a").write_text("mine")
    refuse(tmp_path / "a", "a file")
    refuse(tmp_path / "a" / "b", "a file")
    assert (tmp_path / "a").read_text() == "mine"


def test_a_folder_with_something_else_is_refused_by_name(tmp_path):
    (tmp_path / "thesis.tex").write_text("mine")
    refuse(tmp_path, r"thesis\.tex")
    assert names(tmp_path) == ["thesis.tex"]


def test_an_earlier_run_with_notes_in_it_is_refused(tmp_path):
    write(tmp_path / "a")
    (tmp_path / "a" / "notes.md").write_text("mine")
    refuse(tmp_path / "a", r"notes\.md")
    assert "notes.md" in names(tmp_path / "a")


def test_a_manifest_of_another_program_is_not_a_run(tmp_path):
    (tmp_path / "manifest.json").write_text('{"name": "my web page"}')
    refuse(tmp_path, r"manifest\.json")


def test_something_else_in_the_place_of_the_partial_is_refused(tmp_path):
    (tmp_path / "a.partial").mkdir()
    (tmp_path / "a.partial" / "mine.txt").write_text("mine")
    refuse(tmp_path / "a", r"a\.partial")
    assert names(tmp_path / "a.partial") == ["mine.txt"]


def test_the_name_of_a_partial_is_refused(tmp_path):
    refuse(tmp_path / "a.partial", "ends in .partial")


def test_a_folder_that_cannot_be_written_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    refuse(tmp_path / "a", "cannot be written")


def test_a_full_disk_is_seen_before_the_run(tmp_path, monkeypatch):
    monkeypatch.setattr(store.folder.shutil, "disk_usage", lambda path: (1 << 30, 1 << 30, 1000))
    refuse(tmp_path / "a", "disk is full")


def test_a_place_without_any_room_is_not_taken_for_a_full_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(store.folder.shutil, "disk_usage", lambda path: (0, 0, 0))
    refuse(tmp_path / "a", "nothing can be kept in this folder")


def test_a_link_to_an_earlier_run_stays_a_link(tmp_path):
    write(tmp_path / "a")
    (tmp_path / "latest").symlink_to("a")
    write(tmp_path / "latest", scenario_toml="other")
    assert (tmp_path / "latest").is_symlink()
    assert store.open_run(tmp_path / "a").scenario_toml == "other"


# ---- what is not a run

def test_a_folder_that_is_not_there_is_answered_with_the_nearest(tmp_path):
    write(tmp_path / "essay-1")
    with pytest.raises(BadInput, match=r"no such run folder; did you mean `.*essay-1`"):
        store.open_run(tmp_path / "esay-1")
    with pytest.raises(BadInput, match="no such run folder"):
        store.open_run(tmp_path / "nowhere" / "at" / "all")


def test_a_partial_is_never_taken_for_a_run(tmp_path):
    write(tmp_path / "a")
    (tmp_path / "a").rename(tmp_path / "a.partial")
    with pytest.raises(BadInput, match="was broken off"):
        store.open_run(tmp_path / "a.partial")
    with pytest.raises(BadInput, match="no such run"):
        store.open_run(tmp_path / "a")


def test_a_folder_or_file_of_another_kind_is_named(tmp_path):
    with pytest.raises(BadInput, match="no run of Glasshouse"):
        store.open_run(tmp_path)
    (tmp_path / "f").write_text("x")
    with pytest.raises(BadInput, match="a file"):
        store.open_run(tmp_path / "f")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "glasshouse run"}', '{"format": 3}', "\xff"])
def test_a_damaged_manifest_gets_one_message(tmp_path, text):
    write(tmp_path / "a")
    (tmp_path / "a" / "manifest.json").write_text(text, encoding="latin-1")
    with pytest.raises(BadInput, match="manifest"):
        store.open_run(tmp_path / "a")


def test_a_run_of_a_later_layout_says_so(tmp_path):
    write(tmp_path / "a")
    path = tmp_path / "a" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"layout": 99}))
    with pytest.raises(BadInput, match="newer"):
        store.open_run(tmp_path / "a")


@pytest.mark.parametrize("name", ["summary.json", "scenario.toml"])
def test_a_missing_file_is_named_when_the_run_is_opened(tmp_path, name):
    write(tmp_path / "a")
    (tmp_path / "a" / name).unlink()
    with pytest.raises(BadInput, match=name):
        store.open_run(tmp_path / "a")


def test_a_missing_or_damaged_table_is_named_when_it_is_asked_for(tmp_path):
    write(tmp_path / "a")
    (tmp_path / "a" / "daily.parquet").unlink()
    (tmp_path / "a" / "citizens.parquet").write_bytes(b"not a table")
    run = store.open_run(tmp_path / "a")
    with pytest.raises(BadInput, match=r"daily\.parquet"):
        _ = run.daily
    with pytest.raises(BadInput, match=r"citizens\.parquet.*damaged"):
        _ = run.citizens
    with pytest.raises(BadInput, match="no table `spells`"):
        _ = run.spells


def test_a_table_that_was_changed_afterwards_is_found(tmp_path):
    write(tmp_path / "a")
    assert store.changed_files(store.open_run(tmp_path / "a")) == []
    tables()["daily"].head(1).write_parquet(tmp_path / "a" / "daily.parquet")
    assert store.changed_files(store.open_run(tmp_path / "a")) == ["daily.parquet"]


# ---- what one sees

def test_the_repr_says_what_was_run_in_few_lines(tmp_path):
    text = repr(write(tmp_path / "a"))
    for part in ("essay", "20 citizens", "3 days", "seed 4", "none", str(tmp_path / "a")):
        assert part in text
    assert len(text.splitlines()) <= 8
    assert "memory" in repr(write(None))


def test_the_notebook_view_escapes_what_comes_from_files(tmp_path):
    bad = summary()
    bad["run"]["scenario"] = "<script>alert(1)</script>"
    bad["regimes"]["<b>x</b>"] = bad["regimes"].pop("essay")
    page = write(None, summary=bad)._repr_html_()
    assert "<script>" not in page
    assert "<b>x" not in page
    assert "&lt;script&gt;" in page
