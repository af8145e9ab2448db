"""The one-page answer of a run: the object that `--json` prints (docs/schema.md)."""

from datetime import timedelta

import numpy as np

from glasshouse.day import ACT, CAUSES, CHANNELS, FALSE, GAME, MECHANISMS, SUMS
from glasshouse.experiments.days import ASKERS, REQUESTS, Kept, Society
from glasshouse.experiments.frames import FEN, INCOME, LABEL, RESIDENCE, SEX, SHAPE, InForce, band_names, yearly_income
from glasshouse.regimes.schema import at

SHARE = 65535
GROUPS = {"group": ("label", LABEL), "quintile": ("income", INCOME), "urban": ("residence", RESIDENCE), "sex": ("sex", SEX)}
"""How the fields by which those who ask for help are told apart are named, and their values."""
BINS = 20


def ratio(part: float, whole: float) -> float | None:
    """A share; None where there is nothing to share."""
    return part / whole if whole else None


def gini(x: np.ndarray) -> float | None:
    """The Gini coefficient of whole or real amounts; None if they do not sum to something.

    >>> gini(np.array([0.0, 0.0, 0.0, 1.0]))
    0.75
    """
    total = float(x.sum())
    if total <= 0:
        return None
    ordered = np.sort(x.astype(np.float64))
    n = len(ordered)
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * total))


def regime_summary(society: Society, kept: Kept, r: int, force: InForce, digest: str) -> dict:
    """Everything that the summary says of one regime."""
    name = society.names[r]
    regime = society.regimes[name]
    sums = {n: kept.sums[:, r, i] for i, n in enumerate(SUMS)}
    scores = society.names.index(regime.beside) if regime.kind == "lot" else r  # a lot falls on those whom the regime beside it covers
    out: dict = {"digest": digest, "covered": int(kept.sums[-1, scores, SUMS.index("covered_sum")]), "score": None, "grades": {}}
    if regime.kind == "points":
        out["score"], out["grades"] = _scores(society, kept, r)
    out |= _consequences(society, kept, r, force)
    out["channels"] = _channels(society, kept, r)
    out["life"] = _life(society, kept, r, sums)
    out["wrong"] = _wrong(society, kept, r, force)
    out |= {"bank": _bank(society, kept, r)} if r in society.banks else {}
    out |= {"help": _help(society, kept, r, sums)} if regime.help is not None else {}
    return out | ({"game": _game(society, kept, r)} if regime.game is not None else {})


def _game(society: Society, kept: Kept, r: int) -> dict:
    """What a cut that people know and game costs those who truly qualify, by fifth of income, and whom it lets in."""
    rows = society.engine.model.measure_rows()
    by_cell = {name: kept.monthly[:, r, rows[name]].sum(0).reshape(SHAPE) for name in GAME}
    total = {name: int(cells.sum()) for name, cells in by_cell.items()}
    fifths = {name: cells.sum(axis=(0, 1, 3, 4)) for name, cells in by_cell.items()}
    mean = lambda part, weeks, per: ratio(int(part), int(weeks) * per)  # noqa: E731
    burden = {
        group: {"yuan": mean(fifths["burden"][i], fifths["qualified"][i], FEN), "days": mean(fifths["burden_days"][i], fifths["qualified"][i], 100)}
        for i, group in enumerate(INCOME)
    }
    days = kept.sums[:, r, SUMS.index("covered_sum")].sum()
    return {"points_bought": total["points_bought"], "aid_fen": total["aid_paid"], "qualified_share": ratio(7 * total["qualified"], int(days)),
            "passed_unqualified_share": ratio(7 * total["passed_unqualified"], int(days)), "burden": burden}


def _bank(society: Society, kept: Kept, r: int) -> dict:
    """What a bank that learns saw of its loans, where it set its cut by it, and what became of those whom it refused."""
    rows, bank = society.engine.model.measure_rows(), society.banks[r]
    ends = ("sound", "failed")
    counted = {name: {end: int(kept.daily[:, r, rows[f"loans_{end}"] + b].sum()) for end in ends} for b, name in band_names(society, r)}
    first = round(float(at(society.regimes[society.names[r]].grades[1].cut, society.start)))
    cuts = {str(society.start + timedelta(days=day)): cut for day, cut in bank.cuts}
    return {"first_cut": first, "last_cut": int(society.rule["cut_1"][r]), "cuts": cuts, "refused": counted.pop("refused"), "bands": counted}


