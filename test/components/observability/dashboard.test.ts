import assert from "node:assert/strict";
import type { WatchedServiceArgs } from "../../../components";
import { dashboardBody, type DashboardArgs } from "../../../components/observability/dashboard";
import type { Widget } from "../../../components/observability/widgets";
import { counted } from "./counted";
import { everything, observed, web } from "./support";

const region = "eu-west-1";
const alarmArns = ["arn:aws:cloudwatch:eu-west-1:123456789012:alarm:shop.service.web"];
const all: DashboardArgs = { ...everything, region, alarmArns };

type Metrics = readonly (readonly [
  ...(
    string | { readonly id?: string; readonly expression?: string; readonly visible?: boolean }
  )[],
])[];

const metricsOf = ({ properties }: Widget) => (properties.metrics ?? []) as Metrics;

/** Texts and titles, in the order in which one reads. */
function titles(widgets: readonly Widget[]): string[] {
  const sorted = [...widgets].sort((one, other) => one.y - other.y || one.x - other.x);
  return sorted.map(({ properties: { markdown, title } }) => String(markdown ?? title));
}

/** What "Dashboard body structure and syntax" and CloudWatch's quotas ask for, and what would not be read. */
function check(widgets: readonly Widget[]): void {
  assert.ok(widgets.length <= 500, `${widgets.length} widgets`);
  const inAll = widgets.reduce((sum, widget) => sum + metricsOf(widget).length, 0);
  assert.ok(inAll <= 2500, `${inAll} metrics`);
  const taken = new Set<string>();
  for (const widget of widgets) {
    const { x, y, width, height } = widget;
    assert.ok(x + width <= 24 && width >= 4 && height <= 1000, JSON.stringify(widget));
    for (let column = x; column < x + width; column += 1) {
      for (let row = y; row < y + height; row += 1) {
        assert.ok(!taken.has(`${column} ${row}`), "no two at one place");
        taken.add(`${column} ${row}`);
      }
    }
    assert.ok(metricsOf(widget).length <= 500);
    const ids = metricsOf(widget).map((metric) => metric.at(-1) as { readonly id?: string });
    const named = ids.flatMap(({ id }) => id ?? []);
    assert.equal(new Set(named).size, named.length);
    for (const metric of metricsOf(widget)) {
      const { expression = "" } = metric.at(-1) as { readonly expression?: string };
      for (const id of expression.match(/line\w+/g) ?? []) assert.ok(named.includes(id), id);
    }
  }
}

