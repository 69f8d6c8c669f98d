import assert from "node:assert/strict";
import type { PlannedChange } from "../../../delivery/engine";
import { unknownValue } from "../../../delivery/engine/changes";
import { propertyChanges } from "../../../delivery/preview/properties";
import { aChange, aPolicy, aTask, taskType } from "./support";

const allows = (sid: string, action: string | readonly string[], resource: string) => ({
  ...{ Sid: sid, Effect: "Allow", Action: action, Resource: resource },
});

describe("the parts of lists and JSON that a preview tells", () => {
  const rows: readonly [string, PlannedChange, readonly string[]][] = [
    [
      "which statements of a policy change, by their names",
      aChange(
        "update",
        "aws:iam/rolePolicy:RolePolicy",
        "p",
        { policy: aPolicy(allows("Reads", ["s3:GetObject"], "a"), allows("Old", "a:A", "*")) },
        {
          policy: aPolicy(
            allows("Lists", "s3:ListBucket", "a"),
            allows("Reads", ["s3:GetObject", "s3:GetObjectTagging"], "b"),
          ),
        },
      ),
      [
        "policy.Statement[Reads].Action[1]: undefined -> s3:GetObjectTagging",
        "policy.Statement[Reads].Resource: a -> b",
        'policy.Statement[Old]: {"Sid":"Old","Effect":"Allow","Action":"a:A","Resource":"*"} -> undefined',
        'policy.Statement[Lists]: undefined -> {"Sid":"Lists","Effect":"Allow","Action":"s3:ListBucket","Resource":"a"}',
      ],
    ],
    [
      "which statements without a name change, by their places",
      aChange(
        "update",
        "t",
        "n",
        { policy: aPolicy({ Action: "a:A" }, { Action: "b:B" }) },
        { policy: aPolicy({ Action: "b:B" }, { Action: ["a:A", "c:C"] }) },
      ),
      [
        'policy.Statement[0]: {"Action":"a:A"} -> undefined',
        'policy.Statement[1]: undefined -> {"Action":["a:A","c:C"]}',
      ],
    ],
    [
      "one action beside another as a list of two",
      aChange(
        "update",
        "t",
        "n",
        { policy: aPolicy({ Action: "a:A" }) },
        { policy: aPolicy({ Action: ["a:A", "c:C"] }) },
      ),
      ["policy.Statement[0].Action[1]: undefined -> c:C"],
    ],
    [
      "that JSON is only written another way",
      aChange(
        "update",
        "t",
        "n",
        { policy: '{"a":1,"b":["x"]}' },
        { policy: '{"b": "x", "a": 1}' },
      ),
      ["policy: set -> the same, written another way"],
    ],
    [
      "JSON as text where only one side is any",
      aChange("update", "t", "n", { text: "{not" }, { text: '{"a":1}' }),
      ['text: {not -> {"a":1}'],
    ],
    [
      "parts of containers, by what they are called",
      aChange(
        "replace",
        taskType,
        "web",
        aTask({
          name: "app",
          command: ["serve", "--level", "info", "--workers", "2"],
          mountPoints: [{ sourceVolume: "a", containerPath: "/a" }],
          portMappings: [{ name: "app", containerPort: 80 }],
        }),
        aTask({
          name: "app",
          command: ["serve", "--level", "debug", "--workers", "2", "--fast"],
          mountPoints: [{ sourceVolume: "a", containerPath: "/b" }],
          portMappings: [{ name: "app", containerPort: 8080 }],
        }),
      ),
      [
        "app.command[--level]: info -> debug",
        "app.command[5]: undefined -> --fast",
        "app.mountPoints[0].containerPath: /a -> /b",
        "app.portMappings[app].containerPort: 80 -> 8080",
      ],
    ],
    [
      "what comes to a list and goes, wherever the others have moved to",
      aChange("update", "t", "n", { subnets: ["a", "b", "c"] }, { subnets: ["b", "c", "d"] }),
      ["subnets[0]: a -> undefined", "subnets[2]: undefined -> d"],
    ],
    [
      "another order of words",
      aChange("update", "t", "n", { command: ["a", "b"] }, { command: ["b", "a"] }),
      ['command: ["a","b"] -> ["b","a"]'],
    ],
    [
      "another order of entries",
      aChange(
        "update",
        "t",
        "n",
        { rules: [{ id: "a" }, { id: "b" }] },
        { rules: [{ id: "b" }, { id: "a" }] },
      ),
      ['rules: ["a","b"] -> ["b","a"]'],
    ],
    [
      "no variable's value, wherever a resource has them",
      aChange(
        "update",
        "t",
        "n",
        {
          environment: {
            image: "a",
            environmentVariables: [{ name: "LEVEL", value: "info" }],
            variables: { LEVEL: "info", DOCUMENT: '{"a":"secret"}' },
          },
          job: '{"environment":[{"name":"LEVEL","value":"info"}]}',
        },
        {
          environment: {
            image: "b",
            environmentVariables: [{ name: "LEVEL", value: "debug" }],
            variables: { LEVEL: unknownValue, DOCUMENT: '{"a":"another"}' },
          },
          job: '{"environment":[{"name":"LEVEL","value":"debug"}]}',
        },
      ),
      [
        "environment.environmentVariables[LEVEL]: set -> another value",
        "environment.image: a -> b",
        "environment.variables.DOCUMENT: set -> another value",
        "environment.variables.LEVEL: set -> known after the update",
        "job.environment: set -> another value",
      ],
    ],
    [
      "no secret within, by what it, its entry or its option is called, or by the engine",
      aChange(
        "update",
        "t",
        "n",
        {
          command: ["--api-key", "hunter1"],
          document: '{"password":"hunter1","shown":"a"}',
          engine: { key: "[secret]", size: 1 },
          parameters: [{ name: "admin_password", value: "hunter1" }],
          run: ["sh", "-c", "TOKEN=hunter1 serve"],
        },
        {
          command: ["--api-key", "hunter2"],
          document: '{"password":"hunter2","shown":"b"}',
          engine: { key: "x", size: 2 },
          parameters: [{ name: "admin_password", value: "hunter2" }],
          run: ["sh", "-c", "TOKEN=hunter2 serve"],
        },
      ),
      [
        "command[--api-key]: set -> another value",
        "document.password: set -> another value",
        "document.shown: a -> b",
        "engine.key: set -> another value",
        "engine.size: 1 -> 2",
        "parameters[admin_password].value: set -> another value",
        "run[2]: set -> another value",
      ],
    ],
    [
      "no secret in what comes as a whole",
      aChange(
        "update",
        "t",
        "n",
        {},
        {
          list: [
            { password: "hunter1", of: "db" },
            { Name: "API_TOKEN", Value: "hunter1" },
            { environment: { LEVEL: "info" } },
            ["--api-key", "hunter1"],
          ],
        },
      ),
      [
        'list: undefined -> [{"password":"***","of":"db"},{"Name":"API_TOKEN","Value":"***"},{"environment":"***"},["--api-key","***"]]',
      ],
    ],
    [
      "no secret in JSON that goes or gives way to a text",
      aChange(
        "update",
        "t",
        "n",
        { a: '{"password":"hunter1"}', b: ['{"password":"hunter1"}'] },
        { a: "text", b: [] },
      ),
      ['a: {"password":"***"} -> text', 'b[0]: {"password":"***"} -> undefined'],
    ],
  ];
  for (const [title, change, wanted] of rows) {
    it(`are told: ${title}`, () => {
      const told = propertyChanges(change).map(
        ({ property, from, to }) => `${property}: ${from} -> ${to}`,
      );
      assert.deepEqual(told, wanted);
    });
  }

  it("are told by the first parts alone where there are many, each cut", () => {
    const list = (value: string) =>
      JSON.stringify({
        rules: Object.fromEntries([...Array(50).keys()].map((i) => [`r${i}`, value])),
      });
    const told = propertyChanges(
      aChange("update", "t", "n", { policy: list("a") }, { policy: list("b".repeat(1000)) }),
    );
    assert.equal(told.length, 21);
    assert.deepEqual(told.at(-1), { property: "policy, 30 more parts", from: "set", to: "others" });
    assert.equal(told[0].to, `${"b".repeat(117)}...`);
  });
});