def _help(society: Society, kept: Kept, r: int, sums: dict[str, np.ndarray]) -> dict:
    """What became of requests for help, by whether help was due; who was refused wrongly; how far the eyes or the registry erred."""
    total = {name: int(sums[f"help_{name}"].sum()) for name in ("asked", "due", "granted", "wronged", "spared")}
    undue = total["asked"] - total["due"]
    shares = {
        "granted_share": ratio(total["granted"], total["asked"]),
        "granted_of_due": ratio(total["due"] - total["wronged"], total["due"]),
        "granted_of_undue": ratio(total["spared"], undue),
    }
    wronged = {}
    for axis, (grouping, names) in enumerate(GROUPS[field] for field in ASKERS):
        others = tuple(a for a in range(len(ASKERS)) if a != axis)
        due, refused = (society.asked[r, REQUESTS.index(name)].sum(axis=others) for name in ("due", "wronged"))
        wronged[grouping] = {name: ratio(float(refused[i]), float(due[i])) for i, name in enumerate(names)}
    alike, pairs = int(sums["opinions_alike"].sum()), int(sums["opinions_pairs"].sum())
    entries = {name: int(sums[f"registry_{name}"].sum()) for name in ("missed", "false")}
    return {**total, **shares, "wrongly_refused": wronged, "agreement": ratio(alike, pairs), **entries}


def _last(society: Society, r: int, name: str) -> np.ndarray:
    return society.state.row(name, r)


def _scores(society: Society, kept: Kept, r: int) -> tuple[dict | None, dict]:
    """The scores of those covered on the last day, and the share in each grade."""
    day = kept.daily.shape[0] - 1
    covered = society.covered(r)
    ids = [g.id for g in society.regimes[society.names[r]].grades]
    if not covered.any():
        return None, {g: None for g in ids}
    columns = {n: _last(society, r, n) for n in ("on_file", "stale", "kin", "profile", "dims", "appeal_day", "appeal_points", "bought", "bought_on")}
    score = society.scores(r, columns, day)[covered]
    grades = np.bincount(_last(society, r, "grade")[covered], minlength=len(ids)) / covered.sum()
    quantiles = {f"p{p:02d}": float(np.percentile(score, p, method="inverted_cdf")) for p in (5, 25, 50, 75, 95)}
    return {"mean": float(score.mean()), "sd": float(score.std()), "quantiles": quantiles}, {g: float(grades[i]) for i, g in enumerate(ids)}


def _consequences(society: Society, kept: Kept, r: int, force: InForce) -> dict:
    """Penalties and rewards: whom they met, for how long, what was tried and refused or granted, and the money."""
    rows = society.engine.model.measure_rows()
    out: dict = {"penalties": {}, "rewards": {}}
    for name, bit in force.bits.items():
        on = force.on(name, "in_force")
        total = {m: int(kept.daily[:, r, rows[m] + bit].sum()) for m in ("attempts", "refused", "fen")}
        block = {"citizens_ever": int(len(np.unique(force.slot[on]))), "citizen_days": int((force.end - force.start)[on].sum()), "attempts": total["attempts"]}
        block |= {"refused" if name in force.penalty else "granted": total["refused"], "fen": total["fen"]}
        out["penalties" if name in force.penalty else "rewards"][name] = block
    return out


def _channels(society: Society, kept: Kept, r: int) -> dict:
    """Acts and records by channel: records = own acts recorded + those of others + false ones."""
    rows, kinds = society.engine.model.measure_rows(), society.kinds
    out = {}
    for channel in kinds.known:
        acts = kinds.of_channel(channel)
        count = {m: int(kept.daily[:, r, [rows[m] + k for k in acts]].sum()) for m in ("acts", "own", "sent", "received", "false")}
        often, seen = (int(kept.sums[:, r, SUMS.index(f"{n}_{channel}")].sum()) if channel in CHANNELS else 0 for n in ("times", "seen"))
        watched = society.regimes[society.names[r]].watches
        out[channel] = {"acts": count["acts"] + often, "records": count["own"] + count["received"] + count["false"] + seen,
                        "missed": count["acts"] + often - count["own"] - count["sent"] - seen if watched else 0,
                        "false": count["false"], "misattributed": count["received"]}
    return out


