"""Sweeps: many runs that differ in some numbers and in their luck, by a design that is written down beforehand."""
