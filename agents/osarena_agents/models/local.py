"""A model whose weights are on this machine; see `osarena_agents.models.weights`."""

from __future__ import annotations

from osarena_agents.conversation import Reply
from osarena_agents.models.model import ModelSettings, Request
from osarena_agents.models.openai_chat import OpenAIChat
from osarena_agents.models.pictures import PictureEncoder
from osarena_agents.models.prices import Prices
from osarena_agents.models.served import ServedModel
from osarena_agents.models.service import Clock, Service
from osarena_agents.models.weights import SharedWeights, WeightsName


class LocalModel:
    """Satisfies `Model`. It is made once the weights are loaded, which may take minutes.

    Raises:
        UsageError: there are no such weights, or the packages that load them are missing.
    """

    def __init__(self, weights: str, settings: ModelSettings, prices: Prices, clock: Clock) -> None:
        self._weights = WeightsName.parse(weights)
        self._settings = settings
        self._prices = prices
        self._clock = clock
        self._hold()

    def __repr__(self) -> str:
        return f"LocalModel({self.name!r})"

    @property
    def name(self) -> str:
        """As it was asked for."""
        return self._weights.text

    def ask(self, request: Request) -> Reply:
        """The model's next words. Where the process with the weights was killed, it is started again."""
        if not self._held.is_there:
            self.close()
            self._hold()
        return self._served.ask(request)

    def close(self) -> None:
        """Let go of the weights."""
        self._served.close()
        self._held.let_go()

    def _hold(self) -> None:
        self._held = SharedWeights.hold(self._weights)
        wire = OpenAIChat(self._weights.base, PictureEncoder(self._settings))
        service = Service(self.name, self._held.address, self._settings, self._clock)
        self._served = ServedModel(self.name, wire, service, self._prices)
