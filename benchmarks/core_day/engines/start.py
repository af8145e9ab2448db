"""What the engines with luck of their own share: the tables of DECLARATION.md, and a drawn starting state."""

import numpy as np
from benchmarks.core_day.model import BIAS, MODEL, OFTEN, SPREAD, WEIGHT

f4 = np.float32
FIELDS = ("score", "wealth", "income", "disp", "opinion", "mobility", "stress", "tier", "group", "flags", "days")
OFTEN, WEIGHT, SPREAD, BIAS = (np.array(table, f4) for table in (OFTEN, WEIGHT, SPREAD, BIAS))
FACTOR, CUTS = (np.array(MODEL.number(name).value, f4) for name in ("factor", "cuts"))
DUE, TERM = (np.array(MODEL.number(name).value, np.int32) for name in ("due", "term"))
BY, SHIFT, TURN = (1229, 2741, 3581), (0, 977, 1954), 0x9E3779B97F4A7C15
BACK = tuple(pow(by, -1, 4096) for by in BY)
QUANTILE = (7.416016, -24.595615, 82.202835, -201.38222, 266.48132, -99.11315, -193.12937, 254.67375, -93.77703)
KEYS, MIX_1, MIX_2 = 6, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def far(citizens: int) -> int:
    """How far off the two who live far off are."""
    return citizens * 381_966 // 1_000_000


def drawn(citizens: int) -> dict[str, np.ndarray]:
    """Everybody on the first day."""
    luck = np.random.default_rng(1)
    unit = lambda: luck.random(citizens, f4)  # noqa: E731
    share = unit()
    state = {"score": f4(400) + f4(500) * unit(), "wealth": f4(100) * unit() ** 2, "income": f4(20) + f4(60) * unit(), "disp": unit()}
    state |= {"opinion": unit(), "mobility": np.ones(citizens, f4), "stress": f4(0.2) * unit()}
    state["tier"] = np.searchsorted(CUTS, state["score"], side="right").astype(np.uint8)
    state["group"] = sum((share > cut).astype(np.uint8) for cut in (f4(0.5), f4(0.8), f4(0.95)))
    return state | {"flags": np.zeros(citizens, np.uint8), "days": np.zeros(citizens, np.int16)}


def words(score: np.ndarray, opinion: np.ndarray) -> np.ndarray:
    """Score and opinion in one word."""
    return (score * f4(32)).astype(np.uint32) | ((opinion * f4(65535)).astype(np.uint32) << np.uint32(16))


def neighbours(citizens: int) -> np.ndarray:
    """Everybody's eight ties, for engines that keep them: (citizens, 8) int32."""
    slot = np.arange(citizens, dtype=np.uint64)
    start, place = slot & ~np.uint64(4095), slot & np.uint64(4095)
    turn = (start * np.uint64(TURN)) >> np.uint64(40)
    found, last, block = [], np.uint64(4095), np.uint64(4096)
    for by, back, shift in zip(BY, BACK, SHIFT, strict=True):
        turned = (turn + np.uint64(shift)) & last
        found += [start + ((np.uint64(by) * place + turned) & last), start + ((np.uint64(back) * (place + block - turned)) & last)]
    off = np.uint64(far(citizens))
    found += [(slot + off) % np.uint64(citizens), (slot + np.uint64(citizens) - off) % np.uint64(citizens)]
    return np.stack(found, 1).astype(np.int32)


def keys(day: int) -> np.ndarray:
    """A key for each of the day's six words of luck, for engines that hash slot and key: (6,) uint64."""
    return np.random.SeedSequence([1, day]).generate_state(KEYS, np.uint64)


def totals(score: np.ndarray, wealth: np.ndarray, tier: np.ndarray, group: np.ndarray, flags: np.ndarray) -> np.ndarray:
    """The day's totals, by NumPy."""
    fine = (score * f4(32)).astype(np.int64)
    cells = np.bincount(group * 16 + ((flags & 31) != 0) * 8 + tier, minlength=64)
    return np.concatenate([[fine.sum(), (fine * fine).sum()], cells, np.bincount(np.minimum(wealth.astype(np.int32), 255), minlength=256)])
