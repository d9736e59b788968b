"""Marks: finding what on a screen can be acted on, and giving it numbers.

::

    sight = Sight("tree+ocr+icons")
    marks = sight.look(observation)          # numbered, for `osarena.perception.marks.draw_marks`

Four sources, each in a module of its own: the accessibility tree (`osarena.perception.marks`), texts read by Tesseract (`ocr`),
icons found in the picture (`icons`, or any detector in `detectors`), and the elements of web pages (`dom`). The two that look
at pixels share one way of finding what is drawn where (`layout`, on `components`). `mixture` makes one list of all.
"""

from osarena_agents.sight.mixture import Sight

__all__ = ["Sight"]
