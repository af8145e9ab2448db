"""The rules of a day: one file a stage, pure scalar functions of one citizen, in ordinary typed Python.

Called as they stand they are the explanation and the slow reference; the engine compiles the same functions over
everybody. They know no file, no clock and no other citizen: what a stage may use is in its signature.
"""
