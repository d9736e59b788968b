"""Other projects' task files, run as they are.

`osarena run --suite osworld:PATH` and `waa:PATH` take a checkout of OSWorld or WindowsAgentArena. An importer translates each
file into the record of an `osarena/task@1`, which is then read like any other: `envelope` reads the files as they are found,
`setup` turns their configuration into set-up steps, `checks` their evaluator into a check. What the steps and probes with names
of their own do is in `osarena_tasks.steps.osworld` and `osarena_evaluators.probes.osworld`.
"""
