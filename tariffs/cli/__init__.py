"""The command line: a thin shell over the library. It computes nothing."""

from tariffs.cli import drawing as drawing
from tariffs.cli import numbers as numbers
from tariffs.cli import products as products
from tariffs.cli import record as record
from tariffs.cli import studies as studies
from tariffs.cli.app import main

__all__ = ["main"]
