"""The core day in JAX: one compiled scan over the days, the hash and the ties worked out in the program, small tables by selection."""

import jax
import jax.numpy as jnp
import numpy as np
from benchmarks.core_day.engines import start
from benchmarks.core_day.engines.start import BACK, BIAS, BY, CUTS, DUE, FACTOR, FIELDS, OFTEN, QUANTILE, SHIFT, SPREAD, TERM, WEIGHT
from jax import lax

jax.config.update("jax_enable_x64", True)
f4, i4, i8, u4, u8 = jnp.float32, jnp.int32, jnp.int64, jnp.uint32, np.uint64
LOW, HIGH, LAST = np.uint32(0xFFFF), np.uint32(16), np.uint32(4095)


def mixed(z):
    """A 64-bit hash."""
    z = (z ^ (z >> u8(30))) * u8(start.MIX_1)
    z = (z ^ (z >> u8(27))) * u8(start.MIX_2)
    return z ^ (z >> u8(31))


def normal(word):
    """The normal quantile of a word."""
    v = (((word >> np.uint32(9)).astype(i4)).astype(f4) + f4(0.5)) * np.float32(0.5 / 8388608)
    v, z = jnp.sqrt(jnp.sqrt(jnp.sqrt(v))), np.float32(QUANTILE[8])
    for c in QUANTILE[7::-1]:
        z = np.float32(c) + v * z
    return jnp.where((word & np.uint32(256)) != 0, -z, z)


def half(word):
    """A uniform number of 16 bits."""
    return (word.astype(i4).astype(f4) + f4(0.5)) * np.float32(1 / 65536)


def acts(drawn, rate):
    """So many acts, at most ten."""
    x = rate * f4(0.125)
    p = f4(1) + x * (f4(-1) + x * (f4(0.5) + x * (np.float32(-1 / 6) + x * (np.float32(1 / 24) + x * np.float32(-1 / 120)))))
    p = p * p
    p = p * p
    p = p * p
    s, n = p, (drawn > p).astype(f4)
    for k in range(1, 10):
        p = p * rate * np.float32(1 / k)
        s = s + p
        n = n + (drawn > s).astype(f4)
    return n


def mistakes(drawn, rate):
    """So many of a few, at most two."""
    none = f4(1) + rate * (f4(-1) + rate * (f4(0.5) - rate * np.float32(1 / 6)))
    return (drawn > none).astype(f4) + (drawn > none * (f4(1) + rate)).astype(f4)


def chosen(table, place):
    """A small table by selection, which is vector code where a lookup is not."""
    found = jnp.full(place.shape, table[0])
    for k in range(1, len(table)):
        found = jnp.where(place == k, table[k], found)
    return found


