"""What people see."""

from tariffs.charts.stepchart import plot
from tariffs.charts.save import save

__all__ = ["plot", "save"]
