"""The core day in Taichi, on the CPU: one kernel, whose outermost loop Taichi shares out among threads."""

import numpy as np
import taichi as ti
from benchmarks.core_day.engines import start
from benchmarks.core_day.engines.start import BACK, BIAS, BY, CUTS, DUE, FACTOR, FIELDS, OFTEN, QUANTILE, SHIFT, SPREAD, TERM, WEIGHT

f1, u1, u4 = (ti.types.ndarray(kind, 1) for kind in (ti.f32, ti.u8, ti.u32))
i4, i8, u8 = (ti.types.ndarray(kind, 1) for kind in (ti.i32, ti.i64, ti.u64))
CHANNELS = tuple(zip(OFTEN.tolist(), WEIGHT.tolist(), SPREAD.tolist(), strict=True))
LEVELS = tuple(CUTS.tolist())


@ti.func
def mixed(word):
    z = (word ^ (word >> 30)) * ti.u64(start.MIX_1)
    z = (z ^ (z >> 27)) * ti.u64(start.MIX_2)
    return z ^ (z >> 31)


@ti.func
def normal(word):
    v = (ti.cast(ti.cast(word >> 9, ti.i32), ti.f32) + 0.5) * (0.5 / 8388608)
    v = ti.sqrt(ti.sqrt(ti.sqrt(v)))
    z = QUANTILE[8]
    for k in ti.static(range(7, -1, -1)):
        z = QUANTILE[k] + v * z
    return ti.select((word & ti.u32(256)) != 0, -z, z)


@ti.func
def half(word):
    return (ti.cast(ti.cast(word, ti.i32), ti.f32) + 0.5) * (1.0 / 65536)


@ti.func
def above(drawn, chance):
    return ti.select(drawn > chance, 1.0, 0.0)


@ti.func
def acts(drawn, rate):
    x = rate * 0.125
    p = 1.0 + x * (-1.0 + x * (0.5 + x * (-1.0 / 6 + x * (1.0 / 24 + x * (-1.0 / 120)))))
    p = p * p
    p = p * p
    p = p * p
    s = p
    n = above(drawn, s)
    for k in ti.static(range(1, 10)):
        p = p * rate * (1.0 / k)
        s = s + p
        n = n + above(drawn, s)
    return n


@ti.func
def mistakes(drawn, rate):
    none = 1.0 + rate * (-1.0 + rate * (0.5 - rate * (1.0 / 6)))
    return above(drawn, none) + above(drawn, none * (1.0 + rate))


