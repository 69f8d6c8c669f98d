import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { rules } from "../../policy/rules";
import { enforcementLevel } from "../../policy/rule";

const folder = resolve(__dirname, "../../policy");
const load = createRequire(__filename);

/** What the engine sends for a value that a preview does not know: a text. */
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

interface Message {
  [setter: string]: (value: unknown) => void;
}
type Messages = Readonly<Record<string, new () => Message>>;

interface Diagnostic {
  getPolicyname(): string;
  getMessage(): string;
  getEnforcementlevel(): number;
}

const proto = load("@pulumi/pulumi/proto/analyzer_pb") as Messages & {
  readonly EnforcementLevel: Readonly<Record<string, number>>;
};
const { AnalyzerClient } = load("@pulumi/pulumi/proto/analyzer_grpc_pb") as {
  readonly AnalyzerClient: new (
    address: string,
    credentials: grpc.ChannelCredentials,
  ) => Record<
    string,
    (request: Message, answered: (error: Error | null, answer: unknown) => void) => void
  > & {
    close(): void;
  };
};

const urn = (type: string, name: string) => `urn:pulumi:production::shop::${type}::${name}`;

/** The pack as the engine starts it, asked as the engine asks. */
describe("the policy pack as a process of Pulumi's", function () {
  let child: ChildProcess;
  let client: InstanceType<typeof AnalyzerClient>;

  before(async () => {
    const runner = load.resolve("@pulumi/pulumi/cmd/run-policy-pack");
    child = spawn(process.execPath, [runner, "127.0.0.1:1", folder], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    assert.ok(child.stdout);
    const [port] = (await once(child.stdout, "data")) as [Buffer];
    const address = `127.0.0.1:${String(port).trim()}`;
    client = new AnalyzerClient(address, grpc.credentials.createInsecure());
  });

  after(() => {
    client?.close();
    child?.kill();
  });

  function ask<T>(method: string, request: Message): Promise<T> {
    return new Promise((done, fail) =>
      client[method](request, (error, answer) => (error ? fail(error) : done(answer as T))),
    );
  }

  function described(kind: string, type: string, name: string, properties: object): Message {
    const message = new proto[kind]();
    message.setUrn(urn(type, name));
    message.setType(type);
    message.setName(name);
    message.setProperties(Struct.fromJavaScript(properties as Record<string, never>));
    const options = new proto.AnalyzerResourceOptions();
    options.setCustomtimeouts(
      new (
        proto.AnalyzerResourceOptions as unknown as { CustomTimeouts: new () => Message }
      ).CustomTimeouts(),
    );
    message.setOptions(options);
    return message;
  }

  async function told(method: string, request: Message): Promise<Map<string, string>> {
    const answer = await ask<{ getDiagnosticsList(): Diagnostic[] }>(method, request);
    return new Map(
      answer.getDiagnosticsList().map((each) => [each.getPolicyname(), each.getMessage()]),
    );
  }

  const analyze = (type: string, name: string, properties: object) =>
    told("analyze", described("AnalyzeRequest", type, name, properties));

  it("has each rule with its level", async () => {
    const { Empty } = load("google-protobuf/google/protobuf/empty_pb") as {
      Empty: new () => Message;
    };
    const info = await ask<{
      getPoliciesList(): { getName(): string; getEnforcementlevel(): number }[];
    }>("getAnalyzerInfo", new Empty());
    const { MANDATORY, ADVISORY } = proto.EnforcementLevel;
    assert.deepEqual(
      info.getPoliciesList().map((each) => [each.getName(), each.getEnforcementlevel()]),
      [
        ["settings", ADVISORY],
        ...rules.map((rule) => [
          rule.name,
          enforcementLevel(rule) === "mandatory" ? MANDATORY : ADVISORY,
        ]),
      ],
    );
  });

  it("says why, what and how to mend it", async () => {
    const found = await analyze("aws:kms/key:Key", "main", {});
    assert.equal(
      found.get("kms-rotation"),
      "A key that is never rotated encrypts everything that there ever was.\n" +
        "the key is not rotated. Fix: set enableKeyRotation to true: KMS keeps the older material for what it has encrypted",
    );
  });

  it("judges what is known beside what is not", async () => {
    const found = await analyze("aws:ecs/taskDefinition:TaskDefinition", "web", {
      taskRoleArn: unknownText,
      executionRoleArn: unknownText,
      networkMode: "host",
      containerDefinitions: unknownText,
      volumes: [{ name: "engine", hostPath: "/var/run/docker.sock" }],
    });
    assert.deepEqual([...found.keys()].sort(), ["ecs-host-folders", "ecs-host-namespaces", "tags"]);
  });

  it("unwraps secrets, and does not repeat them", async () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    const value = { ...secret, value: "postgres://shop:correct-h0rse@db/shop" };
    const found = await analyze("aws:ssm/parameter:Parameter", "url", { type: "String", value });
    assert.match(found.get("ssm-plain-secrets") ?? "", /an address with a password/);
    assert.doesNotMatch([...found.values()].join(), /h0rse/);
  });

  it("judges a stack as a whole, with what properties are made of", async () => {
    const bucket = described("AnalyzerResource", "aws:s3/bucket:Bucket", "assets", {});
    const versions = described(
      "AnalyzerResource",
      "aws:s3/bucketVersioning:BucketVersioning",
      "v",
      {
        bucket: unknownText,
        versioningConfiguration: { status: "Enabled" },
      },
    );
    const from = new proto.AnalyzerPropertyDependencies();
    from.setUrnsList([urn("aws:s3/bucket:Bucket", "assets")]);
    (versions as unknown as { getPropertydependenciesMap(): Map<string, unknown> })
      .getPropertydependenciesMap()
      .set("bucket", from);
    const request = new proto.AnalyzeStackRequest();
    request.setResourcesList([bucket, versions]);
    const found = await told("analyzeStack", request);
    assert.deepEqual(
      [...found.keys()],
      ["s3-access-block-missing", "s3-tls-only", "s3-access-logs"],
    );
  });

  it("counts the tags of the provider", async () => {
    const message = described("AnalyzeRequest", "aws:sqs/queue:Queue", "orders", {});
    const provider = new proto.AnalyzerProviderResource();
    provider.setType("pulumi:providers:aws");
    provider.setProperties(
      Struct.fromJavaScript({ defaultTags: JSON.stringify({ tags: { team: "shop" } }) }),
    );
    message.setProvider(provider);
    assert.deepEqual([...(await told("analyze", message)).keys()], []);
  });
});
