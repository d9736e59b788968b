"""The /etc of a desktop: made, not the host's.

Of the host it holds only what applications read to work at all (fonts, alternatives, defaults of toolkits), and of that
only what everybody may read.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from osarena.providers.local.sandbox import HOME, USER, USER_ID
from osarena_guest.protocol import DEBUGGING_PORT

# Names below the host's /etc that applications need; those that are missing do not matter.
_COPIED = (
    "ImageMagick-6 X11 alternatives at-spi2 chromium chromium.d dbus-1 debian_version dictionaries-common fonts gimp glvnd"
    " gtk-2.0 gtk-3.0 gtk-4.0 inputrc ld.so.cache libreoffice magic mailcap mime.types openal papersize protocols pulse"
    " services terminfo thunderbird tigervnc vdpau_wrapper.cfg vulkan xdg xml"
).split()

_MACHINE_ID = "05a2e4a0de5c4f0f8d1f6a7b3c9e1d20"

_CHROMIUM_FLAGS = (
    "--no-sandbox"  # its own needs user namespaces, which this desktop is made of already
    " --force-renderer-accessibility"
    f" --remote-debugging-port={DEBUGGING_PORT}"
    " --no-first-run --no-default-browser-check --password-store=basic"
    " --disable-background-networking --disable-component-update --disable-sync --disable-breakpad"
    " --disable-gpu --disable-features=Translate,MediaRouter,OptimizationHints"
)

_CHROMIUM_POLICY = {
    # The browser's own warning about --no-sandbox would take a strip of every page.
    "CommandLineFlagSecurityWarningsEnabled": False,
    # Which page a new tab shows depends on the country that the browser guesses, and none can be reached.
    "NewTabPageLocation": "about:blank",
}

# What a user of Thunderbird has answered long ago.
_THUNDERBIRD_PREFERENCES: dict[str, bool | int] = {
    "app.donation.eoy.version.viewed": 999,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.rights.version": 1,
    "mail.shell.checkDefaultClient": False,
    "mail.spotlight.firstRunDone": True,
    "mailnews.start_page.enabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}

_MADE = {
    "bash.bashrc": "PS1='\\[\\e]0;\\u@\\h: \\w\\a\\]\\u@\\h:\\w\\$ '\nshopt -s checkwinsize\n",
    "chromium.d/osarena": f'export CHROMIUM_FLAGS="$CHROMIUM_FLAGS {_CHROMIUM_FLAGS}"\n',
    "chromium/policies/managed/osarena.json": json.dumps(_CHROMIUM_POLICY) + "\n",
    "group": f"root:x:0:\ntty:x:5:\n{USER}:x:{USER_ID}:\nnogroup:x:65534:\n",
    "hostname": "desktop\n",
    "hosts": "127.0.0.1\tlocalhost desktop\n::1\tlocalhost\n",
    "machine-id": f"{_MACHINE_ID}\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\nservices: files\nprotocols: files\n",
    "passwd": (
        "root:x:0:0:root:/root:/usr/sbin/nologin\n"
        f"{USER}:x:{USER_ID}:{USER_ID}:User:{HOME}:/bin/bash\n"
        "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
    ),
    "profile": '[ -n "$BASH_VERSION" ] && [ -r /etc/bash.bashrc ] && . /etc/bash.bashrc\n',
    "resolv.conf": "",
    "thunderbird/pref/osarena.js": "".join(
        f'pref("{name}", {json.dumps(value)});\n' for name, value in _THUNDERBIRD_PREFERENCES.items()
    ),
    "shells": "/bin/sh\n/bin/bash\n",
}
# Lines of copied files that would disturb: a splash screen is a window that goes away.
_AMENDED = {"libreoffice/sofficerc": ("Logo=1", "Logo=0")}
_LINKS = {"mtab": "../proc/self/mounts", "os-release": "../usr/lib/os-release"}


def initial_hosts() -> str:
    """What a desktop's /etc/hosts holds before any site is relayed."""
    return _MADE["hosts"]


def fingerprint(host: Path = Path("/etc")) -> Iterator[str]:
    """Lines that differ when `build` would give something else."""
    for file in _host_files(host):
        found = file.lstat()
        yield f"{file} {found.st_size} {found.st_mtime_ns} {os.readlink(file) if stat.S_ISLNK(found.st_mode) else ''}"
    yield json.dumps([_MADE, _AMENDED, _LINKS])


def build(target: Path, *, host: Path = Path("/etc")) -> None:
    """Make the folder."""
    target.mkdir()
    for file in _host_files(host):
        copy = target / file.relative_to(host)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, copy, follow_symlinks=False)
    for name, text in _MADE.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(text)
    for name, (line, instead) in _AMENDED.items():
        if (target / name).is_file():
            (target / name).write_text((target / name).read_text().replace(line, instead))
    for name, destination in _LINKS.items():
        (target / name).symlink_to(destination)


def _host_files(host: Path) -> Iterator[Path]:
    """Links and files that everybody may read, below what is copied, sorted."""
    for name in _COPIED:
        start = host / name
        entries = [start] if start.is_symlink() or not start.is_dir() else sorted(start.rglob("*"))
        yield from (entry for entry in entries if _is_public(entry))


def _is_public(file: Path) -> bool:
    try:
        mode = file.lstat().st_mode
    except OSError:
        return False
    return stat.S_ISLNK(mode) or (stat.S_ISREG(mode) and bool(mode & stat.S_IROTH))
