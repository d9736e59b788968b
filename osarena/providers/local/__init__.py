"""Desktops in bubblewrap sandboxes on this machine.

Read `provider` (what callers see), then `desktop` (one sandbox from start to stop), then `sandbox` (what it sees of the host).
Beside them: `image` and `etc` and `home/` (what every desktop finds inside), `limits` (memory and
processes), `estate` and `janitor` (nothing is left behind, even after `kill -9`), `requirements` (what the host must offer).
"""

from osarena.providers.local.provider import LocalProvider

__all__ = ["LocalProvider"]
