"""The accessibility tree of a Linux desktop, read over AT-SPI, quickly and as a fresh walk would find it.

`x11.AtspiTree` is what the guest uses: it knows which applications may have changed (`layers`: whose windows are seen where
something was drawn; `events`: who said so) and lets each be read again side by side. `application` is one of them: its objects
(`structure`, `nodes`, `properties`), the visible cells of its tables (`cells`, `pixels`), and what two of them need beyond that
(`libreoffice`, `chromium`). Below lie the talk with many applications at once (`conversation`), the bus (`bus`), AT-SPI's
vocabulary (`atspi`) and D-Bus as bytes (`wire`). `fake` is the tree of a fake desktop.
"""
