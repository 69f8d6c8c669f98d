import assert from "node:assert/strict";
import {
  isAtLeast,
  nodeFindings,
  pulumiFindings,
  toolsCheck,
} from "../../../operations/doctor/checks/tools";
import { aContext, aTarget, diagnose, told } from "./support";

describe("the check of this machine's tools", () => {
  const there: Readonly<Record<string, string>> = { pulumi: "99.1.0", docker: "28.0.0" };
  const version = (tools: Readonly<Record<string, string>>) => (program: string) =>
    Promise.resolve(Object.hasOwn(tools, program) ? tools[program] : undefined);

  const noShell = aTarget({ "gantry:services": { web: { exec: false } } });

  it("is well with Pulumi's CLI and docker", async () => {
    const found = await diagnose(
      toolsCheck,
      aContext({ target: noShell, version: version(there) }),
    );
    assert.deepEqual(told(found), []);
    assert.match(found.well, /^node [\d.]+, pulumi 99\.1\.0, docker$/);
  });

  it("finds what is missing, and the plugin only where a service has exec", async () => {
    const bare = await diagnose(toolsCheck, aContext({ target: noShell, version: version({}) }));
    assert.deepEqual(
      bare.findings?.map(({ severity, where }) => `${severity} ${where}`),
      ["warning pulumi", "note skopeo", "note docker"],
    );
    const target = aTarget({ "gantry:services": { web: { exec: true } } });
    const shell = await diagnose(toolsCheck, aContext({ target, version: version(there) }));
    assert.match(told(shell).join(), /^note session-manager-plugin: .*exec of web/);
  });

  it("compares versions by number", () => {
    assert.ok(isAtLeast("20.11.0", "20.11"));
    assert.ok(isAtLeast("3.100.0", "3.99.5"));
    assert.ok(!isAtLeast("20.9.1", "20.11"));
    assert.equal(nodeFindings("18.20.0")[0].severity, "error");
    assert.deepEqual(nodeFindings("20.11.0"), []);
  });

  it("takes a CLI of the SDK's line or later", () => {
    assert.deepEqual(pulumiFindings("3.248.0", "3.248.2"), []);
    const [older] = pulumiFindings("3.240.0", "3.248.2");
    assert.match(older.what, /3\.240\.0, older than the SDK of the program, 3\.248\.2/);
    assert.match(older.command ?? "", /--version 3\.248\.2$/);
  });
});
