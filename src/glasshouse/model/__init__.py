"""The words in which a model is written: what is kept, numbers, luck, and steps that name typed functions of one citizen.

    from glasshouse.model import At, Field, Luck, Model, Number, Step, f32, i32, simulate, u32, u64

`simulate` runs a model. The social credit day is written in the same words, and has no others.
"""

from glasshouse.engine.model import At, Field, Luck, Pick, Step
from glasshouse.model.run import Run, simulate
from glasshouse.model.write import Model, Number, places
from glasshouse.rules.maths import f32, i32, i64, normal, u32, u64, unit

__all__ = ["At", "Field", "Luck", "Model", "Number", "Pick", "Run", "Step"]
__all__ += ["f32", "i32", "i64", "normal", "places", "simulate", "u32", "u64", "unit"]
