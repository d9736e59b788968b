"""The options that every agent with a model has, and the askers that are made of them.

::

    class MyAgent:
        def __init__(self, model: str | Model = "", *, marks: str = "tree", **asking: Unpack[Asking]) -> None:
            (self._asker,) = make_askers([model], asking)

        def reset(self, brief: Brief, *, seed: int) -> None:
            self._asker.begin_job()

An agent's own defaults go in front: ``make_askers([model], Asking(temperature=0.0) | asking)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal, TypedDict, TypeVar

from typing_extensions import override

from osarena.agent import Usage
from osarena.errors import OsarenaError, UsageError
from osarena_agents.conversation import Reply
from osarena_agents.models import Account, Budget, Budgeted, Model, ModelSettings, Request, make_model
from osarena_agents.models.specs import VENDORS
from osarena_agents.turns import Answer, Asker, Manner

T = TypeVar("T")


class Asking(TypedDict, total=False):
    """How models are asked, whatever they are asked; what is not given is as `Manner` and `ModelSettings` have it."""

    # How often a reply that cannot be read is sent back with the reason, in one step.
    retries: int
    # Of a reply, thinking included.
    max_tokens: int | None
    temperature: float | None
    # Of thinking, in the vendor's words: "low", "high".
    effort: str | None
    picture_format: Literal["png", "jpeg", "webp"]
    picture_quality: int
    # Seconds for one request to a service, and to wait out its faults with all that come after; see `ModelSettings`.
    request_timeout_s: float
    patience_s: float
    # A file of prices.
    prices: str | None
    # The most that one job may spend on all models of the agent together; then the desktop is graded as it stands.
    budget_usd: float | None
    budget_tokens: int | None
    budget_calls: int | None


class ModelAsker(Asker):
    """An `Asker` that knows its model and its manner, and when a job begins."""

    def __init__(self, model: Budgeted, manner: Manner) -> None:
        super().__init__(model, manner)
        self.model = model
        self.manner = manner

    def begin_job(self) -> None:
        """Another job begins, which has spent nothing; call it where an agent is reset."""
        self.model.begin_job()

    @property
    def greedy(self) -> float | None:
        """The temperature to ask for what is most likely: 0, if none was wished for. Vendors' newer models refuse any."""
        is_vendors = self.model.name.partition("/")[0] in VENDORS
        return 0.0 if self.manner.temperature is None and not is_vendors else self.manner.temperature

    @contextmanager
    def counting(self) -> Iterator[Callable[[], Usage]]:
        """What is asked inside belongs to one step: gives what it has cost so far, and tells that to an error that ends it.

        All models of the agent count, and replies that nobody could read. For agents that ask more than once in a step.
        """
        before = self.model.spent
        try:
            yield lambda: self.model.spent - before
        except OsarenaError as error:
            error.usage = self.model.spent - before
            raise

    @override
    def ask(self, request: Request, read: Callable[[Reply], T]) -> Answer[T]:
        with self.counting():
            return super().ask(request, read)


def make_askers(models: Sequence[str | Model], asking: Asking) -> list[ModelAsker]:
    """An asker for each model of an agent, all with these options and with one budget in common.

    Args:
        models: as users name them (see `osarena_agents.models.make_model`), or ready to be asked.

    Raises:
        UsageError: an option that there is not, no model, or no key.
    """
    if unknown := set(asking) - set(Asking.__annotations__):
        raise UsageError(f"there is no option {', '.join(sorted(unknown))}; every agent has {', '.join(Asking.__annotations__)}")
    given: Mapping[str, Any] = asking
    manner = Manner(**_among(given, ("temperature", "max_tokens", "effort", "retries")))
    if manner.retries < 0:
        raise UsageError("retries cannot be negative")
    budget = Budget(asking.get("budget_usd"), asking.get("budget_tokens"), asking.get("budget_calls"))
    kept = _among(given, ("picture_format", "picture_quality", "request_timeout_s", "patience_s", "prices"))
    settings = ModelSettings(budget=budget, **kept)
    account = Account()
    return [ModelAsker(_made(model, settings, account), manner) for model in models]


def _made(model: str | Model, settings: ModelSettings, account: Account) -> Budgeted:
    if isinstance(model, str):
        return make_model(model, settings, account=account)
    return Budgeted(model, settings.budget, account)


def _among(given: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Those of these options that were given."""
    return {name: given[name] for name in names if name in given}
