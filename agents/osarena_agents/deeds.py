"""What an agent has done in an episode, and what became of it, in words for its model."""

from __future__ import annotations

from dataclasses import dataclass

from osarena.types.observation import Observation
from osarena_agents.turns import outcome


@dataclass(slots=True)
class Deed:
    """A step that was taken: what was wanted, and what became of it once that is known."""

    wanted: str
    became: str = ""

    @property
    def outcome(self) -> str:
        """What follows on what was wanted."""
        separator = "\n" if "\n" in self.wanted else " "
        return f"{separator}-> {self.became}" if self.became else ""


class Deeds:
    """The steps of an episode. Call `see` with each look before anything else, and `add` with each decision."""

    def __init__(self) -> None:
        self._deeds: list[Deed] = []
        self._seen: Observation | None = None

    @property
    def seen(self) -> Observation | None:
        """The look at which the last step was decided, if there was one."""
        return self._seen

    def see(self, observation: Observation) -> None:
        """Note what became of the last step."""
        if self._deeds and self._seen is not None:
            self._deeds[-1].became = outcome(self._seen, observation)

    def add(self, wanted: str, observation: Observation) -> None:
        """Note what is done now.

        Args:
            observation: the look at which it was decided.
        """
        self._deeds.append(Deed(wanted))
        self._seen = observation

    def told(self, last: int, *, empty: str, outcomes: bool = True) -> str:
        """The last steps: ``Step 3: click the button "Save" -> done``. What became of one of several lines has its own line.

        Args:
            last: so many of them, at most.
            empty: what it says where there are none.
            outcomes: say what became of them.
        """
        first = max(len(self._deeds) - last, 0)
        lines = (
            f"Step {number}: {deed.wanted}{deed.outcome if outcomes else ''}"
            for number, deed in enumerate(self._deeds[first:], first + 1)
        )
        return "\n".join(lines) or empty
