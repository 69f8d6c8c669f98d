import { join } from "node:path";
import type { ECSClient } from "@aws-sdk/client-ecs";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { commitOfTag } from "../contract/imageTags";
import { variables } from "../contract/variables";
import type { Release } from "../contract/manifest";
import { shifts } from "../contract/deploymentStrategy";
import { verifySeconds, type TimedConfig } from "../contract/times";
import { commandFolder } from "../stacks/config";
import type { Clock } from "./clock";
import { DeliveryError } from "./errors";
import type { CheckedService, Verification } from "./releaseEvidence";
import { describeSeconds, runServiceCommand, type CommandResult } from "./shell";
import type { Target } from "./target";
import { questionOf } from "./verify/question";
import { verifyTasks } from "./verify/tasks";
import { withTestProxy } from "./verify/testProxy";
import { testRoutes, type TestRoute } from "./verify/testRoute";

export interface VerifyOptions {
  /** For the tasks of private services, and those that wait for their verification. */
  readonly ecs: ECSClient;
  /** For how the latter are reached. */
  readonly elb: ElasticLoadBalancingV2Client;
  readonly target: Target;
  /** What was deployed. */
  readonly release: Release;
  /** Where each web service answers. */
  readonly urls: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly progress: (line: string) => void;
  /** Receives what the commands print. */
  readonly onOutput: (chunk: string) => void;
  /** The environment of the commands, of which what speaks for this process at AWS is left out. Default: this one's. */
  readonly env?: NodeJS.ProcessEnv;
  /** Of one service, all attempts together. Default: 600; of a private one what its config says, where that is less. */
  readonly timeoutSeconds?: number;
}

/** A second chance, which is recorded: a test that needs it is to be fixed. */
const maxAttempts = 2;

/**
 * Runs the `verify` command of each web service, and asks the tasks of each private one, one after another, all of them also where
 * one fails. Where ECS holds a service's new tasks before they get requests, its command is given an address on this machine, which
 * leads to them alone. A command that fails is run once more. Services without a command or question are not verified.
 * @throws DeliveryError where a service's address is not known. A failed command is a result, and no error.
 */
export async function verify(options: VerifyOptions): Promise<Verification> {
  const { target, release, clock, progress } = options;
  const commands = verifyCommands(target);
  requireUrls(commands, options.urls);
  const routes = await routesOf(options, commands);
  const services: Record<string, CheckedService> = {};
  for (const [service, command] of commands) {
    services[service] = await checkWeb(service, command, routes, options);
  }
  Object.assign(services, await checkPrivate(options));
  const failed = Object.keys(services).filter((service) => !services[service].passed);
  progress(
    failed.length > 0
      ? `VERIFICATION FAILED: ${failed.join(", ")}. Conclude will roll back ${target.stack}.`
      : Object.keys(services).length === 0
        ? `nothing to verify: no service has a verify command or is private (services.<name>.verify in Pulumi.${target.stack}.yaml)`
        : `verified: ${Object.keys(services).join(", ")}`,
  );
  return {
    release: release.id,
    passed: failed.length === 0,
    services,
    at: clock.now().toISOString(),
  };
}

function verifyCommands({ config }: Target): [service: string, command: string][] {
  return Object.entries(config.services).flatMap(([name, service]) =>
    service.kind === "web" && service.verify !== undefined ? [[name, service.verify]] : [],
  );
}

type Commands = readonly (readonly [service: string, command: string])[];
type TestRoutes = Readonly<Record<string, TestRoute>>;

/** Nothing is asked where no service shifts requests. */
async function routesOf(options: VerifyOptions, commands: Commands): Promise<TestRoutes> {
  const services: TimedConfig["services"] = options.target.config.services;
  const shifting = commands
    .map(([service]) => service)
    .filter((service) => shifts(services[service].deployment?.strategy));
  return shifting.length > 0 ? testRoutes(options, shifting) : {};
}

