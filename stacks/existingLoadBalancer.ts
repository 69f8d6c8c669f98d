import * as aws from "@pulumi/aws";
import { ExistingLoadBalancer, type FoundLoadBalancer } from "../components";
import { existingFaults } from "../components/service/existingLoadBalancer";
import { ConfigError, type EnvironmentConfig, type Fault } from "./config";
import type { ExistingConfig } from "./config/existingLoadBalancer";
import { servicesOf } from "./config/sides";

/**
 * The load balancer that config names, as it is in AWS; undefined where it names none, or no service is behind it.
 * @param find what is there.
 * @throws ConfigError where it is not there, or the environment's services cannot be behind it; what AWS answers where it may not
 * be looked up.
 */
export async function existingLoadBalancer(
  config: EnvironmentConfig,
  find: Find = (wanted) => ExistingLoadBalancer.find(wanted),
): Promise<FoundLoadBalancer | undefined> {
  const { existing, internal, certificateArns } = config.loadBalancer;
  if (existing === undefined || servicesOf("main", config).length === 0) return undefined;
  const found = await look(config.stack, existing, find);
  const vpcId = await vpcOf(config.network);
  const faults: Fault[] = existingFaults({
    ...config.loadBalancer,
    certificateArns: Object.fromEntries(certificateArns.map((arn) => [arn, arn])),
    found,
  }).map(({ path, given, ...rest }) => ({
    path: pathOf(path === "arn" ? "existingArn" : "existingListenerArn"),
    given: String(given),
    ...rest,
  }));
  if (found.vpcId !== vpcId) {
    const allowed = `one of ${vpcId ?? "the default VPC, of which there is none"}: it reaches tasks of its own VPC alone`;
    const fix = `set gantry:network: { mode: existing, vpcId: ${found.vpcId} } with subnets of that VPC`;
    faults.push({ path: pathOf("existingArn"), given: `one of ${found.vpcId}`, allowed, fix });
  }
  if (found.isInternal !== internal) {
    faults.push({
      path: pathOf("internal"),
      given: String(internal),
      allowed: `${found.isInternal}, which the load balancer of existingArn is`,
      fix: found.isInternal ? "set internal: true" : "remove internal",
    });
  }
  if (found.listener.protocol !== "HTTPS") faults.push(...protocolFaults(config));
  if (faults.length > 0) throw new ConfigError(config.stack, faults);
  return found;
}

/** ALB leads HTTP/2 and gRPC on from HTTPS alone. */
function protocolFaults(config: EnvironmentConfig): Fault[] {
  return servicesOf("main", config).flatMap(([name, { route }]) =>
    route.protocol === "http1"
      ? []
      : [
          {
            path: `gantry:services.${name}.route.protocol`,
            given: route.protocol,
            allowed: "http1 behind a listener of HTTP, which leads the others on to nobody",
            fix: "name a listener of HTTPS as loadBalancer.existingListenerArn, or remove protocol",
          },
        ],
  );
}

function pathOf(key: string): string {
  return `gantry:loadBalancer.${key}`;
}

/** What the provider says of what is not there, in AWS's words and its own. */
const absent = /NotFound|no matching|empty result|ValidationError/;

type Find = (wanted: ExistingConfig) => Promise<FoundLoadBalancer>;

async function look(stack: string, wanted: ExistingConfig, find: Find) {
  try {
    return await find(wanted);
  } catch (error) {
    const given = error instanceof Error ? error.message : String(error);
    // What keeps AWS from answering is no fault of config.
    if (!absent.test(given)) throw error;
    const allowed = "a load balancer and a listener of it, on port 443 where none is named";
    const fix = "correct the ARN, or name the listener as existingListenerArn";
    throw new ConfigError(stack, [{ path: pathOf("existingArn"), given, allowed, fix }]);
  }
}

async function vpcOf(network: EnvironmentConfig["network"]): Promise<string | undefined> {
  if (network.mode === "existing" && network.vpcId !== undefined) return network.vpcId;
  const filters = [{ name: "is-default", values: ["true"] }];
  return (await aws.ec2.getVpcs({ filters })).ids.at(0);
}