def _life(society: Society, kept: Kept, r: int, sums: dict[str, np.ndarray]) -> dict:
    """How people live on the last day, and what they did in the run."""
    rows, alive = society.engine.model.measure_rows(), society.living()
    n = max(1, int(alive.sum()))
    column = {f: _last(society, r, f)[alive] for f in ("job", "wealth", "public_view")}
    income = yearly_income(society, {"job": _last(society, r, "job")})[alive]
    bins = np.bincount(np.minimum(column["public_view"].astype(np.int64) * BINS // SHARE, BINS - 1), minlength=BINS) / n
    total = {m: int(kept.daily[:, r, rows[m]].sum()) for m in ("trips", "flown", "nights", "loans", "rentals", "defaults", "expelled", "appeals_filed", "appeals_upheld")}
    days = kept.sums[:, r, SUMS.index("living_sum")]
    lived = float(days.sum()) / 365.2425  # years that people lived, all together
    conduct = {f"conduct_{name}_mean": gravity / 10 / lived for name, gravity in zip(("bad", "good"), _conduct(society, kept, r), strict=True)}
    life = society.scenario.catalogue.life
    first = [rows["refused"] + MECHANISMS.index("queue")]
    hours = {"detour_hours": int(kept.daily[:, r, rows["by_rail"]].sum()) * float(life.air.detour_hours.at(society.first)),
             "queue_hours_saved": int(kept.daily[:, r, first].sum()) * float(life.queue.hours.at(society.first))}
    earned = kept.daily[:, r, rows["pay_wages"]]
    last_year = earned[-365:]
    return {"income_mean": float(last_year.sum() / FEN * 365 / days[-365:].sum()), "income_gini": gini(income), "wealth_mean": float(sums["wealth_sum"][-1] / FEN / n),
            "wealth_gini": gini(np.maximum(column["wealth"], 0)), "debt_mean": float(sums["debt_sum"][-1] / FEN / n), **total, **conduct, **hours, "trips_a_year": total["trips"] / lived,
            "expression_mean": float(sums["expression_sum"][-1] / SHARE / n), "opinion_mean": float(sums["opinion_sum"][-1] / SHARE / n),
            "public_opinion_mean": float(sums["public_view_sum"][-1] / SHARE / n), "opinion_effective_number": float(1 / (bins**2).sum()),
            "aware": float(sums["aware_sum"][-1] / n), "jobless": ratio(int(sums["jobless_sum"][-1]), int((column["job"] > 0).sum())), "private_pupils": int(sums["private_sum"][-1])}


def _conduct(society: Society, kept: Kept, r: int) -> tuple[int, int]:
    """The gravity of all bad acts of a run and the worth of all good ones, in tenths."""
    rows, world = society.engine.model.measure_rows(), society.world
    times = {name: kept.daily[:, r, rows[name] : rows[name] + many].sum(0) for name, many in (("acts", len(society.kinds.names)), ("frequent_acts", len(CHANNELS)))}
    act = np.array(society.kinds.classes) == ACT
    bad, good = (int((times["acts"] * world["kind_gravity"])[act & (world["kind_good"] == which)].sum()) for which in (0, 1))
    return bad + int((times["frequent_acts"] * world["daily_gravity"]).sum()), good


def _wrong(society: Society, kept: Kept, r: int, force: InForce) -> dict:
    """How often penalties stood without cause, or failed to stand; why; and what they were for."""
    span = force.end - force.start
    days = {w: sum(int(span[force.on(n, w)].sum()) for n in force.penalty) for w in ("in_force", "clean", "false", "missed")}
    by = np.zeros(len(CAUSES), np.int64)
    for name in force.penalty:
        on = force.on(name, "false")
        by += np.bincount(force.cause[on], span[on], len(CAUSES)).astype(np.int64)
    lot = society.regimes[society.names[r]].kind == "lot"
    lawful, blamed = (int(kept.sums[:, r, SUMS.index(n)].sum()) for n in ("lawful_sum", "blamed_sum"))
    harm, benefit, gravity = _weights(society, kept, r, force)
    lived = kept.sums[:, r, SUMS.index("covered_sum")].sum() / 365
    return {"false_penalty_share": ratio(days["false"], days["in_force"]), "missed_share": ratio(days["missed"], days["clean"]),
            "false_days": days["false"], "missed_days": days["missed"], "penalty_days": days["in_force"],
            "by_cause": {c: None if lot else ratio(int(by[i]), days["false"]) for i, c in enumerate(CAUSES) if i},
            "lawful_share": ratio(lawful, blamed), "disproportion": ratio(harm, gravity),
            "penalty_weight": ratio(harm, lived), "reward_weight": ratio(benefit, lived)}


def _weights(society: Society, kept: Kept, r: int, force: InForce) -> tuple[float, float, float]:
    """The weight of penalty days and of reward days; the gravity of what was recorded."""
    rows, kinds, cat = society.engine.model.measure_rows(), society.kinds, society.scenario.catalogue
    span = force.end - force.start
    day = society.first
    weight = {n: float(cat.consequences[n].weight.at(day)) * int(span[force.on(n, "in_force")].sum()) for n in force.bits}
    harm, benefit = (sum(w for n, w in weight.items() if (n in force.penalty) == bad) for bad in (True, False))
    regime = society.regimes[society.names[r]]
    if not regime.watches:
        return harm, benefit, 0.0
    entered = {name for rule in regime.lists.values() for name in rule.entry}
    points = kept.daily[:, r, rows["points"] : rows["points"] + len(kinds.names)].sum(0)
    costly = [name for k, name in enumerate(kinds.names) if kinds.classes[k] != FALSE and (points[k] < 0 or name in entered)]
    records = {name: int(sum(kept.daily[:, r, rows[m] + kinds.number(name)].sum() for m in ("own", "received", "false"))) for name in costly}
    return harm, benefit, sum(float(g.at(day)) * c for n, c in records.items() if (g := cat.acts[n].gravity))  # none: what is bought
