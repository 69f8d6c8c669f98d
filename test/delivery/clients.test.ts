import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { DescribeServicesCommand } from "@aws-sdk/client-ecs";
import { GetParametersByPathCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { makeClients, maxAttempts, type Clients } from "../../delivery/clients";

/** What a client's own strategy computes its pauses with. */
interface RetryStrategy {
  readonly retryBackoffStrategy: { computeNextBackoffDelay(attempt: number): number };
}

describe("the clients", () => {
  let server: Server;
  let clients: Clients;
  /** Every request in order: its operation, and whether it was refused. */
  let requests: { readonly operation: string; readonly refused: boolean }[];
  let refusals: number;
  let refusal: { readonly status: number; readonly type: string };
  let written: string[];
  /** Milliseconds that the clients wanted to wait. */
  let pauses: number[];

  before(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const operation = String(request.headers["x-amz-target"]).split(".")[1];
        const refused = refusals > 0;
        requests.push({ operation, refused });
        refusals -= 1;
        response.setHeader("Content-Type", "application/x-amz-json-1.1");
        if (refused) {
          response.writeHead(refusal.status);
          response.end(JSON.stringify({ __type: refusal.type, message: "Rate exceeded" }));
          return;
        }
        if (operation === "PutParameter") written.push(Buffer.concat(chunks).toString());
        response.end(JSON.stringify({ services: [], Parameters: [] }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  after(() => server.close());

  beforeEach(async () => {
    requests = [];
    refusals = 0;
    refusal = { status: 400, type: "ThrottlingException" };
    written = [];
    pauses = [];
    const { port } = server.address() as AddressInfo;
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    clients = makeClients("eu-west-1", credentials, `http://127.0.0.1:${port}`);
    for (const client of [clients.ecs, clients.ssm]) {
      await withoutPauses(client.config.retryStrategy);
    }
  });

  /** The client's own strategy and count of attempts: the pauses are noted and left out. */
  async function withoutPauses(given: unknown): Promise<void> {
    const { retryBackoffStrategy } = await (given as () => Promise<RetryStrategy>)();
    const compute = retryBackoffStrategy.computeNextBackoffDelay.bind(retryBackoffStrategy);
    retryBackoffStrategy.computeNextBackoffDelay = (attempt) => {
      pauses.push(compute(attempt));
      return 0;
    };
  }

  const describeServices = () =>
    clients.ecs.send(new DescribeServicesCommand({ services: ["shop-web"] }));

  for (const thrown of [
    { status: 400, type: "ThrottlingException" },
    { status: 429, type: "TooManyRequestsException" },
    { status: 503, type: "ServiceUnavailableException" },
  ]) {
    it(`ride out ${thrown.type} (${thrown.status}), with a pause before each attempt (row 30)`, async () => {
      refusal = thrown;
      refusals = maxAttempts - 1;
      await describeServices();
      assert.equal(requests.length, maxAttempts);
      assert.equal(requests.at(-1)?.refused, false);
      assert.equal(pauses.length, maxAttempts - 1);
      assert.ok(Math.max(...pauses) > 0 && Math.max(...pauses) <= 20_000, pauses.join(", "));
    });
  }

  it("give up after the last attempt, with AWS's own error", async () => {
    refusals = Infinity;
    await assert.rejects(describeServices(), { name: "ThrottlingException" });
    assert.equal(requests.length, maxAttempts);
  });

  it("write once, however often they were throttled, and leave no part of it", async () => {
    refusals = 5;
    const put = { Name: "/gantry/shop/staging/release", Value: "x", Type: "String" } as const;
    await clients.ssm.send(new PutParameterCommand(put));
    assert.equal(requests.length, 6);
    assert.deepEqual(
      written.map((body) => JSON.parse(body) as unknown),
      [put],
    );
    refusals = Infinity;
    await assert.rejects(clients.ssm.send(new PutParameterCommand({ ...put, Value: "y" })));
    assert.equal(written.length, 1);
  });

  it("do not repeat what AWS refuses for good", async () => {
    refusal = { status: 400, type: "AccessDeniedException" };
    refusals = 1;
    await assert.rejects(clients.ssm.send(new GetParametersByPathCommand({ Path: "/gantry" })), {
      name: "AccessDeniedException",
    });
    assert.equal(requests.length, 1);
  });

  it("are made once each, when they are asked for", () => {
    const made = makeClients("eu-west-1");
    const names = [
      "ecs",
      "ecr",
      "ssm",
      "dynamodb",
      "logs",
      "elb",
      "secrets",
      "s3",
      "sfn",
      "sns",
      "sts",
      "codepipeline",
      "cloudwatch",
    ] as const;
    assert.deepEqual(Object.keys(made).sort(), [...names].sort());
    for (const name of names) assert.equal(made[name], made[name], name);
    assert.equal(new Set(names.map((name) => made[name])).size, names.length);
  });
});
