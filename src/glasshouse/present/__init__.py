"""A finished run as a page that people can read: one file, opened without a network."""

from .headlines import headlines
from .report import report, write_report

__all__ = ["headlines", "report", "write_report"]
