"""What charts made from tariff lines say of themselves: whose goods, as seen how, weighed by what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tariffs.charts import words
from tariffs.vocabulary import country_adjective, country_title

if TYPE_CHECKING:
    from tariffs.model import View
    from tariffs.products.asking import Asked


def of_goods(asked: Asked) -> str:
    """Return whose duties on whose goods: "US duties on Chinese goods"."""
    return f"{country_adjective(asked.direction.importer)} duties on {country_adjective(asked.direction.origin)} goods"


def seen(view: View) -> str:
    """Return what of a view is not as usual, to be put behind a comma."""
    lawful = ", void duties taken out" if view.basis == "lawful" else ""
    if view.as_of:
        return f"{lawful}, as known by {'law' if view.known == 'law' else 'statement'} on {words.short_day(view.as_of)}"
    return f"{lawful}, by statement, threats that stand included" if view.known == "stated" else lawful


def weighed(asked: Asked, said: dict[Any, Any]) -> str:
    """Return by whose trade shares and averages are taken."""
    return f"weights: US imports from {country_title(asked.direction.origin)} in {said['weights'].rpartition('-')[2]}"
