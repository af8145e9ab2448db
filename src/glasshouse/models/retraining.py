"""Retraining: a bank predicts what people do, people answer the prediction, the bank learns anew. Does it come to rest?"""

from functools import cache

import numpy as np

from glasshouse.model import Field, Luck, Model, Number, Step, i64, normal, simulate, u32, u64
from glasshouse.models.rows import Row

f64 = np.float64
FINE = f64(1_000_000_000)  # totals are whole numbers: in billionths


def learns(yesterday_done: i64, citizens: u64, regularity: f64) -> f64:
    """The new prediction: the mean of what all did yesterday, which minimises the squared error; held towards 0 by the regularity."""
    return f64(yesterday_done) / FINE / f64(citizens) / (f64(1) + regularity)


def answers(prediction: f64, base: f64, answer: f64, spread: f64, luck_a: u32) -> tuple[f64, i64]:
    """What one does today: as by nature, moved by the prediction, with luck; and the same as a whole number."""
    done = base + answer * prediction + spread * f64(normal(luck_a))
    return done, i64(done * FINE)


MODEL = Model(
    name="retraining",
    about="When does a bank come to rest that learns again and again from people who answer its predictions?",
    source="Perdomo, Zrnic, Mendler-Dünner & Hardt 2020, Performative prediction, arXiv:2002.06673.",
    fields=(Field("done", "f8", "", "What one did."),),
    numbers=(
        Number("base", 1.0, "", "made", "What people do whom nobody predicts, on average.", dtype="f8"),
        Number("answer", 0.5, "", "made", "How far conduct moves when the prediction moves by one.", 0, 2, dtype="f8"),
        Number("spread", 0.0, "", "made", "Standard deviation of conduct.", 0, 10, dtype="f8"),
        Number("regularity", 0.0, "", "made", "Weight of the square of the prediction in what the bank minimises.", 0, 10, dtype="f8"),
    ),
    luck=(Luck("retraining.day", ("luck_a", "luck_b", "luck_c", "luck_d")),),
    start=(),
    chain=(Step(learns, "tile", ("prediction",)), Step(answers, "tile", ("done", "=done"))),
    totals=("done",),
    size=(1, 30),
)
MANY, LONG = 10_000, 200


@cache
def learnt(answer: float, retrainings: int, regularity: float = 0.0, spread: float = 0.0) -> float:
    """The prediction after so many retrainings, from 0; of one citizen where conduct has no luck, else of ten thousand."""
    run = simulate(MODEL, MANY if spread else 1, retrainings, answer=answer, regularity=regularity, spread=spread)
    return float(run.totals["done"][-1, 0]) / float(FINE) / run.citizens / (1 + regularity)


_SOURCE = "Squared loss, mean base + answer x prediction: base x (1 - answer^t) / (1 - answer)."
ROWS = (
    Row("prediction, answer 0.5, in the end", 2.0, 1e-6, "exact", "derived", _SOURCE, lambda: learnt(0.5, LONG)),
    Row("prediction, answer 0.9, after 30", 9.576, 5e-4, "exact", "derived", _SOURCE, lambda: learnt(0.9, 30)),
    Row("prediction, answer 0.9, in the end", 10.0, 1e-6, "exact", "derived", _SOURCE, lambda: learnt(0.9, LONG)),
    Row("prediction, answer 1.1, after 30: no rest", 164.494, 5e-4, "exact", "derived", _SOURCE, lambda: learnt(1.1, 30)),
    Row("prediction, answer 1.1, regularity 0.2", 10.0, 1e-6, "exact", "derived",
        "It rests where the answer is below 1 + regularity, at base / (1 + regularity - answer).", lambda: learnt(1.1, LONG, 0.2)),
    Row("prediction, answer 0.5, among 10,000", 2.0, 0.0462, "sampled", "derived", _SOURCE, lambda: learnt(0.5, 30, spread=1.0)),
    Row("prediction, answer 0.9, after 30, among 10,000", 9.576, 0.0917, "sampled", "derived", _SOURCE,
        lambda: learnt(0.9, 30, spread=1.0)),
)  # fmt: skip
