"""A small model of what ECS does after an API call: deployments that roll out, tasks that run and stop."""
