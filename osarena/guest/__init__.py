"""Talking to one desktop: `client` (Guest), `wait` (the host's only polling loop), `fake` (a desktop in memory).

`devtools` leads to the browser in it.
"""