def stepped(state, key, citizens):
    """One day of everybody: the new state and the totals."""
    score, wealth, income, disp, opinion, mobility, stress, tier, group, flags, days, word = state
    slot = lax.iota(jnp.uint64, citizens)
    turn, g = slot * u8(start.TURN), group.astype(i4)

    def luck(k):
        h = mixed(turn + key[k])
        return h.astype(u4), (h >> u8(32)).astype(u4)

    rate, evidence = chosen(FACTOR, tier.astype(i4)) * (f4(0.5) + disp), jnp.zeros(citizens, f4)
    for c in range(5):
        many, good = luck(c)
        mean = OFTEN[c] * rate
        wrong = mean * np.float32(0.03)
        kept, turned = acts(half(many & LOW), mean - wrong), mistakes(half(many >> HIGH), wrong)
        quality = disp - f4(0.5) + chosen(BIAS[c], g)
        evidence = evidence + WEIGHT[c] * ((kept - turned) * quality + jnp.sqrt(kept + turned) * SPREAD[c] * normal(good))
        evidence = lax.optimization_barrier(evidence)
    first = slot & ~u8(4095)
    place, by_block = (slot & u8(4095)).astype(u4), ((first * u8(start.TURN)) >> u8(40)).astype(u4)
    first, scores, views = first.astype(i4), jnp.zeros(citizens, u4), jnp.zeros(citizens, u4)
    far = start.far(citizens)
    heard = [jnp.roll(word, -far), jnp.roll(word, far)]
    for by, back, shift in zip(BY, BACK, SHIFT, strict=True):
        turned = by_block + np.uint32(shift)
        heard += [word[first + ((np.uint32(by) * place + turned) & LAST).astype(i4)]]
        heard += [word[first + ((np.uint32(back) * (place - turned)) & LAST).astype(i4)]]
    for w in heard:
        scores, views = scores + (w & LOW), views + (w >> HIGH)
    scores, views = scores.astype(i4).astype(f4) * f4(1 / 256), views.astype(i4).astype(f4) * f4(1 / 524288)
    scores, views = lax.optimization_barrier((scores, views))
    score = score + f4(1.2) * evidence + f4(0.01) * (f4(650) - score) + f4(0.02) * (scores - score)
    score = jnp.clip(score, f4(0), f4(1300))
    score = lax.optimization_barrier(score)
    tier = sum((score >= cut).astype(i4) for cut in CUTS)
    due, old = chosen(DUE, tier), flags.astype(i4)
    fresh = (due & ~old) != 0
    left = jnp.where(fresh, chosen(TERM, tier), jnp.maximum(days.astype(i4) - 1, 0))
    bits = jnp.where(fresh, old | due, jnp.where(left != 0, old, due))
    tier, bits, left = lax.optimization_barrier((tier, bits, left))
    penalties, rewards = lax.population_count(bits & 31).astype(f4), lax.population_count(bits >> 5).astype(f4)
    many, good = luck(5)
    growth = f4(1) + f4(0.01) * normal(good) - f4(0.002) * penalties + f4(0.0005) * rewards
    income = jnp.maximum(income * growth + f4(0.001) * (f4(50) - income), f4(0))
    wealth = jnp.maximum(wealth * f4(0.9995) + f4(0.02) * income - f4(0.4) - f4(0.1) * penalties, f4(0))
    income, wealth = lax.optimization_barrier((income, wealth))
    mobility = mobility + f4(0.1) * (jnp.where((bits & 2) != 0, f4(0.2), f4(1)) - mobility)
    stress = stress + f4(0.05) * (f4(0.25) * penalties - stress)
    opinion = opinion + f4(0.1) * (views - opinion) + f4(0.05) * (half(many & LOW) - f4(0.5))
    opinion = jnp.clip(opinion + jnp.where(tier <= 1, f4(0.05) * (f4(1) - opinion), f4(0)), f4(0), f4(1))
    opinion = lax.optimization_barrier(opinion)
    disp = disp + f4(0.001) * (score * np.float32(1 / 1300) - disp)
    fine = (score * f4(32)).astype(i4)
    word = fine.astype(u4) | ((opinion * f4(65535)).astype(i4).astype(u4) << HIGH)
    cell, bin_ = g * 16 + jnp.where((bits & 31) != 0, 8, 0) + tier, jnp.minimum(wealth.astype(i4), 255)
    cells = jnp.stack([(cell == k).sum(dtype=i8) for k in range(64)])
    high = ((bin_ >> 4)[:, None] == jnp.arange(16)).astype(f4).reshape(-1, 4096, 16)
    low = ((bin_ & 15)[:, None] == jnp.arange(16)).astype(f4).reshape(-1, 4096, 16)
    bins = jnp.einsum("bni,bnj->bij", high, low).astype(i8).sum(0).reshape(256)
    fine = fine.astype(i8)
    total = jnp.concatenate([jnp.stack([fine.sum(), (fine * fine).sum()]), cells, bins])
    kept = tier.astype(jnp.uint8), group, bits.astype(jnp.uint8), left.astype(jnp.int16), word
    return (
        score,
        wealth,
        income,
        disp,
        opinion,
        mobility,
        stress,
        *kept,
    ), total  # barriers keep fusion from computing the same thing many times


class Run:
    """A run that is stepped in stretches, each of a length that was compiled once."""

    def __init__(self, citizens: int, threads: int):
        first = start.drawn(citizens)
        self.state, self.day = (
            tuple(jnp.array(first[name]) for name in FIELDS) + (jnp.array(start.words(first["score"], first["opinion"])),),
            0,
        )
        self.scan = jax.jit(lambda state, keys: lax.scan(lambda s, key: stepped(s, key, citizens), state, keys), donate_argnums=0)

    def days(self, count: int) -> np.ndarray:
        """Steps some days."""
        keys = jnp.array(np.stack([start.keys(day) for day in range(self.day, self.day + count)]))
        self.state, found = jax.block_until_ready(self.scan(self.state, keys))
        self.day += count
        return np.asarray(found[-1])
