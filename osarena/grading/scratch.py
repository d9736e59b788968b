"""Files for programs that a metric starts. A grading's process may write none otherwise."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager

# The most that one file may have.
MAX_SCRATCH_BYTES = 512 << 20


@contextmanager
def writing() -> Iterator[None]:
    """Files may be written while the context lasts, up to `MAX_SCRATCH_BYTES` each; programs started in it may do so as well."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    hard = before[1]
    allowed = MAX_SCRATCH_BYTES if hard == resource.RLIM_INFINITY else min(hard, MAX_SCRATCH_BYTES)
    resource.setrlimit(resource.RLIMIT_FSIZE, (allowed, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def scratch_file(data: bytes) -> Iterator[str]:
    """The path of a file with these bytes, for a program that cannot do with a stream. It is gone when the context ends."""
    from tempfile import NamedTemporaryFile  # dear at the start of each grading, and seldom needed

    with writing(), NamedTemporaryFile(prefix="osarena-evidence-") as file:
        file.write(data)
        file.flush()
        yield file.name
