import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { DescribeServicesCommand, RunTaskCommand } from "@aws-sdk/client-ecs";
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { GetParametersByPathCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { describeError } from "../../../cli/describeError";
import { makeClients, type Clients } from "../../../delivery/clients";

type Body = Readonly<Record<string, unknown>>;

/** How an AWS that hangs hangs. */
type Silence = "no answer" | "half an answer";

describe("a call to AWS that is not answered (row F7)", () => {
  let server: Server;
  let clients: Clients;
  /** Requests in order. */
  let requests: { readonly operation: string; readonly body: Body }[];
  /** How many more are not answered. */
  let unanswered: number;
  let silence: Silence;

  before(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const operation = String(request.headers["x-amz-target"] ?? request.method).split(".");
        const text = Buffer.concat(chunks).toString();
        requests.push({
          operation: operation.at(-1) ?? "",
          body: JSON.parse(text || "{}") as Body,
        });
        unanswered -= 1;
        response.setHeader("Content-Type", "application/x-amz-json-1.1");
        if (unanswered < 0) {
          response.end(JSON.stringify({ services: [], Parameters: [], tasks: [] }));
        } else if (silence === "half an answer") {
          response.write('{"services":');
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  beforeEach(() => {
    requests = [];
    unanswered = 0;
    silence = "no answer";
    const { port } = server.address() as AddressInfo;
    const keys = { accessKeyId: "test", secretAccessKey: "test" };
    const limits = { attempts: 3, timeoutMs: 100 };
    clients = makeClients("eu-west-1", keys, `http://127.0.0.1:${port}`, limits);
  });

  const lock = { TableName: "ledger", Item: { pk: { S: "lock" }, sk: { S: "lock" } } };
  const describe = () => clients.ecs.send(new DescribeServicesCommand({ services: ["web"] }));
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    DescribeServices: describe,
    TransactWriteItems: () =>
      clients.dynamodb.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: lock }] })),
    PutParameter: () =>
      clients.ssm.send(
        new PutParameterCommand({ Name: "/gantry/shop/staging/release", Value: "{}" }),
      ),
    GetParametersByPath: () =>
      clients.ssm.send(new GetParametersByPathCommand({ Path: "/gantry/shop/staging" })),
  };

  for (const [operation, call] of Object.entries(calls)) {
    it(`is made again: ${operation}`, async () => {
      unanswered = 2;
      await call();
      assert.deepEqual(
        requests.map((request) => request.operation),
        [operation, operation, operation],
      );
    });

    it(`ends, and says which it was: ${operation}`, async () => {
      unanswered = Infinity;
      await assert.rejects(call(), (error: Error) => {
        assert.match(
          error.message,
          new RegExp(`${operation} was not answered \\(asked 3 times\\)`),
        );
        assert.match(
          describeError(error),
          /^gantry: AWS does not answer: .*\n {2}Check the network/,
        );
        return true;
      });
      assert.equal(requests.length, 3);
    });
  }

  it("is made again where it stops in the middle of the answer", async () => {
    unanswered = 2;
    silence = "half an answer";
    await describe();
    assert.equal(requests.length, 3);
  });

  it("ends where S3 is asked, which has more time for what is uploaded", async () => {
    unanswered = Infinity;
    await assert.rejects(
      clients.s3.send(new HeadObjectCommand({ Bucket: "releases", Key: "release.zip" })),
      /S3 HeadObject was not answered/,
    );
  });

  it("is done once by AWS though it is made again: each attempt has the same token", async () => {
    unanswered = 2;
    await calls.TransactWriteItems();
    unanswered = 2;
    await clients.ecs.send(new RunTaskCommand({ taskDefinition: "shop-web-release" }));
    const tokens = requests.map(({ body }) => body.ClientRequestToken ?? body.clientToken);
    assert.equal(tokens.length, 6);
    assert.ok(tokens.every((token) => typeof token === "string" && token.length >= 32));
    assert.deepEqual([new Set(tokens.slice(0, 3)).size, new Set(tokens.slice(3)).size], [1, 1]);
    assert.notEqual(tokens[0], tokens[3]);
  });
});
