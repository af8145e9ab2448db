"""Coverage-guided fuzzing of whatever reads files of strangers: each is read, or refused in one message; any other error is a find.

    .venv/bin/python tools/fuzz.py [SECONDS [TARGET...]]      60 seconds a target; needs `pip install atheris`

What was found is written to fuzz-TARGET-..., one file each, and read again by `tools/fuzz.py 0 TARGET FILE`.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
DATA = ROOT / "src" / "glasshouse"
SEEDS = {
    "scenario": [*(DATA / "scenarios" / "data").glob("*.toml")],
    "regime": sorted((DATA / "regimes" / "data").glob("*.toml")),
    "catalogue": sorted((DATA / "catalogue").glob("*.toml")),
    "table": sorted((DATA / "society" / "data" / "exampleland").glob("*.toml")),
    "manifest": [],
    "parquet": [],
    "checkpoint": [],
}
PLACE = Path(tempfile.gettempdir()) / "glasshouse-fuzz"


def small_run() -> Path:
    """The folder of a small run, and beside it one that was broken off."""
    import glasshouse as gh
    from glasshouse.experiments.days import Society
    from glasshouse.experiments.keeping import keeping

    if not PLACE.exists():
        gh.simulate("essay", citizens=200, days=3, out=PLACE / "run", report=False)
        scenario = gh.load("essay").with_(citizens=200, days=9)
        try:
            with keeping(scenario, PLACE / "off", 2, False, None, lambda *told: None) as keeper:
                keeper.begin(Society(scenario, threads=1))
                after = keeper.after
                keeper.society.run(after=lambda kept: (after(kept), keeper.__setattr__("interrupted", kept.done == 3)))
        except KeyboardInterrupt:
            pass
    return PLACE / "run"


def reader(target: str, place: Path):
    """What reads the bytes of a target. place: an empty folder."""
    from glasshouse import society, store
    from glasshouse.catalogue.files import parse
    from glasshouse.experiments import keeping, snapshots
    from glasshouse.experiments.days import Society
    from glasshouse.regimes import load_regime
    from glasshouse.scenarios import check, load
    from glasshouse.store import checkpoint

    file = place / f"{target}.toml"

    def text(data: bytes):
        file.write_bytes(data)
        check(file)
        (load_regime if target == "regime" else load)(str(file))

    def table(data: bytes):
        for path in SEEDS["table"]:
            shutil.copy(path, place)
        (place / "residence.toml").write_bytes(data)
        society.load_tables(place)

    def run(data: bytes, name: str):
        shutil.copytree(small_run(), place / "run", dirs_exist_ok=True)
        (place / "run" / name).write_bytes(data)
        opened = store.open_run(place / "run")
        for each in opened.table_names:
            opened.table(each)

    def arrays(data: bytes):
        """Some bytes of one array of a checkpoint, or its type or shape, are others; the zip is whole."""
        given = small_run().with_name("off.partial")
        partial = shutil.copytree(given, place / "off.partial", dirs_exist_ok=True)
        newest = checkpoint.read(checkpoint.files(partial)[-1])
        found = {name: newest.arrays[name].copy() for name in newest.arrays}
        name = sorted(found)[int.from_bytes(data[:2], "little") % len(found)]
        array, how = found[name], data[2] % 4 if len(data) > 2 else 0
        if how == 0 and array.nbytes:
            raw = bytearray(array.tobytes())
            start = int.from_bytes(data[3:6], "little") % len(raw)
            raw[start : start + len(data[6:])] = data[6:][: len(raw) - start]
            found[name] = __import__("numpy").frombuffer(bytes(raw), array.dtype).reshape(array.shape)
        elif how == 1:
            found[name] = array.reshape(-1)[:-1]
        elif how == 2:
            found[name] = array.astype("i1")
        else:
            del found[name]
        checkpoint.keep(partial, newest.note["day"], {k: v for k, v in newest.note.items() if k not in ("arrays", "format", "layout", "day")}, found)
        broken = keeping.find(place / "off")
        try:
            snapshots.give(Society(broken.scenario, threads=1), checkpoint.read(checkpoint.files(partial)[-1]).arrays)
        except snapshots.Unfit:
            return

    def catalogue(data: bytes):
        file.write_bytes(data)
        parse(data.decode(), str(file)) if _is_text(data) else check(file)

    return {
        "scenario": text, "regime": text, "catalogue": catalogue, "table": table, "checkpoint": arrays,
        "manifest": lambda data: run(data, "manifest.json"), "parquet": lambda data: run(data, "citizens.parquet"),
    }[target]  # fmt: skip


def _is_text(data: bytes) -> bool:
    try:
        return bool(data.decode())
    except UnicodeDecodeError:
        return False


def one(target: str, seconds: int, files: list[str]) -> None:
    """Fuzzes one target in this process, which ends with it."""
    import atheris

    readers = [f"glasshouse.{name}" for name in ("outside", "values", "scenarios", "catalogue", "store", "society.tables")]  # not what Numba compiles
    with atheris.instrument_imports(include=readers):
        from glasshouse.errors import BadInput

        place = Path(tempfile.mkdtemp(prefix="glasshouse-fuzz-"))
        read = reader(target, place)
    corpus = place.with_name(f"{place.name}-seeds")
    corpus.mkdir()
    given = {"manifest": ["manifest.json"], "parquet": ["citizens.parquet"]}.get(target, [])
    for path in [*SEEDS[target], *(small_run() / name for name in given)]:
        shutil.copy(path, corpus / f"{path.parent.name}-{path.name}")

    def case(data: bytes):
        try:
            read(data)
        except BadInput as fault:
            assert "Traceback" not in str(fault)

    asked = files or [str(corpus), f"-max_total_time={seconds}", "-rss_limit_mb=6000", "-timeout=60", "-verbosity=0", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *asked, f"-artifact_prefix=fuzz-{target}-", "-max_len=200000"], case)
    atheris.Fuzz()


def main(seconds: str = "60", *rest: str) -> int:
    """Fuzzes the targets one after another; returns how many of them had a find."""
    small_run()
    if len(rest) > 1 and rest[0] == "--inside":
        one(rest[1], int(seconds), list(rest[2:]))
    files = [word for word in rest if word not in SEEDS]
    finds = 0
    for target in [word for word in rest if word in SEEDS] or SEEDS:
        done = subprocess.run([sys.executable, __file__, seconds, "--inside", target, *files], capture_output=True, text=True, check=False)
        stats = [line for line in done.stderr.splitlines() if "number_of_executed_units" in line]
        print(f"{target}: {'a find' if done.returncode else 'nothing found'}; {' '.join(stats).split(':')[-1].strip() or '?'} inputs", flush=True)
        if done.returncode:
            finds += 1
            print(*[line for line in done.stderr.splitlines() if not line.startswith('INFO: Instr')][-40:], sep='\n')
    return finds


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
