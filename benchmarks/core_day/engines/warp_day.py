"""The core day in NVIDIA Warp, on the CPU: one kernel of one citizen."""

import numpy as np
import warp as wp
from benchmarks.core_day.engines import start
from benchmarks.core_day.engines.start import BACK, BIAS, BY, DUE, FACTOR, FIELDS, OFTEN, SPREAD, TERM, WEIGHT

wp.config.quiet = True
wp.set_module_options({"enable_backward": False})
TURN, MIX_1, MIX_2 = (wp.constant(wp.uint64(n)) for n in (start.TURN, start.MIX_1, start.MIX_2))
Q0, Q1, Q2, Q3, Q4, Q5, Q6, Q7, Q8 = (wp.constant(c) for c in start.QUANTILE)
A1 = {t: wp.array(dtype=t) for t in (float, wp.uint8, wp.int16, wp.int32, wp.uint32, wp.int64, wp.uint64)}


@wp.func
def mixed(word: wp.uint64):
    z = (word ^ (word >> wp.uint64(30))) * MIX_1
    z = (z ^ (z >> wp.uint64(27))) * MIX_2
    return z ^ (z >> wp.uint64(31))


@wp.func
def normal(word: wp.uint32):
    v = (float(wp.int32(word >> wp.uint32(9))) + 0.5) * (0.5 / 8388608.0)
    v = wp.sqrt(wp.sqrt(wp.sqrt(v)))
    z = Q0 + v * (Q1 + v * (Q2 + v * (Q3 + v * (Q4 + v * (Q5 + v * (Q6 + v * (Q7 + v * Q8)))))))
    return wp.where((word & wp.uint32(256)) != wp.uint32(0), -z, z)


@wp.func
def half(word: wp.uint32):
    return (float(wp.int32(word)) + 0.5) * (1.0 / 65536.0)


@wp.func
def above(drawn: float, chance: float):
    return wp.where(drawn > chance, 1.0, 0.0)


@wp.func
def acts(drawn: float, rate: float):
    x = rate * 0.125
    p = 1.0 + x * (-1.0 + x * (0.5 + x * (-1.0 / 6.0 + x * (1.0 / 24.0 + x * (-1.0 / 120.0)))))
    p = p * p
    p = p * p
    p = p * p
    s = p
    n = above(drawn, s)
    for k in range(1, 10):
        p = p * rate * (1.0 / float(k))
        s = s + p
        n = n + above(drawn, s)
    return n


@wp.func
def mistakes(drawn: float, rate: float):
    none = 1.0 + rate * (-1.0 + rate * (0.5 - rate * (1.0 / 6.0)))
    return above(drawn, none) + above(drawn, none * (1.0 + rate))


