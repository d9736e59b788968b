"""What osarena serves over HTTP on this machine.

`osworld`: a desktop behind the routes of OSWorld's guest server, for agents and scripts made for those.
"""