@ti.kernel
def stepped(
    citizens: ti.i32, far: ti.i32, keys: u8, factor: f1, bias: ti.types.ndarray(ti.f32, 2), due_of: i4, term_of: i4, score: f1, wealth: f1,
    income: f1, disp: f1, opinion: f1, mobility: f1, stress: f1, tier: u1, group: u1, flags: u1, days: ti.types.ndarray(ti.i16, 1),
    before: u4, word: u4, sums: i8, cells: i4, bins: i4,
):  # fmt: skip
    for i in range(citizens):
        turn = ti.cast(i, ti.u64) * ti.u64(start.TURN)
        d, g = disp[i], ti.cast(group[i], ti.i32)
        rate, evidence = factor[ti.cast(tier[i], ti.i32)] * (0.5 + d), 0.0
        for c in ti.static(range(5)):
            h = mixed(turn + keys[c])
            many = ti.cast(h & ti.u64(0xFFFFFFFF), ti.u32)
            mean = CHANNELS[c][0] * rate
            wrong = mean * 0.03
            kept, turned = acts(half(many & ti.u32(0xFFFF)), mean - wrong), mistakes(half(many >> 16), wrong)
            noise = ti.sqrt(kept + turned) * CHANNELS[c][2] * normal(ti.cast(h >> 32, ti.u32))
            evidence += CHANNELS[c][1] * ((kept - turned) * (d - 0.5 + bias[c, g]) + noise)
        scores, views, first = ti.u32(0), ti.u32(0), i & ~4095
        place = ti.cast(i & 4095, ti.u32)
        by_block = ti.cast((ti.cast(first, ti.u64) * ti.u64(start.TURN)) >> 40, ti.u32)
        for k in ti.static(range(3)):
            shift = by_block + ti.u32(SHIFT[k])
            w = before[first + ti.cast((ti.u32(BY[k]) * place + shift) & ti.u32(4095), ti.i32)]
            v = before[first + ti.cast((ti.u32(BACK[k]) * (place - shift)) & ti.u32(4095), ti.i32)]
            scores += (w & ti.u32(0xFFFF)) + (v & ti.u32(0xFFFF))
            views += (w >> 16) + (v >> 16)
        w, v = before[(i + far) % citizens], before[(i + (citizens - far)) % citizens]
        scores += (w & ti.u32(0xFFFF)) + (v & ti.u32(0xFFFF))
        views += (w >> 16) + (v >> 16)
        s = score[i]
        s = s + 1.2 * evidence + 0.01 * (650.0 - s) + 0.02 * (ti.cast(ti.cast(scores, ti.i32), ti.f32) * (1.0 / 256) - s)
        s = ti.min(ti.max(s, 0.0), 1300.0)
        score[i] = s
        t = 0
        for k in ti.static(range(6)):
            t += ti.select(s >= LEVELS[k], 1, 0)
        tier[i] = ti.cast(t, ti.u8)
        due, bits, left = due_of[t], ti.cast(flags[i], ti.i32), ti.max(ti.cast(days[i], ti.i32) - 1, 0)
        if (due & ~bits) != 0:
            left = term_of[t]
            bits = bits | due
        elif left == 0:
            bits = due
        flags[i] = ti.cast(bits, ti.u8)
        days[i] = ti.cast(left, ti.i16)
        penalties = ti.cast((bits & 1) + ((bits >> 1) & 1) + ((bits >> 2) & 1) + ((bits >> 3) & 1) + ((bits >> 4) & 1), ti.f32)
        rewards = ti.cast(((bits >> 5) & 1) + ((bits >> 6) & 1) + ((bits >> 7) & 1), ti.f32)
        h = mixed(turn + keys[5])
        made = income[i]
        made = made * (1.0 + 0.01 * normal(ti.cast(h >> 32, ti.u32)) - 0.002 * penalties + 0.0005 * rewards) + 0.001 * (50.0 - made)
        made = ti.max(made, 0.0)
        income[i] = made
        held = ti.max(wealth[i] * 0.9995 + 0.02 * made - 0.4 - 0.1 * penalties, 0.0)
        wealth[i] = held
        mobility[i] += 0.1 * (ti.select((bits & 2) != 0, 0.2, 1.0) - mobility[i])
        stress[i] += 0.05 * (0.25 * penalties - stress[i])
        o = opinion[i]
        o += 0.1 * (ti.cast(ti.cast(views, ti.i32), ti.f32) * (1.0 / 524288) - o)
        o += 0.05 * (half(ti.cast(h & ti.u64(0xFFFF), ti.u32)) - 0.5)
        o += ti.select(t <= 1, 0.05 * (1.0 - o), 0.0)
        o = ti.min(ti.max(o, 0.0), 1.0)
        opinion[i] = o
        disp[i] = d + 0.001 * (s * (1.0 / 1300) - d)
        fine = ti.cast(s * 32.0, ti.i32)
        word[i] = ti.cast(fine, ti.u32) | (ti.cast(ti.cast(o * 65535.0, ti.i32), ti.u32) << 16)
        ti.atomic_add(sums[0], ti.cast(fine, ti.i64))
        ti.atomic_add(sums[1], ti.cast(fine, ti.i64) * ti.cast(fine, ti.i64))
        ti.atomic_add(cells[g * 16 + ti.select((bits & 31) != 0, 8, 0) + t], 1)
        ti.atomic_add(bins[ti.min(ti.cast(held, ti.i32), 255)], 1)


class Run:
    """A run that is stepped in stretches."""

    def __init__(self, citizens: int, threads: int):
        ti.init(
            arch=ti.cpu,
            default_ip=ti.i32,
            default_fp=ti.f32,
            fast_math=False,
            cpu_max_num_threads=threads,
            offline_cache=False,
            log_level=ti.ERROR,
        )
        first, self.citizens, self.day = start.drawn(citizens), citizens, 0
        self.columns = [first[name] for name in FIELDS]
        self.words = [start.words(first["score"], first["opinion"]), np.zeros(citizens, np.uint32)]
        self.totals = [np.zeros(2, np.int64), np.zeros(64, np.int32), np.zeros(256, np.int32)]

    def days(self, count: int) -> np.ndarray:
        """Steps some days."""
        for day in range(self.day, self.day + count):
            for total in self.totals:
                total[:] = 0
            tables = start.keys(day), FACTOR, BIAS, DUE, TERM
            stepped(self.citizens, start.far(self.citizens), *tables, *self.columns, *self.words, *self.totals)
            self.words.reverse()
        self.day += count
        return np.concatenate([total.astype(np.int64) for total in self.totals])
