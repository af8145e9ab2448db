"""Keeps a long run from being lost: checkpoints on its way, and a run that was broken off taken up again."""

from __future__ import annotations

import hashlib
import shlex
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glasshouse._version import __version__
from glasshouse.errors import BadInput, nearest
from glasshouse.experiments import code, snapshots
from glasshouse.experiments.days import Kept, Society
from glasshouse.scenarios import Scenario, load
from glasshouse.store import checkpoint
from glasshouse.store.failures import as_bad_input
from glasshouse.store.folder import ID, SCENARIO, go_on, is_run, partial_folder, partial_of, target
from glasshouse.store.write import write_file

EVERY = 600.0
"""Seconds after which a run that was told nothing else keeps a checkpoint."""
SHARE = 30
"""Keeping them takes at most one part in so many of the time."""
Tell = Callable[..., None]


@dataclass(frozen=True)
class BrokenOff:
    """A run that was broken off: the folder that it was to fill, its scenario, and what its newest checkpoint says of it."""

    folder: Path
    scenario: Scenario
    note: Mapping[str, Any]


def find(folder: str | Path) -> BrokenOff:
    """What lies in the folder of a run that was broken off.

    Args:
        folder: the folder that was asked for, or NAME.partial itself.

    Raises:
        BadInput: there is no such run, it is complete, was broken off before its first checkpoint, belongs to other code, or is damaged.
    """
    given = Path(folder)
    folder = target(given.with_suffix("") if given.suffix == ".partial" else given)
    partial = partial_of(folder)
    if not partial.is_dir():
        if is_run(folder):
            drawn = "" if (folder / "report.html").exists() else f"; its report: glasshouse report {shlex.quote(str(folder))}"
            raise BadInput(f"this run is complete, there is nothing left to go on with{drawn}", file=folder)
        beside = [str(path.with_suffix("")) for path in sorted(folder.parent.glob("*.partial"))] if folder.parent.is_dir() else []
        raise BadInput("no run that was broken off lies here", file=folder, hint=nearest(str(folder), beside))
    found = checkpoint.files(partial)
    if not found:
        raise BadInput("this run was broken off before its first checkpoint: begin it anew", file=partial)
    note = next((note for path in reversed(found) if (note := checkpoint.note_of(path)) is not None), None)
    if note is None:
        raise BadInput("every checkpoint of this run is damaged: delete the folder and begin anew", file=partial)
    scenario = load(partial / SCENARIO)
    _check(note, partial, scenario)
    return BrokenOff(folder, scenario, note)


def _check(note: Mapping[str, Any], partial: Path, scenario: Scenario) -> None:
    """Whether a checkpoint belongs to this code and this scenario."""
    if note.get("layout") != checkpoint.LAYOUT or note.get("code") != code.of_model():
        by = f"Glasshouse {note.get('version')}" + (" as it was then" if note.get("version") == __version__ else "")
        raise BadInput(f"this run was begun by {by}, and its days go on under the same code alone: finish it with that, or begin anew", file=partial)
    if note.get("scenario") != _digest(scenario):
        raise BadInput(f"the checkpoints are of another scenario than the {SCENARIO} beside them", file=partial)


def _digest(scenario: Scenario) -> str:
    return hashlib.sha256(scenario.resolved_toml().encode()).hexdigest()


