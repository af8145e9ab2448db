"""Carrying out scenarios: one run, its arrays, its tables."""
