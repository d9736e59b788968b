"""Models, whoever makes them: one way to ask, and what asking costs.

::

    model = make_model("anthropic/claude-sonnet-5")
    reply = model.ask(Request([Message("user", [Text("What is on this screen?"), Picture(pixels)])]))

A reader starts at `model` (`Request`, `Model`, `ModelSettings`). A *wire* (`openai_chat`, `openai_responses`, `anthropic`,
`gemini`) translates a request into a vendor's protocol and the answer back; `service` sends it, waits out what passes and
says what does not; `prices` knows what it cost, and `budget` when to stop. `specs` reads what users write. Weights on this
machine (`local`, `weights`) are served by a process that all agents share.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from osarena.errors import BudgetSpent, UsageError
from osarena_agents.models.anthropic import Anthropic
from osarena_agents.models.budget import Account, Budgeted
from osarena_agents.models.gemini import Gemini
from osarena_agents.models.local import LocalModel
from osarena_agents.models.model import Budget, ConversationTooLong, FunctionTool, Model, ModelSettings, Request, Wire
from osarena_agents.models.openai_chat import OpenAIChat
from osarena_agents.models.openai_responses import OpenAIResponses
from osarena_agents.models.pictures import PictureEncoder
from osarena_agents.models.prices import Prices
from osarena_agents.models.served import ServedModel
from osarena_agents.models.service import Clock, Service
from osarena_agents.models.specs import Spec

__all__ = [
    "Account",
    "Budget",
    "BudgetSpent",
    "Budgeted",
    "ConversationTooLong",
    "FunctionTool",
    "Model",
    "ModelSettings",
    "Request",
    "make_model",
]

_WIRES: Mapping[str, Callable[[str, ModelSettings], Wire]] = {
    "openai": lambda name, settings: OpenAIChat(name, PictureEncoder(settings), limit_field="max_completion_tokens"),
    "openai-responses": lambda name, settings: OpenAIResponses(name, PictureEncoder(settings)),
    "anthropic": lambda name, settings: Anthropic(name, PictureEncoder(settings), caching=settings.prompt_caching),
    "gemini": lambda name, settings: Gemini(name, PictureEncoder(settings)),
    "url": lambda name, settings: OpenAIChat(name, PictureEncoder(settings)),
}


def make_model(
    spec: str | None,
    settings: ModelSettings = ModelSettings(),
    *,
    account: Account | None = None,
    environ: Mapping[str, str] | None = None,
    clock: Clock | None = None,
) -> Budgeted:
    """The model that a user means, ready to be asked. Nothing is asked yet, but weights on this machine are loaded.

    Args:
        spec: ``openai/NAME``, ``openai-responses/NAME``, ``anthropic/NAME``, ``gemini/NAME``, ``http://HOST/v1#NAME`` or
            ``hf:PATH-or-NAME``, which may be followed by ``+ADAPTER``.
        account: what the agent's models share, if there are several; one of its own if not given.
        environ: where keys and base URLs are looked up; the process's environment if not given.

    Raises:
        UsageError: no model, no key, no such weights, no such file of prices, or a budget in dollars for a model without a price.
    """
    environ = os.environ if environ is None else environ
    wanted = Spec.parse(spec)
    prices = Prices.load(settings.prices or environ.get("OSARENA_PRICES") or None)
    if settings.budget.usd is not None and prices.find(wanted.text) is None:
        raise UsageError(
            f"a budget in dollars needs to know what {wanted.text} costs: name a file of prices in OSARENA_PRICES, "
            "or limit tokens or calls instead"
        )
    if wanted.kind == "hf":
        return Budgeted(LocalModel(wanted.model, settings, prices, clock or Clock()), settings.budget, account)
    address = wanted.address(environ)
    service = Service(wanted.text, address, settings, clock or Clock())
    model = ServedModel(wanted.text, _WIRES[wanted.kind](wanted.model, settings), service, prices)
    return Budgeted(model, settings.budget, account)
