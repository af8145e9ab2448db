"""The core day in NumPy, as it is written by those who know it: whole columns at a time, its own generators, ties kept as a table."""

import numpy as np
from benchmarks.core_day.engines.start import BIAS, CUTS, DUE, FACTOR, OFTEN, SPREAD, TERM, WEIGHT, drawn, f4, neighbours, totals, words


class Run:
    """A run that is stepped in stretches."""

    def __init__(self, citizens: int, threads: int):
        self.state, self.ties, self.luck = drawn(citizens), neighbours(citizens), np.random.Generator(np.random.SFC64(1))
        self.word = words(self.state["score"], self.state["opinion"])

    def days(self, count: int) -> np.ndarray:
        """Steps some days."""
        for _ in range(count):
            found = self.step()
        return found

    def step(self) -> np.ndarray:
        """One day of everybody."""
        s, luck, one = self.state, self.luck, f4(1)
        n, disp = len(self.word), s["disp"]
        rate, evidence = FACTOR[s["tier"]] * (f4(0.5) + disp), np.zeros(len(disp), f4)
        for c in range(5):
            mean = OFTEN[c] * rate
            wrong = mean * f4(0.03)
            kept, turned = luck.poisson(mean - wrong).astype(f4), luck.poisson(wrong).astype(f4)
            spread = np.sqrt(kept + turned) * SPREAD[c] * luck.standard_normal(n, dtype=f4)
            evidence += WEIGHT[c] * ((kept - turned) * (disp - f4(0.5) + BIAS[c][s["group"]]) + spread)
        heard = self.word[self.ties]
        scores = (heard & np.uint32(0xFFFF)).sum(1, dtype=np.int32).astype(f4) * f4(1 / 256)
        views = (heard >> np.uint32(16)).sum(1, dtype=np.int32).astype(f4) * f4(1 / 524288)
        score = s["score"]
        score = np.clip(score + f4(1.2) * evidence + f4(0.01) * (f4(650) - score) + f4(0.02) * (scores - score), f4(0), f4(1300))
        tier = np.searchsorted(CUTS, score, side="right")
        due, old = DUE[tier], s["flags"].astype(np.int32)
        fresh = (due & ~old) != 0
        left = np.where(fresh, TERM[tier], np.maximum(s["days"].astype(np.int32) - 1, 0))
        flags = np.where(fresh, old | due, np.where(left != 0, old, due))
        penalties, rewards = np.bitwise_count(flags & 31).astype(f4), np.bitwise_count(flags >> 5).astype(f4)
        income = s["income"]
        growth = one + f4(0.01) * luck.standard_normal(n, dtype=f4) - f4(0.002) * penalties + f4(0.0005) * rewards
        income = np.maximum(income * growth + f4(0.001) * (f4(50) - income), f4(0))
        wealth = np.maximum(s["wealth"] * f4(0.9995) + f4(0.02) * income - f4(0.4) - f4(0.1) * penalties, f4(0))
        s["mobility"] += f4(0.1) * (np.where(flags & 2, f4(0.2), one) - s["mobility"])
        s["stress"] += f4(0.05) * (f4(0.25) * penalties - s["stress"])
        opinion = s["opinion"]
        opinion = opinion + f4(0.1) * (views - opinion) + f4(0.05) * (luck.random(n, dtype=f4) - f4(0.5))
        opinion = np.clip(opinion + np.where(tier <= 1, f4(0.05) * (one - opinion), f4(0)), f4(0), one)
        s["disp"] = disp + f4(0.001) * (score * f4(1 / 1300) - disp)
        s |= {"score": score, "wealth": wealth, "income": income, "opinion": opinion, "tier": tier.astype(np.uint8)}
        s |= {"flags": flags.astype(np.uint8), "days": left.astype(np.int16)}
        self.word = words(score, opinion)
        return totals(score, wealth, tier, s["group"], flags)
