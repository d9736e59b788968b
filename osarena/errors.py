"""Every error that osarena raises on purpose, and what becomes of the job that met it.

::

    OsarenaError
    ├── TaskError            the task file is wrong              -> CHECKER_ERROR, no score
    ├── MachineError         there is no desktop                 -> retried on a fresh one, then DESKTOP_ERROR, no score
    ├── GuestError           the guest does not answer           -> the same
    │   ├── NoSuchFile       depends on who asked: a setup step (the same), `actual` (SCORED, 0), `expected` (CHECKER_ERROR)
    │   └── FileTooLarge     the same as NoSuchFile
    ├── SetupError           a setup step broke its promise      -> the same as MachineError
    ├── ModelError           the model service is not usable     -> MODEL_ERROR, no score, run again on resume
    ├── AgentError           unusable decision, or a crash       -> AGENT_ERROR, score 0
    │   └── BudgetSpent      its model has cost what it may      -> the desktop is graded as it stands
    ├── CheckerError         our probe, reader or metric failed  -> CHECKER_ERROR, no score
    ├── EvidenceMissing      what the agent made is unusable     -> SCORED, 0, with the reason
    ├── StoreError           a run folder cannot be written or read -> the run stops, what is written stays
    └── UsageError           the command or call cannot be carried out as given; nothing was started
"""

from __future__ import annotations

from osarena.types.usage import Usage


class OsarenaError(Exception):
    """The root of the tree; its text is written for the person at the terminal."""

    # What a step of an agent that ends in this error has cost all the same: it said nothing usable, or not all it needed.
    usage = Usage()


class TaskError(OsarenaError):
    """A task file is wrong. The text names the file and the JSON path."""


class MachineError(OsarenaError):
    """A provider could not make, keep or restore a desktop."""


class GuestError(OsarenaError):
    """The guest did not answer, or answered that its desktop is not usable."""


class NoSuchFile(GuestError):
    """The guest was asked for a file that is not there or is not a regular file."""


class FileTooLarge(GuestError):
    """The guest was asked for a file that is larger than it hands out."""


class SetupError(OsarenaError):
    """A setup step did not bring about what it promises."""


class ModelError(OsarenaError):
    """A model service is missing, refuses, or keeps failing."""


class AgentError(OsarenaError):
    """An agent crashed, hung, or decided something that cannot be carried out."""


class BudgetSpent(AgentError):
    """A job has spent what it may on its model. The episode is over, and the desktop is graded as it stands."""


class CheckerError(OsarenaError):
    """A probe, reader or metric failed by a fault of ours; the episode has no score."""


class EvidenceMissing(OsarenaError):
    """What the agent left behind cannot be used as evidence: missing, unreadable, of another kind."""


class StoreError(OsarenaError):
    """A run folder cannot be written or read: a full disk, no permission, another runner, a damaged line."""


class UsageError(OsarenaError):
    """A command or call cannot be carried out as given; the text says what to do instead."""
