"""Carries connections from a unix socket to a port of the loopback. `tunnel` has this program run in the desktop, as it stands.

Usage: python3 -c SOURCE SOCKET PORT     It serves until its first connection, which carries nothing, is closed.
"""

import os
import select
import socket
import sys
import threading

_CHUNK = 1 << 16


def serve(path: str, port: int) -> None:
    """Listen at a path until the connection that came first is closed."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{path}.new")
        listener.listen(16)
        os.rename(f"{path}.new", path)  # who sees it can connect
        first, _ = listener.accept()
        with first:
            threading.Thread(target=_accept, args=(listener, port), daemon=True).start()
            first.recv(1)


def pump(one: socket.socket, other: socket.socket) -> None:
    """Carry bytes both ways until one side is done."""
    while True:
        ready, _, _ = select.select([one, other], [], [])
        for source in ready:
            data = source.recv(_CHUNK)
            if not data:
                return
            (other if source is one else one).sendall(data)


def _accept(listener: socket.socket, port: int) -> None:
    while True:
        client, _ = listener.accept()
        threading.Thread(target=_carry, args=(client, port), daemon=True).start()


def _carry(client: socket.socket, port: int) -> None:
    with client, socket.create_connection(("127.0.0.1", port), timeout=10) as server:
        server.settimeout(None)
        pump(client, server)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