function checkWeb(
  service: string,
  command: string,
  routes: TestRoutes,
  options: VerifyOptions,
): Promise<CheckedService> {
  if (!Object.hasOwn(routes, service)) return check(service, command, options);
  const { urls, env = process.env, progress } = options;
  const route = routes[service];
  return withTestProxy(urls[service], route, (url) => {
    progress(`${service}: its new tasks wait for this, and are asked at ${url}`);
    return check(service, command, {
      ...options,
      urls: { ...urls, [service]: url },
      env: {
        ...env,
        VERIFY_HEADER: `${route.header}: ${route.value}`,
        VERIFY_SERVICE_URL: urls[service],
      },
    });
  });
}

async function checkPrivate(options: VerifyOptions): Promise<Record<string, CheckedService>> {
  const { target, timeoutSeconds = verifySeconds } = options;
  const checked: Record<string, CheckedService> = {};
  for (const [name, service] of Object.entries(target.config.services)) {
    if (service.kind !== "private") continue;
    const question = questionOf(service);
    if (!question || service.verify === false) continue;
    const result = await verifyTasks(name, service, question, {
      ...options,
      timeoutSeconds: Math.min(timeoutSeconds, service.verify.timeoutSeconds),
    });
    if (result) checked[name] = result;
  }
  return checked;
}

function requireUrls(commands: Commands, urls: Readonly<Record<string, string>>): void {
  const missing = commands
    .map(([service]) => service)
    .filter((service) => !Object.hasOwn(urls, service) || !URL.canParse(urls[service]));
  if (missing.length === 0) return;
  const known = Object.keys(urls).filter((service) => !missing.includes(service));
  const ofOthers = known.length > 0 ? `, but of ${known.join(", ")}` : "";
  throw new DeliveryError(
    `no address is known of ${missing.join(", ")}${ofOthers}: give --url ${missing[0]}=https://staging.example.com, or ` +
      `${variables.serviceUrls} as {"web": "https://..."}`,
  );
}

async function check(
  service: string,
  command: string,
  options: VerifyOptions,
): Promise<CheckedService> {
  const { clock, progress, timeoutSeconds = verifySeconds } = options;
  const began = clock.now().getTime();
  const secondsGone = () => (clock.now().getTime() - began) / 1000;
  for (let attempts = 1; ; attempts++) {
    progress(`${service}: ${command}${attempts > 1 ? ` (attempt ${attempts})` : ""}`);
    const result = await attempt(service, command, options, timeoutSeconds - secondsGone());
    const seconds = Math.round(secondsGone() * 10) / 10;
    const { passed, output } = result;
    progress(`${service}: ${passed ? "passed" : result.end} (${describeSeconds(seconds)})`);
    if (passed || attempts === maxAttempts || seconds >= timeoutSeconds || result.timedOut) {
      const flaky = passed && attempts > 1;
      if (flaky)
        progress(`${service}: FLAKY: it passed at attempt ${attempts} only; this is recorded`);
      return {
        passed,
        attempts,
        ...(flaky ? { flaky } : {}),
        seconds,
        output: result.timedOut ? [...output, `${command} ${result.end}`] : [...output],
      };
    }
  }
}

function attempt(
  service: string,
  command: string,
  { target, release, urls, env = process.env, onOutput }: VerifyOptions,
  seconds: number,
): Promise<CommandResult> {
  const image = Object.hasOwn(release.images, service) ? release.images[service] : undefined;
  return runServiceCommand({
    command,
    folder: join(target.root, commandFolder(target.config.services[service].build)),
    env: {
      ...withoutCredentials(env),
      VERIFY_URL: urls[service],
      // The image's own commit, which an image that was reused has from before.
      EXPECTED_COMMIT: (image && commitOfTag(image.tag)) ?? release.commit,
    },
    onOutput,
    timeoutMs: Math.max(1, seconds * 1000),
  });
}

/** Tests of a service reach it as its users do: they are not to act in AWS, and not to read Pulumi's secrets. */
function withoutCredentials(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const withheld = /^(AWS_|PULUMI_(ACCESS_TOKEN|CONFIG_PASSPHRASE)|ECS_CONTAINER_METADATA)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !withheld.test(name)));
}
