"""What people see."""

from tariffs.charts.save import save
from tariffs.charts.stepchart import plot

__all__ = ["plot", "save"]
