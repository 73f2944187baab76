"""What people see."""

from tariffs.charts.save import alt_text, save
from tariffs.charts.stepchart import plot

__all__ = ["alt_text", "plot", "save"]
