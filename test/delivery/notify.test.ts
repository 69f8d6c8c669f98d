import assert from "node:assert/strict";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { PublishCommand } from "@aws-sdk/client-sns";
import { teller, type TellOptions } from "../../delivery/notify";
import { aTarget } from "./support/aTarget";
import { FakeClock } from "./support/fakeClock";

const topicArn = "arn:aws:sns:eu-west-1:123456789012:shop--staging--notifications";

/** What is asked of AWS, and what people would read. */
function world(notify: object | undefined, env: NodeJS.ProcessEnv = {}, refusal?: Error) {
  const sent: (PublishCommand | GetCallerIdentityCommand)[] = [];
  const log: string[] = [];
  const send = (command: PublishCommand | GetCallerIdentityCommand) => {
    sent.push(command);
    if (refusal) return Promise.reject(refusal);
    const Arn = "arn:aws:sts::123456789012:assumed-role/ada/ada";
    return Promise.resolve(command instanceof GetCallerIdentityCommand ? { Arn } : {});
  };
  const target = aTarget({ services: { web: {} }, ...(notify ? { notify } : {}) });
  const clients = { sns: { send }, sts: { send } } as unknown as TellOptions["clients"];
  const clock = new FakeClock();
  const tell = teller({ clients, target, clock, env, log: (line) => log.push(line) });
  const published = () =>
    sent.flatMap((command) => (command instanceof PublishCommand ? [command.input] : []));
  return { tell, sent, log, published };
}

const told = { kind: "failed", what: "release 1 failed" } as const;

describe("telling people", () => {
  it("is one call in a pipeline, with the subject and a text for each kind of subscriber", async () => {
    const { tell, sent, published } = world({}, { GANTRY_TOPIC: topicArn });
    await tell(told);
    assert.equal(sent.length, 1);
    const [{ TopicArn, Subject, MessageStructure, Message }] = published();
    assert.deepEqual([TopicArn, MessageStructure], [topicArn, "json"]);
    assert.equal(Subject, "[shop staging] FAILED: release 1 failed");
    const { email } = JSON.parse(String(Message)) as { email: string };
    assert.match(email, /^Release 1 failed\.\n/);
  });

  it("goes to the environment's topic by its name where a person runs a command", async () => {
    const { tell, published } = world({});
    await tell(told);
    assert.equal(published()[0].TopicArn?.split(":")[4], "123456789012");
    assert.match(String(published()[0].TopicArn), /:shop--staging--notifications$/);
  });

  it("asks AWS nothing where config names nobody, or not for this", async () => {
    for (const notify of [undefined, { kinds: ["succeeded"] }]) {
      const { tell, sent } = world(notify, { GANTRY_TOPIC: topicArn });
      await tell(told);
      assert.deepEqual(sent, []);
    }
  });

  it("fails nothing: what AWS refuses is logged", async () => {
    const { tell, log } = world({}, { GANTRY_TOPIC: topicArn }, new Error("denied"));
    await tell(told);
    assert.deepEqual(log, ["people could not be told (failed): denied"]);
  });

  it("has nothing in it that looks like a secret, in no text of it", async () => {
    const { tell, published } = world({}, { GANTRY_TOPIC: topicArn });
    const key = ["-----BEGIN PRIVATE KEY-----", "MIIEvQIBADANBg", "-----END PRIVATE KEY-----"];
    const token = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
    await tell({
      ...told,
      why: `clone of https://ada:hunter2secret@example.com/x failed with ${token}`,
      lines: ["connecting", ...key, "API_TOKEN=s3cr3tvalue", "done"],
    });
    const message = String(published()[0].Message);
    for (const secret of ["MIIEvQ", token, token.slice(10), "hunter2secret", "s3cr3tvalue"]) {
      assert.ok(!message.includes(secret), secret);
    }
    assert.match(message, /connecting/);
    assert.match(message, /API_TOKEN=\*\*\*/);
  });
});
