import assert from "node:assert/strict";
import {
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import {
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  ListServiceDeploymentsCommand,
} from "@aws-sdk/client-ecs";
import {
  DescribeRulesCommand,
  type RuleCondition,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { systemClock } from "../../../delivery/clock";
import { verify, type VerifyOptions } from "../../../delivery/verify";
import { withTestProxy } from "../../../delivery/verify/testProxy";
import type { Target } from "../../../delivery/target";
import { aTarget, releaseOf } from "../support/aTarget";

const route = { header: "X-Gantry-Test", value: "0123456789abcdef" };
const servers: Server[] = [];

/** A load balancer: what has the header comes to the new tasks, all else to the old ones. */
async function balancer(
  answer: (request: IncomingMessage, response: ServerResponse, tasks: string) => void = (
    _,
    response,
    tasks,
  ) => response.end(tasks),
): Promise<string> {
  const server = createServer((asked, response) => {
    const isNew = asked.headers["x-gantry-test"] === route.value;
    answer(asked, response, isNew ? "new" : "old");
  });
  server.on("upgrade", (asked, socket: Socket) => {
    const tasks = asked.headers["x-gantry-test"] === route.value ? "new" : "old";
    socket.end(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX-Tasks: ${tasks}\r\n\r\n`,
    );
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

/** As ECS and ELB tell of one web service. */
function aws(held: boolean, conditions: RuleCondition[] | undefined) {
  const answer = (command: unknown) => {
    if (command instanceof DescribeServicesCommand) {
      const advancedConfiguration = conditions ? { testListenerRule: "rule/test" } : undefined;
      const deployments = [
        { status: "PRIMARY", taskDefinition: "web:2", rolloutState: "IN_PROGRESS" },
        { status: "ACTIVE", taskDefinition: "web:1", rolloutState: "COMPLETED" },
      ];
      return {
        services: [
          {
            ...{ serviceName: "shop--staging--web", status: "ACTIVE", deployments },
            deploymentConfiguration: { strategy: "BLUE_GREEN" },
            loadBalancers: [{ advancedConfiguration }],
          },
        ],
      };
    }
    const deployment = { serviceDeploymentArn: "deployment/2", status: "IN_PROGRESS" };
    if (command instanceof ListServiceDeploymentsCommand) {
      return { serviceDeployments: [deployment] };
    }
    if (command instanceof DescribeServiceDeploymentsCommand) {
      const hook = { hookId: "hook", targetType: "PAUSE", status: "AWAITING_ACTION" };
      return { serviceDeployments: [{ ...deployment, lifecycleHookDetails: held ? [hook] : [] }] };
    }
    assert.ok(command instanceof DescribeRulesCommand);
    assert.deepEqual(command.input.RuleArns, ["rule/test"]);
    return { Rules: [{ Conditions: conditions }] };
  };
  const client = { send: (command: unknown) => Promise.resolve(answer(command)) } as never;
  return { ecs: client, elb: client };
}

function shiftingTarget(verifyCommand: string): Target {
  const target = aTarget({ services: { web: { build: ".", verify: verifyCommand } } }, __dirname);
  const { web } = target.config.services;
  const deployment = { strategy: "blueGreen", bakeMinutes: 5 };
  return {
    ...target,
    config: { ...target.config, services: { web: { ...web, deployment } as never } },
  };
}

const header: RuleCondition = {
  Field: "http-header",
  HttpHeaderConfig: { HttpHeaderName: route.header, Values: [route.value] },
};

function closeServers() {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
}

describe("verification of new tasks that wait for it", () => {
  afterEach(closeServers);

  const image = { uri: "example.com/web", tag: "11112222", digest: `sha256:${"a".repeat(64)}` };
  const run = async (command: string, url: string, clients = aws(true, [header])) => {
    const lines: string[] = [];
    const options: VerifyOptions = {
      ...clients,
      ...{
        target: shiftingTarget(command),
        release: releaseOf({ web: image }),
        clock: systemClock,
      },
      ...{ urls: { web: url }, progress: (line) => lines.push(line), onOutput: () => undefined },
    };
    return { ...(await verify(options)).services.web, lines };
  };
  const answers = (tasks: string) =>
    `node -e 'fetch(process.env.VERIFY_URL).then((a) => a.text()).then((t) => process.exit(t === "${tasks}" ? 0 : 1))'`;

  it("asks them, though the command knows nothing of it", async () => {
    const url = await balancer();
    const { passed, lines } = await run(answers("new"), url);
    assert.equal(passed, true);
    assert.match(
      lines.join("\n"),
      /web: its new tasks wait for this, and are asked at http:\/\/127/,
    );
    assert.doesNotMatch(lines.join("\n"), new RegExp(route.value), "the value is told to nobody");
  });

  it("asks the service's own address where nothing waits", async () => {
    const url = await balancer();
    const { passed, output } = await run(answers("old"), url, aws(false, [header]));
    assert.equal(passed, true, output.join("\n"));
    assert.equal(
      (await run(`test "$VERIFY_URL" = ${url}`, url, aws(false, undefined))).passed,
      true,
    );
  });

  it("tells the command how to ask them itself", async () => {
    const url = await balancer();
    const own = `test "$VERIFY_HEADER" = "X-Gantry-Test: ${route.value}" && test "$VERIFY_SERVICE_URL" = ${url}`;
    assert.equal((await run(own, url)).passed, true);
  });

  for (const [what, conditions, text] of [
    [
      "has no header any more",
      [{ Field: "path-pattern" }],
      /rule\/test has no condition on a header/,
    ],
    ["is gone", undefined, /the service has no test rule/],
  ] as const) {
    it(`fails where the rule ${what}, and asks nobody else`, async () => {
      const clients = aws(true, conditions && [...conditions]);
      await assert.rejects(run("true", "http://localhost:1", clients), text);
    });
  }
});

describe("the address of a test route", () => {
  afterEach(closeServers);

  const via = (url: string, path: string, headers: Record<string, string> = {}, method = "GET") =>
    withTestProxy(
      url,
      route,
      (here) =>
        new Promise<{ answer: IncomingMessage; body: string; here: string }>((resolve, reject) => {
          const asked = request(new URL(here + path), {
            method,
            headers: Object.fromEntries(
              Object.entries(headers).map(([name, value]) => [
                name,
                value.replace("HERE", new URL(here).origin),
              ]),
            ),
          });
          asked.on("response", (answer) => {
            let body = "";
            answer.setEncoding("utf8").on("data", (text: string) => (body += text));
            answer.on("end", () => resolve({ answer, body, here }));
            answer.on("error", reject);
          });
          asked.on("error", reject).end(method === "POST" ? "sent" : undefined);
        }),
    );

  it("keeps path, method, body and status, and shows the service its own name", async () => {
    const url = await balancer((asked, response, tasks) => {
      let body = "";
      asked.setEncoding("utf8").on("data", (text: string) => (body += text));
      asked.on("end", () => {
        const { host, origin, referer } = asked.headers;
        response.writeHead(418);
        response.end([tasks, asked.method, asked.url, body, host, origin, referer].join(" "));
      });
    });
    const headers = { origin: "HERE", referer: "HERE/page" };
    const { answer, body } = await via(`${url}/api`, "/orders?n=1", headers, "POST");
    const { host } = new URL(url);
    assert.equal(answer.statusCode, 418);
    assert.equal(body, `new POST /api/orders?n=1 sent ${host} ${url} ${url}/page`);
  });

  it("gets redirects and cookies of the service back, and leaves those to elsewhere", async () => {
    const locations = {
      "/own": (url: string) => `${url}/next?a=1#b`,
      "/secure": () => "https://localhost/next",
      "/relative": () => "/next",
      "/else": () => "https://login.example.com/next",
    };
    const url: string = await balancer((asked, response) => {
      const location = locations[asked.url as keyof typeof locations](url);
      response.writeHead(303, { location, "set-cookie": ["a=1; Domain=localhost; Secure", "b=2"] });
      response.end();
    });
    const expected = {
      "/own": (here: string) => `${here}/next?a=1#b`,
      "/secure": (here: string) => `${here}/next`,
      "/relative": () => "/next",
      "/else": () => "https://login.example.com/next",
    };
    for (const [path, location] of Object.entries(expected)) {
      const { answer, here } = await via(url, path);
      assert.equal(answer.headers.location, location(here), path);
      assert.deepEqual(answer.headers["set-cookie"], ["a=1; Secure", "b=2"]);
    }
  });

  it("leads WebSockets on", async () => {
    const url = await balancer();
    const answer = await withTestProxy(
      url,
      route,
      (here) =>
        new Promise<string>((resolve, reject) => {
          const socket = connect(Number(new URL(here).port), "127.0.0.1");
          let text = "";
          socket.setEncoding("utf8").on("data", (part: string) => (text += part));
          socket.on("error", reject).on("close", () => resolve(text));
          socket.write(
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
          );
        }),
    );
    assert.match(answer, /101 Switching Protocols[^]*x-tasks: new/i);
  });

  it("says who did not answer, and ends with what was asked", async () => {
    const { answer, body } = await via("http://localhost:9", "/");
    assert.equal(answer.statusCode, 502);
    assert.match(body, /http:\/\/localhost:9 did not answer: .*ECONNREFUSED/);
    let here = "";
    await withTestProxy("http://localhost:9", route, (address) => {
      here = address;
      return Promise.resolve();
    });
    await assert.rejects(fetch(here), /fetch failed/);
  });
});
