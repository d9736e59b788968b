"""What web browsers know of the pages that they show: the elements that one can act on, and where they lie.

`chromium` is the backend for Chromium, over its remote debugging, in four layers: `stream` (bytes, within a deadline),
`websocket` (messages), `devtools` (commands and their answers), `tabs` (which pages there are). A page is asked by `page.js`
(with `nodes.js`); `report` checks what it answers, and `place` finds where on the screen it lies. `fake` is the backend of the
desktop in memory.
"""
