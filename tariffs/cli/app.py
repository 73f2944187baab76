"""The group that all commands belong to."""

from __future__ import annotations

import click

from tariffs.cli.shell import Shell


@click.group(cls=Shell, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tariffs", prog_name="tariffs")
def main() -> None:
    """Tariff rates as sourced, dated time series.

    Directions are written us_on_cn: the tariffs of the US on goods of China. Dates are YYYY-MM-DD, the calendar day of the
    importing territory. Data goes to standard output, talk to standard error.
    """
