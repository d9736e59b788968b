"""Making sense of looks at a desktop, and of what models say. Pure functions, no I/O.

`outline` (the tree as indented text), `osworld_xml` (the tree as OSWorld's XML), `visible` (which part of each element can be
seen), `pages` (pages of web browsers as a tree), `marks` (set-of-marks) with `labels` (where their numbers go and how they are
drawn), `pointer` (the pointer drawn into a picture), `frames` (scaled images and coordinate frames), `pyautogui_text` with
`pyautogui_calls` (agents' pyautogui programs as typed actions).
"""
