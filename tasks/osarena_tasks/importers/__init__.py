"""Other projects' task files, run as they are.

`osarena run --suite osworld:PATH` and `waa:PATH` take a checkout of OSWorld or WindowsAgentArena. An importer translates each
file into the record of an `osarena/task@1`, which is then read like any other.

======================  ============================================================================================
`osworld`, `waa`        the two importers; `translation` is what they have in common
`layout`                where task files lie in a checkout
`envelope`              the files as they are found
`setup`                 configurations as steps; what only these need is in `osarena_tasks.steps.osworld`
`programs`              what commands, paths and titles mean on a desktop of osarena
`checks`                evaluators as checks
`getters`,              where values come from, as operands of a check: names of probes and readers
`windows_getters`
`needs`                 what a task needs that no desktop here has
======================  ============================================================================================
"""
