"""Serves weights until nobody holds on to them any more, or until Ctrl-C where a person started it."""

from __future__ import annotations

import argparse
import json
import secrets
import socket
import sys
import threading
from contextlib import suppress

import waitress

from osarena.errors import OsarenaError
from osarena_agents.models.weights.batching import Batcher
from osarena_agents.models.weights.holders import Holders
from osarena_agents.models.weights.names import WeightsName
from osarena_agents.models.weights.server import create_app

_THREADS = 64  # one for each who may ask at the same time


def main() -> None:
    """Load, serve, and tell where."""
    options = _parser().parse_args()
    holders = Holders(socket.socket(fileno=options.holders)) if options.holders is not None else None
    try:
        name = WeightsName.parse(options.weights.removeprefix("hf:"))
        from osarena_agents.models.weights.engine import Engine
        from osarena_agents.models.weights.loading import load

        engine = Engine(load(name, dtype=options.dtype))
    except (OsarenaError, ImportError) as error:
        if holders is None:
            sys.exit(str(error))
        holders.tell(json.dumps({"error": str(error)}))
        return
    key = secrets.token_urlsafe(32)
    app = create_app(name.text, Batcher(engine.generate, at_most=options.batch), key)
    server = waitress.create_server(app, host="127.0.0.1", port=options.port, threads=_THREADS)
    threading.Thread(target=server.run, daemon=True).start()
    url = f"http://127.0.0.1:{server.effective_port}/v1"
    if holders is None:
        sys.stdout.write(f"OSARENA_MODEL_KEY={key} osarena run --model {url}#{name.base}\n")
        sys.stdout.flush()
        with suppress(KeyboardInterrupt):
            threading.Event().wait()
    else:
        holders.tell(json.dumps({"url": url, "key": key}))
        holders.wait_until_gone(options.linger)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m osarena_agents.models.weights", description=__doc__)
    parser.add_argument("weights", help="hf:PATH-or-NAME, or hf:BASE+ADAPTER")
    parser.add_argument("--port", type=int, default=0, help="of loopback; 0 takes a free one")
    parser.add_argument("--dtype", default="auto", help="such as bfloat16; auto is that on an accelerator")
    parser.add_argument("--batch", type=int, default=8, help="the most prompts that are generated together")
    parser.add_argument("--holders", type=int, help=argparse.SUPPRESS)  # the socket of those who need the weights
    parser.add_argument("--linger", type=float, default=0.0, help=argparse.SUPPRESS)  # seconds after the last of them
    return parser


if __name__ == "__main__":
    main()
