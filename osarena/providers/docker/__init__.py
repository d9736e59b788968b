"""Desktops in containers of a Docker engine on this machine, from a root file system that `osarena vm build root` made.

`provider` is the entry; `container` one running desktop; `image` what it is made from; `engine` what is said to Docker.
"""

from osarena.providers.docker.provider import DockerProvider

__all__ = ["DockerProvider"]
