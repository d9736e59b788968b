"""Web sites that tasks need: each is a function `(data) -> Site` marked `@site`, served on the host's side.

A site is given plain data by a maker and keeps its own state, which is the evidence of what was done on it. Its code and
data never lie in the desktop; there it answers under its own host name.

Each site is a package of small modules: what it is about and its rules, without the web; forms, which understand what is sent;
pages, which are the routes; templates and a style sheet. What sites have in common is in `_parts`.
"""
