"""What our sites have in common, so that each holds only what is its own.

`forms` reads what is sent, `paging` cuts long lists, `web` makes the application with its error page and shared templates
(`shared.html` has the macros), `login` keeps strangers out. `static/shared.css` lays out forms, tables and pagers in the
colours that a site's own style sheet sets.
"""
