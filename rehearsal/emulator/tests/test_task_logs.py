"""Lines that whoever runs the containers puts into the logs of tasks."""

from .ecs_support import ServiceTest


class TaskLogsTest(ServiceTest):
    def test_are_those_of_a_task_that_runs_the_task_definition(self) -> None:
        logs = self.client("logs")
        logs.create_log_group(logGroupName="/web")
        options = {"awslogs-group": "/web", "awslogs-stream-prefix": "app"}
        logging = {"logDriver": "awslogs", "options": options}
        first = self.define("web:1", logConfiguration=logging)
        body = {"cluster": "c", "service": "web", "container": "web", "lines": ["one", "two"]}
        self.create(first)
        second = self.define("web:2", logConfiguration=logging)
        self.assertIsNone(self.control("ecs/task-logs", {**body, "taskDefinition": second})["task"])
        written = self.control("ecs/task-logs", {**body, "taskDefinition": first})["task"]
        self.assertIn(written, [t["taskArn"] for t in self.tasks()])
        stream = "app/web/" + written.split("/")[-1]
        events = logs.get_log_events(logGroupName="/web", logStreamName=stream)["events"]
        self.assertEqual([e["message"] for e in events], ["one", "two"])
