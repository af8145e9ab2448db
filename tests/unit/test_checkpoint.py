"""Checkpoints: whole or not there, never taken for what they are not, and the folder in which a run waits to be taken up."""

import errno
import os
import random
import zipfile

import numpy as np
import pytest

from glasshouse import store
from glasshouse.errors import BadInput
from glasshouse.store import checkpoint, folder

ARRAYS = {
    "column.grade": np.arange(600, dtype=np.uint8).reshape(2, 3, 100),
    "column.wealth": np.arange(-50, 50, dtype=np.int64).reshape(1, 100),
    "published": np.full((2, 7), 1 << 63, np.uint64),
    "changes.0": np.zeros((0, 6), np.int32),
    "year.2019.0.covered": np.arange(9) % 2 == 0,
}


def keep(partial, day, **note):
    partial.mkdir(exist_ok=True)
    return checkpoint.keep(partial, day, note, ARRAYS)


def same(found):
    """Whether a checkpoint holds what was put into it; what cannot be read raises."""
    return list(found.arrays) == list(ARRAYS) and all(
        found.arrays[n].dtype == a.dtype and np.array_equal(found.arrays[n], a) and found.arrays[n].shape == a.shape for n, a in ARRAYS.items()
    )


def test_arrays_come_back_as_they_were_given(tmp_path):
    found = checkpoint.read(keep(tmp_path, 365, code="ab"))
    assert same(found)
    assert (found.note["day"], found.note["code"], found.note["layout"]) == (365, "ab", checkpoint.LAYOUT)


def test_a_reader_that_knows_nothing_of_us_can_read_it(tmp_path):
    """A zip of Arrow files and a note in JSON: no code, and nothing that only Python could read."""
    import polars as pl

    with zipfile.ZipFile(keep(tmp_path, 1)) as archive:
        assert pl.read_ipc(archive.read("column.wealth")).to_series().to_list() == list(range(-50, 50))


def test_the_last_two_stay(tmp_path):
    for day in (10, 20, 30):
        keep(tmp_path, day)
    assert [checkpoint.day_of(path) for path in checkpoint.files(tmp_path)] == [20, 30]
    keep(tmp_path, 25)  # taken up from day 20, as day 30 was damaged
    assert [checkpoint.day_of(path) for path in checkpoint.files(tmp_path)] == [20, 25]


def test_a_changed_bit_is_noticed_or_changes_nothing(tmp_path):
    path = keep(tmp_path, 1)
    whole, luck, damaged = path.read_bytes(), random.Random(1), 0
    for at in luck.sample(range(len(whole)), 400):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << luck.randrange(8)]) + whole[at + 1 :])
        found = checkpoint.read(path)
        damaged += found is None
        assert found is None or same(found), at
    assert damaged > 200


def test_a_checkpoint_that_was_cut_short_is_none(tmp_path):
    path = keep(tmp_path, 1)
    whole = path.read_bytes()
    for length in (*range(0, len(whole), 97), len(whole) - 1):
        path.write_bytes(whole[:length])
        assert checkpoint.read(path) is None
        assert checkpoint.note_of(path) is None


@pytest.mark.parametrize("text", ["[]", "{}", '{"format": "glasshouse run"}', "no json"])
def test_another_zip_is_no_checkpoint(tmp_path, text):
    (tmp_path / checkpoint.FOLDER).mkdir()
    path = tmp_path / checkpoint.FOLDER / "000001.checkpoint"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(checkpoint.NOTE, text)
    assert checkpoint.read(path) is None


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_what_the_disk_refuses_leaves_the_earlier_ones(tmp_path, monkeypatch, call):
    keep(tmp_path, 10)

    def full(*given):
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(OSError, match="no space"):
        keep(tmp_path, 20)
    monkeypatch.undo()
    assert [path.name for path in (tmp_path / checkpoint.FOLDER).iterdir()] == ["000010.checkpoint"]
    assert same(checkpoint.read(checkpoint.files(tmp_path)[0]))


# ---- the folder in which a run waits


class Stop(BaseException):
    """Stands for whatever may end a run from outside."""


def broken_off(place):
    with pytest.raises(Stop), folder.partial_folder(place) as partial:
        keep(partial, 12)
        (folder.whole_in(partial) / "daily.parquet").write_bytes(b"half of it")
        raise Stop
    return folder.partial_of(place)


def test_a_run_that_was_broken_off_waits(tmp_path):
    """Half-written tables go, checkpoints stay; no other run may begin there, and one that goes on may."""
    partial = broken_off(tmp_path / "a")
    assert sorted(path.name for path in partial.iterdir()) == [".writing", "checkpoints"]
    with pytest.raises(BadInput, match=r"12 days of it done; `glasshouse resume .*/a` goes on with it; to begin anew, delete"):
        store.check_target(tmp_path / "a")
    with pytest.raises(BadInput, match="was broken off"), folder.partial_folder(tmp_path / "a"):
        pass
    assert same(checkpoint.read(checkpoint.files(partial)[0]))
    with folder.partial_folder(tmp_path / "a", resumed=True) as found:
        assert found == partial
    assert not partial.exists()


def test_a_run_that_was_broken_off_before_its_first_checkpoint_leaves_nothing(tmp_path):
    with pytest.raises(Stop), folder.partial_folder(tmp_path / "deep" / "a"):
        raise Stop
    assert list(tmp_path.iterdir()) == []


def test_two_at_once_are_told_apart(tmp_path):
    """The second is refused, and leaves what the first has written alone, whether it begins or goes on."""
    with folder.partial_folder(tmp_path / "a") as partial:
        keep(partial, 5)
        for resumed in (False, True):
            with pytest.raises(BadInput, match="another run is being written here"), folder.partial_folder(tmp_path / "a", resumed=resumed):
                pass
        assert same(checkpoint.read(checkpoint.files(partial)[0]))


def test_a_lock_whose_file_was_taken_away_meanwhile_is_none(tmp_path, monkeypatch):
    """The first ends between the second's opening of the file and its lock: the second must not take a file that is gone for one that stands."""
    real = folder.fcntl.flock

    def late(held, how):
        os.unlink(tmp_path / "a.partial" / folder.WRITING)
        return real(held, how)

    monkeypatch.setattr(folder.fcntl, "flock", late)
    with pytest.raises(BadInput, match="another run"), folder.partial_folder(tmp_path / "a"):
        pass
