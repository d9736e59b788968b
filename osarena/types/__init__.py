"""The vocabulary of osarena: plain immutable values, no I/O.

`geometry` (points, sizes and boxes in pixels), `actions` (what can be done to a desktop),
`tree` (what assistive technology sees), `dom` (what browsers know of their pages), `observation`
(one look at a desktop), `usage` (what asking models costs) and `encoding` (values as JSON that
come back with their types).
"""