class Keeper:
    """Keeps one run safe. `after` is called at the end of each day; without a folder it does nothing."""

    def __init__(self, partial: Path | None, scenario: Scenario, note: Mapping[str, Any], tell: Tell):
        self.partial, self.scenario, self.note, self.tell = partial, scenario, note, tell
        self.society: Society | None = None
        self.kept: Kept | None = None
        self.interrupted = False
        self.due = time.monotonic() + EVERY
        self.last = 0

    def say(self, note: str) -> None:
        """Tells a person of something."""
        self.tell(self.kept.done if self.kept else 0, self.scenario.days, 0.0, note)

    def begin(self, society: Society) -> None:
        """Takes a society to where the newest checkpoint that is whole left it, if there are any.

        Raises:
            BadInput: no checkpoint is whole, or one is not of this society.
        """
        self.society = society
        found = checkpoint.files(self.partial) if self.partial else []
        for path in reversed(found):
            read = checkpoint.read(path)
            if read is None:
                self.say(f"the checkpoint of day {checkpoint.day_of(path):,} is damaged: looking at the one before it")
                continue
            _check(read.note, self.partial, self.scenario)
            try:
                self.kept = snapshots.give(society, read.arrays)
            except snapshots.Unfit as error:
                raise BadInput(f"this checkpoint does not fit its scenario ({error})", file=path) from None
            self.last = self.kept.done
            self.say(f"going on after day {self.kept.done:,} of {self.scenario.days:,}")
            return
        if found:
            raise BadInput("every checkpoint of this run is damaged: delete the folder and begin anew", file=self.partial)

    def days(self) -> Kept:
        """Every day that is left, under watch."""
        assert self.society is not None
        with self.listening():
            return self.society.run(self.tell, kept=self.kept, after=self.after)

    def after(self, kept: Kept) -> None:
        """Keeps a checkpoint if it is time for one; one more, and the end, if somebody has pressed Ctrl-C."""
        self.kept = kept
        every = self.note.get("every")
        due = kept.done % every == 0 if every else time.monotonic() >= self.due
        if due or self.interrupted:
            self.keep()
        if self.interrupted:
            raise KeyboardInterrupt

    def keep(self) -> None:
        """Writes a checkpoint of the day that is over. If the disk refuses, that is said, and the run goes on."""
        began = time.monotonic()
        if self.partial is None or self.kept is None or self.kept.done == self.last:
            return
        try:
            if not (self.partial / SCENARIO).exists():
                write_file(self.partial / SCENARIO, self.scenario.resolved_toml())
            checkpoint.keep(self.partial, self.kept.done, self.note, snapshots.take(self.society, self.kept))
            self.last = self.kept.done
        except OSError as error:
            self.say(f"no checkpoint of day {self.kept.done:,} was kept: {as_bad_input(error, self.partial, what='checkpoint').message}")
        ended = time.monotonic()
        self.due = ended + max(EVERY, SHARE * (ended - began))

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Lets the day end before Ctrl-C is heard; pressed twice, it ends at once."""

        def heard(number: int, frame: Any) -> None:
            self.interrupted = True
            signal.signal(signal.SIGINT, before)

        before = signal.getsignal(signal.SIGINT)
        ours = threading.current_thread() is threading.main_thread() and before is signal.default_int_handler and self.partial is not None
        if ours:
            signal.signal(signal.SIGINT, heard)
        try:
            yield
        finally:
            if ours:
                signal.signal(signal.SIGINT, before)


@contextmanager
def keeping(scenario: Scenario, out: str | Path | None, every: int | None, report: bool, resumed: BrokenOff | None, tell: Tell) -> Iterator[Keeper]:
    """A keeper of a run, whose folder NAME.partial is locked as long as it lasts.

    Args:
        scenario: what is run.
        out: the folder for the run, or None.
        every: days between checkpoints; None for some minutes.
        report: whether a report will be drawn.
        resumed: the run that is taken up; it says all but the scenario itself.
        tell: called with days done, days in all, 0.0, and a word for a person.

    Raises:
        BadInput: another process writes there, a run that was broken off lies there, or the folder is no place for a run.
        KeyboardInterrupt: with the command that goes on, if there is something to go on from.
    """
    if resumed is None and out is None:
        yield Keeper(None, scenario, {}, tell)
        return
    note = resumed.note if resumed else _note(scenario, out, every, report)
    folder = resumed.folder if resumed else target(out, note["id"])
    try:
        with partial_folder(folder, resumed=resumed is not None) as partial:
            keeper = Keeper(partial, scenario, note, tell)
            try:
                yield keeper
            except KeyboardInterrupt:
                if keeper.kept is not None and keeper.kept.done == scenario.days:
                    keeper.keep()  # the days are over: nothing of them is lost
                if not (found := checkpoint.files(partial)):
                    raise
                done = f"{checkpoint.day_of(found[-1]):,} of {scenario.days:,}"
                raise KeyboardInterrupt(f"stopped, {done} days are done; to go on: {go_on(partial)}") from None
            except BadInput as error:
                if not (isinstance(error.__cause__, OSError) and checkpoint.files(partial)):
                    raise
                raise BadInput(f"{error.message}; then, to go on: {go_on(partial)}", error.file, error.place, error.key, error.hint) from error
    except OSError as error:
        raise as_bad_input(error, folder) from error


def _note(scenario: Scenario, out: str | Path, every: int | None, report: bool) -> dict[str, Any]:
    """What every checkpoint of a run says. id: what stands for the run's id in the name of its folder until it is known."""
    digest = _digest(scenario)
    name = f"{scenario.id}-{scenario.seed}-{digest[:8]}" if ID in str(out) else None
    return {"version": __version__, "code": code.of_model(), "scenario": digest, "report": report, "every": every, "id": name}


def folder_of(keeper: Keeper, run_id: str) -> Path | None:
    """Where the finished run goes: NAME, or with its id where the name was to hold it."""
    if keeper.partial is None:
        return None
    folder, name = keeper.partial.with_suffix(""), keeper.note["id"]
    return Path(str(folder).replace(name, run_id)) if name else folder