@wp.kernel
def stepped(
    citizens: wp.int32, far: wp.int32, keys: A1[wp.uint64], often: A1[float], weight: A1[float], spread: A1[float],
    bias: wp.array2d(dtype=float), factor: A1[float], due_of: A1[wp.int32], term_of: A1[wp.int32], by: A1[wp.uint32], back: A1[wp.uint32],
    score: A1[float], wealth: A1[float], income: A1[float], disp: A1[float], opinion: A1[float], mobility: A1[float], stress: A1[float],
    tier: A1[wp.uint8], group: A1[wp.uint8], flags: A1[wp.uint8], days: A1[wp.int16], before: A1[wp.uint32], word: A1[wp.uint32],
    sums: A1[wp.int64], cells: A1[wp.int32], bins: A1[wp.int32],
):  # fmt: skip
    i = wp.tid()
    turn = wp.uint64(i) * TURN
    d = disp[i]
    g = wp.int32(group[i])
    rate = factor[wp.int32(tier[i])] * (0.5 + d)
    evidence = float(0.0)  # noqa: UP018
    for c in range(5):
        h = mixed(turn + keys[c])
        many = wp.uint32(h & wp.uint64(0xFFFFFFFF))
        mean = often[c] * rate
        wrong = mean * 0.03
        kept = acts(half(many & wp.uint32(0xFFFF)), mean - wrong)
        turned = mistakes(half(many >> wp.uint32(16)), wrong)
        noise = wp.sqrt(kept + turned) * spread[c] * normal(wp.uint32(h >> wp.uint64(32)))
        evidence = evidence + weight[c] * ((kept - turned) * (d - 0.5 + bias[c, g]) + noise)
    scores = wp.uint32(0)
    views = wp.uint32(0)
    low = wp.uint32(0xFFFF)
    high = wp.uint32(16)
    last = wp.uint32(4095)
    first = i - i % 4096
    place = wp.uint32(i % 4096)
    by_block = wp.uint32((wp.uint64(first) * TURN) >> wp.uint64(40))
    for k in range(3):
        shift = by_block + wp.uint32(977 * k)
        w = before[first + wp.int32((by[k] * place + shift) & last)]
        scores = scores + (w & low)
        views = views + (w >> high)
        w = before[first + wp.int32((back[k] * (place - shift)) & last)]
        scores = scores + (w & low)
        views = views + (w >> high)
    w = before[(i + far) % citizens]
    scores = scores + (w & low)
    views = views + (w >> high)
    w = before[(i + (citizens - far)) % citizens]
    scores = scores + (w & low)
    views = views + (w >> high)
    s = score[i]
    s = s + 1.2 * evidence + 0.01 * (650.0 - s) + 0.02 * (float(wp.int32(scores)) * (1.0 / 256.0) - s)
    s = wp.clamp(s, 0.0, 1300.0)
    score[i] = s
    t = wp.int32(0)
    t = t + wp.where(s >= 350.0, 1, 0) + wp.where(s >= 500.0, 1, 0) + wp.where(s >= 600.0, 1, 0)
    t = t + wp.where(s >= 750.0, 1, 0) + wp.where(s >= 900.0, 1, 0) + wp.where(s >= 1050.0, 1, 0)
    tier[i] = wp.uint8(t)
    due = due_of[t]
    bits = wp.int32(flags[i])
    left = wp.max(wp.int32(days[i]) - 1, 0)
    if (due & ~bits) != 0:
        left = term_of[t]
        bits = bits | due
    elif left == 0:
        bits = due
    flags[i] = wp.uint8(bits)
    days[i] = wp.int16(left)
    penalties = float((bits & 1) + ((bits >> 1) & 1) + ((bits >> 2) & 1) + ((bits >> 3) & 1) + ((bits >> 4) & 1))
    rewards = float(((bits >> 5) & 1) + ((bits >> 6) & 1) + ((bits >> 7) & 1))
    h = mixed(turn + keys[5])
    made = income[i]
    made = made * (1.0 + 0.01 * normal(wp.uint32(h >> wp.uint64(32))) - 0.002 * penalties + 0.0005 * rewards) + 0.001 * (50.0 - made)
    made = wp.max(made, 0.0)
    income[i] = made
    held = wp.max(wealth[i] * 0.9995 + 0.02 * made - 0.4 - 0.1 * penalties, 0.0)
    wealth[i] = held
    mobility[i] = mobility[i] + 0.1 * (wp.where((bits & 2) != 0, 0.2, 1.0) - mobility[i])
    stress[i] = stress[i] + 0.05 * (0.25 * penalties - stress[i])
    o = opinion[i]
    o = o + 0.1 * (float(wp.int32(views)) * (1.0 / 524288.0) - o) + 0.05 * (half(wp.uint32(h & wp.uint64(0xFFFF))) - 0.5)
    o = o + wp.where(t <= 1, 0.05 * (1.0 - o), 0.0)
    o = wp.clamp(o, 0.0, 1.0)
    opinion[i] = o
    disp[i] = d + 0.001 * (s * (1.0 / 1300.0) - d)
    fine = wp.int32(s * 32.0)
    word[i] = wp.uint32(fine) | (wp.uint32(wp.int32(o * 65535.0)) << high)
    wp.atomic_add(sums, 0, wp.int64(fine))
    wp.atomic_add(sums, 1, wp.int64(fine) * wp.int64(fine))
    wp.atomic_add(cells, g * 16 + wp.where((bits & 31) != 0, 8, 0) + t, 1)
    wp.atomic_add(bins, wp.min(wp.int32(held), 255), 1)


class Run:
    """A run that is stepped in stretches. Warp uses one core of a CPU."""

    def __init__(self, citizens: int, threads: int):
        first, self.citizens, self.day = start.drawn(citizens), citizens, 0
        tables = (OFTEN, WEIGHT, SPREAD, BIAS, FACTOR, DUE, TERM, np.array(BY, np.uint32), np.array(BACK, np.uint32))
        self.tables, self.columns = [wp.array(t, device="cpu") for t in tables], [wp.array(first[name], device="cpu") for name in FIELDS]
        self.words = [wp.array(start.words(first["score"], first["opinion"]), device="cpu"), wp.zeros(citizens, wp.uint32, device="cpu")]
        self.totals = [wp.zeros(2, wp.int64, device="cpu"), wp.zeros(64, wp.int32, device="cpu"), wp.zeros(256, wp.int32, device="cpu")]

    def days(self, count: int) -> np.ndarray:
        """Steps some days."""
        for day in range(self.day, self.day + count):
            for total in self.totals:
                total.zero_()
            given = [
                self.citizens,
                start.far(self.citizens),
                wp.array(start.keys(day), device="cpu"),
                *self.tables,
                *self.columns,
                *self.words,
            ]
            wp.launch(stepped, dim=self.citizens, inputs=[*given, *self.totals], device="cpu")
            self.words.reverse()
        self.day += count
        return np.concatenate([total.numpy().astype(np.int64) for total in self.totals])
