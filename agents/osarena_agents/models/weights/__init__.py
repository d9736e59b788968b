"""Weights on this machine as a model: ``hf:PATH-or-NAME``, or ``hf:BASE+ADAPTER`` with a LoRA adapter.

All agents of a run share one process that holds the weights (`server`), so that they lie in memory once and what several
workers ask at the same time is generated together (`batching`). The first that needs the weights starts that process, the
others join it, and it ends when nobody holds on to it any more (`shared`). It speaks OpenAI's chat protocol on loopback, so
the client is the one of every other server. `loading` reads the weights, `engine` generates; only these two import torch.

By hand, for whatever else speaks that protocol::

    python -m osarena_agents.models.weights hf:OS-Copilot/OS-Atlas-Base-7B --port 8000
"""

from __future__ import annotations

from osarena_agents.models.weights.names import WeightsName
from osarena_agents.models.weights.shared import SharedWeights

__all__ = ["SharedWeights", "WeightsName"]
