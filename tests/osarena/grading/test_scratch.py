"""Files that a metric's programs may have, and the limit that holds before and after."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import resource, subprocess, sys
from pathlib import Path
from osarena.grading.scratch import scratch_file
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 1 << 20))
with scratch_file(b"tune") as path:
    assert Path(path).read_bytes() == b"tune"
    subprocess.run(["cp", path, f"{sys.argv[1]}/copy"], check=True)
assert not Path(path).exists()
try:
    Path(sys.argv[1], "late").write_bytes(b"x")
except OSError as error:
    print(error.strerror)
"""


def test_a_scratch_file_may_be_written_where_others_may_not(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout == "File too large\n"
    assert (tmp_path / "copy").read_bytes() == b"tune"
