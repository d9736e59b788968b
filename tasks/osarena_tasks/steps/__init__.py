"""Set-up steps that only imported tasks need; osarena's own are in `osarena.tasks.steps`."""
