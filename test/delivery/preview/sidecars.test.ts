import assert from "node:assert/strict";
import type { PlannedChange } from "../../../delivery/engine";
import { unknownValue } from "../../../delivery/engine/changes";
import { stackChanges } from "../../../delivery/preview/report";
import { aChange, aTask, taskType, texts } from "./support";

const repositoryType = "aws:ecr/repository:Repository";
const app = { name: "app", image: "web@sha256:1" };
const nginx = { name: "nginx", image: "nginx@sha256:1" };
const task = (op: PlannedChange["op"], before: object[], after: object[]) =>
  aChange(op, taskType, "web-task", aTask(...before), aTask(...after));
const repository = (op: "create" | "delete", name: string, more: Partial<PlannedChange> = {}) =>
  op === "create"
    ? aChange(op, repositoryType, name, {}, { name: `shop/staging/${name}` }, more)
    : aChange(op, repositoryType, name, { name: `shop/staging/${name}` }, {}, more);
const service = (before: string, after: string) => {
  const [old, now] = [before, after].map((containerName) => ({
    loadBalancers: [{ containerName }],
  }));
  return aChange("update", "aws:ecs/service:Service", "web", old, now);
};

describe("what a preview says of sidecars", () => {
  const rows: readonly [string, readonly PlannedChange[], readonly string[]][] = [
    [
      "one that leaves the tasks",
      [task("replace", [app, nginx], [app])],
      ["the sidecar nginx leaves web-task: tasks are exchanged for ones without it"],
    ],
    [
      "one that comes into them",
      [task("replace", [app], [app, nginx])],
      ["the sidecar nginx comes into web-task: tasks are exchanged, and end where it ends"],
    ],
    [
      "one that comes, and may end",
      [task("update", [app], [app, { ...nginx, essential: false }])],
      ["the sidecar nginx comes into web-task: tasks are exchanged, and go on where it ends"],
    ],
    [
      "one with another image",
      [task("replace", [app, nginx], [app, { ...nginx, image: "nginx@sha256:2" }])],
      ["the sidecar nginx of web-task runs another image: tasks are exchanged"],
    ],
    [
      "nothing of the service's own container",
      [task("replace", [app, nginx], [{ ...app, image: "web@sha256:2" }, nginx])],
      [],
    ],
    ["nothing of tasks that come with them", [task("create", [], [app, nginx])], []],
    [
      "nothing of containers that only the update makes known",
      [
        aChange("replace", taskType, "web-task", aTask(app, nginx), {
          containerDefinitions: unknownValue,
        }),
      ],
      [],
    ],
    [
      "one that waits for its image",
      [repository("create", "web.nginx")],
      [
        "the sidecar nginx of web is in its tasks from the first release on that has its image: release after this update",
      ],
    ],
    [
      "nothing of one that comes with its service",
      [repository("create", "web"), repository("create", "web.nginx")],
      [],
    ],
    [
      "one whose images go",
      [repository("delete", "web.nginx")],
      [
        "web.nginx is deleted: its images are lost",
        "the sidecar nginx of web goes with its images: a release that has it cannot be deployed any more, nor rolled back to, until its commit is built again",
      ],
    ],
    [
      "one whose images stay",
      [repository("delete", "web.nginx", { isRetained: true })],
      ["the sidecar nginx of web goes, and its images stay in AWS"],
    ],
    ["nothing of a service's repository", [repository("create", "web")], []],
    [
      "requests that go to another container",
      [service("nginx", "app"), service("app", "app")],
      ["requests of web go to its container app in place of nginx"],
    ],
  ];
  for (const [what, changes, expected] of rows) {
    it(what, () => {
      assert.deepEqual(texts(stackChanges(changes).warnings), expected);
    });
  }
});
