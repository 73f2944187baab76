"""The command line: a thin shell over the library. It computes nothing."""

from tariffs.cli.commands import main

__all__ = ["main"]
