import { lost, otherWay } from "../outcome";
import { becomes, isLost, type At, type Rule, type Table } from "../rules";
import { number, seconds, words } from "../values";

const atOnce = "all services start at once";
const tryAgain = "let the program try again until what it needs is there";

/** Docker's, where it is not Gantry's. */
const defaultTimeoutSeconds = 30;

/** How a container is known to be well, and what a service waits for. */
export const healthTable: Table = {
  "healthcheck.test": (at) => {
    const path = askedPath(at);
    if (path !== undefined) {
      at.set(["healthCheck", "path"], path);
      return otherWay("healthCheck.path: the load balancer asks what the command asked");
    }
    const command = commandOf(at.value);
    if (command === "NONE") return otherWay("a service without a check is well while it runs");
    if (command === undefined) return lost("no command", "set healthCheck.command yourself");
    if (at.beside("ports") === undefined && at.beside("healthcheck", "timeout") === undefined) {
      at.set(["healthCheck", "timeoutSeconds"], defaultTimeoutSeconds);
    }
    return at.set(["healthCheck", "command"], command);
  },
  "healthcheck.interval": becomes("healthCheck.intervalSeconds", seconds),
  "healthcheck.timeout": becomes("healthCheck.timeoutSeconds", seconds),
  "healthcheck.start_period": byCommand("startPeriodSeconds", (at) =>
    becomes("healthCheck.graceSeconds", seconds)(at),
  ),
  "healthcheck.retries": byCommand("retries", () =>
    lost(
      "what is counted is the load balancer's asking",
      "set healthCheck.unhealthyThreshold, 2 to 10",
    ),
  ),
  "healthcheck.disable": ({ value, beside }) =>
    value === false || beside("ports") === undefined
      ? otherWay("a service without a check is well while it runs")
      : lost("the load balancer asks always", "answer on healthCheck.path"),
  "depends_on.*.condition": ({ value, names: [other] }) =>
    value === "service_completed_successfully"
      ? lost(
          `${atOnce}: nothing waits until ${other} has ended`,
          `say its command as releaseCommand: { command }, or make it a sidecar with essential: false and set dependsOn: { ${other}: success }`,
        )
      : lost(
          value === "service_healthy"
            ? `${atOnce}: nothing waits until ${other} is healthy`
            : atOnce,
          tryAgain,
        ),
  "depends_on.*.*": isLost(atOnce, tryAgain),
  "depends_on.*": ({ node }) => (node.children?.size ? undefined : lost(atOnce, tryAgain)),
};

/** What the command asks by HTTP, of a service that a load balancer asks as well; undefined of any other. */
function askedPath({ beside }: At): string | undefined {
  if (beside("ports") === undefined) return undefined;
  const test = beside("healthcheck", "test");
  const text = Array.isArray(test) ? test.join(" ") : String(test);
  const [asked, path] = /https?:\/\/[^\s/"']+(\/[^\s"'|;)]*)?/.exec(text) ?? [];
  return asked === undefined ? undefined : (path ?? "/");
}

function hasCommand(at: At): boolean {
  const command = commandOf(at.beside("healthcheck", "test"));
  return command !== undefined && command !== "NONE" && askedPath(at) === undefined;
}

/** Words after `CMD`, the text of a shell, or `NONE`; undefined where there is nothing. */
function commandOf(value: unknown): string | readonly string[] | undefined {
  if (typeof value === "string") return value.trim() || undefined;
  const [how, ...rest] = words(value) ?? [];
  if (how === "NONE") return how;
  if (how === "CMD-SHELL") return rest.join(" ") || undefined;
  return how === "CMD" && rest.length > 0 ? rest : undefined;
}

/** A key of the container's own check; of one that a load balancer makes instead, something else. */
function byCommand(key: "startPeriodSeconds" | "retries", otherwise: Rule): Rule {
  return (at) =>
    hasCommand(at)
      ? becomes(`healthCheck.${key}`, key === "retries" ? number : seconds)(at)
      : otherwise(at);
}
