"""What a program says that runs in the desktop, as the desktop's user.

An agent with a shell can change what such a program sees, so files, sites and settings are the better evidence.
"""

from __future__ import annotations

from collections.abc import Sequence

from osarena.errors import CheckerError, EvidenceMissing, NoSuchFile
from osarena.grading.model import live_probe, probe
from osarena.guest.client import Guest


@probe
def command(guest: Guest, argv: Sequence[str]) -> bytes:
    """The standard output of a program. Raises EvidenceMissing where it fails or takes over 30 s."""
    return output_of(guest, argv)


@live_probe
def live(guest: Guest, argv: Sequence[str]) -> bytes:
    """The standard output of a program, while the session is still running."""
    return output_of(guest, argv)


@live_probe
def processes(guest: Guest) -> bytes:
    """The command lines of all processes of the desktop, one a line."""
    return output_of_ours(guest, ("ps", "-e", "-o", "args="))


@live_probe
def setting(guest: Guest, channel: str, name: str) -> bytes:
    """A setting of XFCE as text: `channel` "xsettings" and `name` "/Net/ThemeName", as xfconf-query prints it."""
    return output_of_ours(guest, ("xfconf-query", "--channel", channel, "--property", name))


@live_probe
def settings(guest: Guest, channel: str) -> bytes:
    """All settings of a channel of XFCE ("xfwm4"), one a line with its value, as xfconf-query lists them."""
    return output_of_ours(guest, ("xfconf-query", "--channel", channel, "--list", "--verbose"))


def output_of_ours(guest: Guest, argv: Sequence[str]) -> bytes:
    """The same for a program that every desktop has. Raises CheckerError where this one has not."""
    try:
        return output_of(guest, argv)
    except NoSuchFile as error:
        raise CheckerError(f"the desktop has no program {argv[0]}") from error


def output_of(guest: Guest, argv: Sequence[str], *, timeout_s: float = 30.0) -> bytes:
    """The standard output of a program that ended well.

    Raises:
        EvidenceMissing: it did not; the text has its last words.
    """
    done = guest.run(argv, timeout_s=timeout_s)
    if done.exit_code == 0:
        return done.stdout
    end = f"was stopped after {timeout_s:g} s" if done.exit_code is None else f"ended with code {done.exit_code}"
    words = done.stderr.decode("utf-8", "replace").strip()[-200:]
    raise EvidenceMissing(f"{argv[0]} {end}" + (f": {words}" if words else ""))
