"""What machines are made from, built once on this machine and kept: `store` (where they lie), `root` (a root file system)."""
