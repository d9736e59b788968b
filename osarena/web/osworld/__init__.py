"""A desktop of osarena behind the routes of OSWorld's guest server: `osarena serve osworld`.

The protocol knows no token: whoever reaches the port has the desktop. So a bridge is a program of its own, switched on by hand,
that listens on loopback alone and answers only requests that name loopback as their host.

`serving` (a desktop with its ports, open), `app` (the routes together), one module for each group of routes: `looking`,
`commands` with `hands` (pyautogui programs become typed actions) and `shims`, `files`, `windows`, `wallpaper`, `recording`,
`windows_only`; `desktop` (the desktop behind them), `fields` (what is asked, by whom, and errors), `ports` (its other ports).
"""