describe("the dashboard of Observability", () => {
  it("reads from top to bottom", () => {
    const { widgets } = dashboardBody(all);
    assert.deepEqual(titles(widgets), [
      "# shop [Pipeline](https://example.com/pipeline)",
      "What tells",
      "## Requests",
      ...["web: requests", "web: errors", "web: seconds"],
      "Load balancer main: requests",
      "Load balancer main: errors of its own",
      "Load balancer main: connections refused",
      "## Tasks",
      ...["Tasks that run", "Deployments that go on (above 1)"],
      ...["CPU in percent", "Memory in percent"],
      "## Queues",
      ...["Messages that wait", "Seconds that the oldest waits"],
      "Messages that nobody could process",
      "## Jobs",
      ...["Runs that succeeded", "Runs that failed", "Milliseconds that runs took"],
      "## Databases and caches",
      ...["percent used", "connections", "seconds of the storage", "milliseconds behind"].map(
        (what) => `main: ${what}`,
      ),
      ...["percent used", "connections", "seconds of the storage", "bytes free"].map(
        (what) => `reports: ${what}`,
      ),
      ...["bytes", "commands refused", "connections", "keys that went"].map(
        (what) => `sessions: ${what}`,
      ),
      ...["CPU in percent", "memory in percent", "connections", "keys that went"].map(
        (what) => `pages: ${what}`,
      ),
      "## Delivery",
      ...[
        "Executions that failed",
        "Seconds that executions took",
        "Resources that are not as applied",
      ],
      "## Errors in logs",
      "The newest lines",
    ]);
    check(widgets);
  });

  it("has no row of what is not there", () => {
    const { widgets } = dashboardBody({
      ...{ environmentName: "shop", cluster: { ...everything.cluster, countsTasks: false } },
      services: { jobs: { serviceName: "shop--jobs", logGroupName: "/gantry/shop/jobs" } },
      ...{ region, alarmArns: [] },
    });
    assert.deepEqual(titles(widgets), [
      "# shop",
      "## Tasks",
      ...["CPU in percent", "Memory in percent"],
      "## Errors in logs",
      "The newest lines",
    ]);
  });

  it("shows metrics that AWS counts, under the dimensions that it counts them by", () => {
    const shown = dashboardBody(all)
      .widgets.flatMap(metricsOf)
      .flatMap((metric) => {
        const [namespace, metricName, ...rest] = metric.slice(0, -1) as string[];
        if (namespace === undefined) return [];
        const dimensions = rest.filter((_, index) => index % 2 === 0).sort();
        return [`${namespace} ${metricName} (${dimensions.join(", ")})`];
      });
    assert.ok(shown.length > 50, String(shown.length));
    assert.deepEqual(
      shown.filter((metric) => !counted.has(metric)),
      [],
    );
  });

  it("adds up both target groups of a service, and shows the slower", () => {
    const { widgets } = dashboardBody(all);
    const lines = (title: string) => {
      const widget = widgets.find(({ properties }) => properties.title === title);
      assert.ok(widget);
      return metricsOf(widget).flatMap((metric) => {
        const { expression } = metric.at(-1) as { readonly expression?: string };
        return expression ?? [];
      });
    };
    assert.deepEqual(lines("web: requests"), ["FILL(line1of1, 0) + FILL(line1of2, 0)"]);
    assert.deepEqual(lines("web: seconds"), [
      "MAX([line1of1, line1of2])",
      "MAX([line2of1, line2of2])",
      "MAX([line3of1, line3of2])",
    ]);
  });

  it("keeps to CloudWatch's quotas with as many services as a load balancer takes", () => {
    const services = Object.fromEntries(
      Array.from({ length: 100 }, (_, index): [string, WatchedServiceArgs] => [
        `web-${index}`,
        { ...web, logGroupName: `/gantry/shop/web-${index}` },
      ]),
    );
    const { widgets } = dashboardBody({ ...all, services });
    check(widgets);
    const queries = widgets.flatMap(({ type, properties }) =>
      type === "log" ? [String(properties.query)] : [],
    );
    // 101 log groups with the job's, of which a query asks 50.
    assert.deepEqual(
      queries.map((query) => query.split("SOURCE ").length - 1),
      [50, 50, 1],
    );
  });

  it("is the environment's, and leads people to it", async () => {
    const { one, value } = await observed();
    const { inputs } = one("aws:cloudwatch/dashboard:Dashboard");
    assert.equal(inputs.dashboardName, "shop");
    const body = JSON.parse(String(inputs.dashboardBody)) as { widgets: Widget[] };
    check(body.widgets);
    const [, { properties }] = body.widgets;
    assert.equal((properties.alarms as string[]).length, Object.keys(value.alarmArns).length);
    const url = await new Promise((done) => value.dashboardUrl?.apply(done));
    assert.equal(
      url,
      "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards/dashboard/shop",
    );
  });

  it("is none where nobody wants it, or CloudWatch takes no such name", async () => {
    const { all: resources, value } = await observed({ dashboard: false });
    assert.deepEqual(resources("aws:cloudwatch/dashboard:Dashboard"), []);
    assert.equal(value.dashboardUrl, undefined);
    await assert.rejects(
      observed({ environmentName: "shop.eu" }),
      /environmentName: given "shop.eu"; allowed: letters, digits, - and _/,
    );
  });
});
