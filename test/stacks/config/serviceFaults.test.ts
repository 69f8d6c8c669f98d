import { checkFaults, web } from "./support";

describe("faults of a service's own", () => {
  checkFaults("gantry:services.web", web, [
    ["a key is misspelt", { memory: 512 }, "memory", "did you mean memoryMiB?"],
    [
      "a worker has a port",
      { kind: "worker", port: 80 },
      "port",
      "remove port, or set kind: web or kind: private",
    ],
    [
      "a worker is scaled by requests",
      { kind: "worker", scaling: { requestsPerTarget: 5 } },
      "scaling.requestsPerTarget",
      "remove requestsPerTarget, or set kind: web",
    ],
    ["its port is none", { port: 65536 }, "port", "write the port that the container listens on"],
    ["its CPU is in vCPUs", { cpu: 0.5 }, "cpu", "set cpu: 512 (1024 are one vCPU)"],
    ["its CPU is no size of Fargate", { cpu: 1000 }, "cpu", "set cpu: 1024 (1024 are one vCPU)"],
    [
      "its memory does not go with its CPU",
      { cpu: 256, memoryMiB: 768 },
      "memoryMiB",
      "set memoryMiB: 1024",
    ],
    ["its memory goes with no CPU", { memoryMiB: 513 }, "memoryMiB", "set memoryMiB: 512"],
    [
      "its architecture is misspelt",
      { architecture: "arm64" },
      "architecture",
      "set architecture: ARM64",
    ],
    [
      "its timeout is not below its interval",
      { healthCheck: { intervalSeconds: 10, timeoutSeconds: 10 } },
      "healthCheck.timeoutSeconds",
      "set timeoutSeconds: 9, or raise intervalSeconds",
    ],
    [
      "its health check has no slash",
      { healthCheck: { path: "health" } },
      "healthCheck.path",
      "write /health",
    ],
    [
      "it is healthy with errors",
      { healthCheck: { matcher: "200-599" } },
      "healthCheck.matcher",
      "write it as 200 or 200-299",
    ],
    [
      "it has fewer tasks at most than at least",
      { scaling: { min: 4, max: 3 } },
      "scaling.min",
      "set min: 3, or raise max",
    ],
    ["the web may have no task", { scaling: { min: 0 } }, "scaling.min", "set min: 1"],
    [
      "its command is one text",
      { command: "node main.js" },
      "command",
      "set command: [node, main.js], a list",
    ],
    [
      "its entry point is one text",
      { entrypoint: "tini" },
      "entrypoint",
      "set entrypoint: [tini], a list",
    ],
    ["its command is empty", { command: [] }, "command", "name one, or remove the key"],
    [
      "its strategy is none that there is",
      { deployment: { strategy: "recreat" } },
      "deployment.strategy",
      "set strategy: recreate",
    ],
    [
      "its deployment is one word",
      { deployment: "recreate" },
      "deployment",
      "write it as deployment: { strategy: recreate }",
    ],
    [
      "it stops too slowly",
      { stopTimeoutSeconds: 121 },
      "stopTimeoutSeconds",
      "set stopTimeoutSeconds: 120",
    ],
    [
      "its user is none",
      { user: "a b" },
      "user",
      "write a user or user:group, such as node or 1000:1000",
    ],
  ]);
});

describe("faults of a service's access", () => {
  const pasted =
    "put the value into Secrets Manager or SSM and name it here; a secret that was pasted here must be replaced";
  const action = "name each action that the tasks need, such as s3:GetObject";
  const permission = (actions: unknown, resources: unknown = ["arn:aws:s3:::shop/*"]) => ({
    permissions: [{ actions, resources }],
  });
  checkFaults("gantry:services.web", web, [
    [
      "a variable's name is none",
      { environment: { "LOG-LEVEL": 1 } },
      "environment.LOG-LEVEL",
      "call it LOG_LEVEL",
    ],
    [
      "a variable's name has a digit first",
      { environment: { "2ND": 1 } },
      "environment.2ND",
      "call it _2ND",
    ],
    [
      "a variable has no value",
      { environment: { A: null } },
      "environment.A",
      "give it a value, or remove it",
    ],
    [
      "a variable is a list",
      { environment: { A: [] } },
      "environment.A",
      "write a text, number or boolean",
    ],
    [
      "PORT is another port",
      { environment: { PORT: 80 } },
      "environment.PORT",
      "remove PORT, and set port: 80",
    ],
    ["PORT is a secret", { secrets: { PORT: "/shop/port" } }, "secrets.PORT", "remove PORT"],
    [
      "a variable is a secret too",
      { environment: { A: 1 }, secrets: { A: "/a" } },
      "secrets.A",
      "remove A from one of them",
    ],
    ["a secret is blank", { secrets: { A: "" } }, "secrets.A", pasted],
    ["a secret is a sentence", { secrets: { A: "correct horse" } }, "secrets.A", pasted],
    ["a secret is a URL", { secrets: { A: "postgres://u:p@db/shop" } }, "secrets.A", pasted],
    ["a secret is another ARN", { secrets: { A: "arn:aws:s3:::shop" } }, "secrets.A", pasted],
    [
      "a secret is a number",
      { secrets: { A: 1 } },
      "secrets.A",
      "write an ARN or a name in Secrets Manager (name, name:jsonKey) or SSM (/path/name)",
    ],
    ["every action is allowed", permission(["*"]), "permissions[0].actions[0]", action],
    [
      "every action of a service is allowed",
      permission(["s3:*"]),
      "permissions[0].actions[0]",
      action,
    ],
    [
      "actions are allowed by pattern",
      permission(["s3:Get*"]),
      "permissions[0].actions[0]",
      action,
    ],
    [
      "an action has no service",
      permission(["GetObject"]),
      "permissions[0].actions[0]",
      "write it as s3:GetObject",
    ],
    [
      "no action is allowed",
      permission([]),
      "permissions[0].actions",
      "name one, or remove the key",
    ],
    [
      "every resource is allowed",
      permission(["s3:GetObject"], ["*"]),
      "permissions[0].resources[0]",
      "name the resources of s3:GetObject by ARN; where it must be every one, add because: and why",
    ],
    [
      "a resource is no ARN",
      permission(["s3:GetObject"], ["shop"]),
      "permissions[0].resources[0]",
      "write it as arn:aws:s3:::bucket/* or arn:aws:sqs:eu-west-1:123456789012:queue",
    ],
    [
      "a resource is every ARN of a service",
      permission(["s3:GetObject"], ["arn:aws:s3:::*"]),
      "permissions[0].resources[0]",
      "write it as arn:aws:s3:::bucket/* or arn:aws:sqs:eu-west-1:123456789012:queue",
    ],
    [
      "resources are one text",
      permission(["s3:GetObject"], "arn:aws:s3:::a"),
      "permissions[0].resources",
      "set resources: [arn:aws:s3:::a], a list",
    ],
  ]);
});
