"""What tokens cost: the table that comes along, and a user's own on top of it."""

from __future__ import annotations

import logging
import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, NonNegativeFloat, PositiveInt, TypeAdapter, ValidationError

from osarena.agent import Usage
from osarena.errors import UsageError
from osarena_agents.models.model import Tokens

logger = logging.getLogger(__name__)

# What names of models carry behind the model: -20251101, -2026-03-05, -10-2025, -latest, -preview.
_EDITION = re.compile(r"-(\d{8}|\d{4}-\d{2}-\d{2}|\d{2}-\d{4}|latest|preview)$")
_MILLION = 1_000_000


class Rates(BaseModel):
    """US dollars per million tokens. Without `cached` or `cache_write` these cost as much as any input."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: NonNegativeFloat
    output: NonNegativeFloat
    cached: NonNegativeFloat | None = None
    cache_write: NonNegativeFloat | None = None

    def cost(self, tokens: Tokens) -> float:
        """US dollars."""
        plain = max(tokens.prompt - tokens.cached - tokens.cache_written, 0)
        cached = self.input if self.cached is None else self.cached
        cache_write = self.input if self.cache_write is None else self.cache_write
        return (
            plain * self.input + tokens.cached * cached + tokens.cache_written * cache_write + tokens.reply * self.output
        ) / _MILLION


class LongRates(Rates):
    """What the whole request costs once its prompt has more than `above` tokens."""

    above: PositiveInt


class Price(Rates):
    """The price of a model."""

    long: LongRates | None = None

    def cost(self, tokens: Tokens) -> float:
        """US dollars."""
        if self.long is not None and tokens.prompt > self.long.above:
            return self.long.cost(tokens)
        return super().cost(tokens)


_TABLE = TypeAdapter(dict[str, dict[str, Price]])


class Prices:
    """Knows what models cost."""

    def __init__(self, table: Mapping[str, Price]) -> None:
        self._table = dict(table)
        self._missed: set[str] = set()

    @classmethod
    def load(cls, own: str | Path | None = None) -> Prices:
        """The prices that come along, and on top of them those of a TOML file of the same form.

        Raises:
            UsageError: the file cannot be read, or is no table of prices; the text names the entry.
        """
        table = _read(files("osarena_agents.models").joinpath("prices.toml").read_text(), "prices.toml")
        if own is not None:
            try:
                text = Path(own).expanduser().read_text()
            except (OSError, UnicodeDecodeError) as error:
                raise UsageError(f"cannot read the prices in {own}: {error}") from error
            table |= _read(text, str(own))
        return cls(table)

    def find(self, model: str) -> Price | None:
        """The price of a model by the name that was asked for (``openai/gpt-5.4``), or None.

        Without an entry under its full name, a dated edition costs what the model costs. A model behind a URL has its entry
        under ``[url]``, by what stands behind the ``#``. Weights on this machine cost nothing by the token.
        """
        if model.startswith("hf:"):
            return Price(input=0.0, output=0.0)
        vendor, _, name = ("url", "#", model.partition("#")[2]) if "://" in model else model.partition("/")
        # The same models speak two protocols.
        vendor = "openai" if vendor == "openai-responses" else vendor
        while True:
            price = self._table.get(f"{vendor}/{name}")
            shorter = _EDITION.sub("", name)
            if price is not None or shorter == name:
                return price
            name = shorter

    def usage(self, model: str, tokens: Tokens) -> Usage:
        """What one call cost. Where no price is known it cost nothing, which is said once."""
        price = self.find(model)
        if price is None and model not in self._missed:
            self._missed.add(model)
            logger.warning("no price is known for %s: its cost counts as 0 (see OSARENA_PRICES in agents/README.md)", model)
        return Usage(
            prompt_tokens=tokens.prompt,
            completion_tokens=tokens.reply,
            cached_tokens=tokens.cached,
            cost_usd=price.cost(tokens) if price else 0.0,
            calls=1,
        )


def _read(text: str, where: str) -> dict[str, Price]:
    """Prices by ``vendor/model``."""
    try:
        tables: dict[str, Any] = tomllib.loads(text)
        vendors = _TABLE.validate_python(tables)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{where} is no TOML: {error}") from error
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(str(part) for part in problem["loc"])
        raise UsageError(f"{where} is no table of prices: {place}: {problem['msg']}") from error
    return {f"{vendor}/{model}": price for vendor, models in vendors.items() for model, price in models.items()}
