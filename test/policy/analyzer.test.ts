import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import proto from "@pulumi/pulumi/proto/analyzer_pb";
import { rules } from "../../policy/rules";
import { enforcementLevel } from "../../policy/rule";

const folder = resolve(__dirname, "../../policy");

/** What the engine sends for a value that a preview does not know: a text. */
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

type Properties = Record<string, JavaScriptValue>;

const urn = (type: string, name: string) => `urn:pulumi:production::shop::${type}::${name}`;

function answered<T>(ask: (callback: (error: ServiceError | null, answer: T) => void) => unknown) {
  return new Promise<T>((done, fail) =>
    ask((error, answer) => (error ? fail(error) : done(answer))),
  );
}

/** What was found, by rule. */
function told(answer: proto.AnalyzeResponse): Map<string, string> {
  const found = answer.getDiagnosticsList();
  return new Map(found.map((each) => [each.getPolicyname(), each.getMessage()]));
}

function described<T extends proto.AnalyzeRequest | proto.AnalyzerResource>(
  message: T,
  type: string,
  name: string,
  properties: Properties,
): T {
  message.setUrn(urn(type, name));
  message.setType(type);
  message.setName(name);
  message.setProperties(Struct.fromJavaScript(properties));
  message.setOptions(new proto.AnalyzerResourceOptions());
  return message;
}

/** The pack as the engine starts it, asked as the engine asks. */
describe("the policy pack as a process of Pulumi's", function () {
  let child: ChildProcess;
  let client: AnalyzerClient;

  before(async () => {
    const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
    child = spawn(process.execPath, [runner, "127.0.0.1:1", folder], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    assert.ok(child.stdout);
    const [port] = (await once(child.stdout, "data")) as [Buffer];
    client = new AnalyzerClient(`127.0.0.1:${String(port).trim()}`, credentials.createInsecure());
  });

  after(() => {
    client?.close();
    child?.kill();
  });

  const judged = async (request: proto.AnalyzeRequest) =>
    told(await answered((callback) => client.analyze(request, callback)));

  const analyze = (type: string, name: string, properties: Properties) =>
    judged(described(new proto.AnalyzeRequest(), type, name, properties));

  it("has each rule with its level", async () => {
    const info = await answered<proto.AnalyzerInfo>((callback) =>
      client.getAnalyzerInfo(new Empty(), callback),
    );
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
    const part = () => new proto.AnalyzerResource();
    const bucket = described(part(), "aws:s3/bucket:Bucket", "assets", {});
    const versioning = "aws:s3/bucketVersioning:BucketVersioning";
    const versions = described(part(), versioning, "versions", {
      bucket: unknownText,
      versioningConfiguration: { status: "Enabled" },
    });
    const from = new proto.AnalyzerPropertyDependencies();
    from.setUrnsList([bucket.getUrn()]);
    versions.getPropertydependenciesMap().set("bucket", from);
    const request = new proto.AnalyzeStackRequest();
    request.setResourcesList([bucket, versions]);
    const found = told(await answered((callback) => client.analyzeStack(request, callback)));
    assert.deepEqual(
      [...found.keys()],
      ["s3-access-block-missing", "s3-tls-only", "s3-access-logs"],
    );
  });

  it("counts the tags of the provider", async () => {
    const message = described(new proto.AnalyzeRequest(), "aws:sqs/queue:Queue", "orders", {});
    const provider = new proto.AnalyzerProviderResource();
    provider.setType("pulumi:providers:aws");
    provider.setProperties(
      Struct.fromJavaScript({ defaultTags: JSON.stringify({ tags: { team: "shop" } }) }),
    );
    message.setProvider(provider);
    assert.deepEqual([...(await judged(message)).keys()], []);
  });
});
