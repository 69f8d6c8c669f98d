import { withoutPublicAddresses } from "../../components/network/noPublicAddresses";
import type { RecordedResource } from "../support/record";

/** A resource as `terraform show -json` has it. */
interface PlannedResource {
  readonly address: string;
  readonly mode: "managed";
  readonly type: string;
  readonly name: string;
  readonly provider_name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The part of a plan that is read by scanners ("JSON Output Format", Terraform documentation). */
export interface TerraformPlan {
  readonly format_version: "1.2";
  readonly terraform_version: string;
  readonly planned_values: {
    readonly root_module: { readonly resources: readonly PlannedResource[] };
  };
  readonly resource_changes: readonly object[];
  readonly configuration: { readonly root_module: { readonly resources: readonly object[] } };
}

/** Terraform's names that do not follow from Pulumi's. */
const types: Readonly<Record<string, string>> = {
  "aws:codepipeline/pipeline:Pipeline": "aws_codepipeline",
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "aws_iam_openid_connect_provider",
  "aws:lb/loadBalancer:LoadBalancer": "aws_lb",
  "aws:rds/instance:Instance": "aws_db_instance",
  "aws:rds/parameterGroup:ParameterGroup": "aws_db_parameter_group",
  "aws:rds/subnetGroup:SubnetGroup": "aws_db_subnet_group",
  "aws:s3/bucketObjectv2:BucketObjectv2": "aws_s3_object",
};

/** Modules that stand in none of Terraform's names, and that stand there otherwise. */
const modules: Readonly<Record<string, string>> = {
  ec2: "",
  servicediscovery: "service_discovery_",
};

/**
 * What a plan has as null where nobody gives it, and a scanner's verdict hangs on: Checkov takes a rule of a security group that lacks them for
 * one that everybody passes.
 */
const nulls: Readonly<Record<string, readonly string[]>> = {
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": [
    "cidr_ipv4",
    "cidr_ipv6",
    "prefix_list_id",
    "referenced_security_group_id",
  ],
};

/** Values with keys of somebody's own, where others are blocks with keys of Terraform's. */
const maps = new Set(["tags", "dimensions"]);

/**
 * The plan that Terraform would show, had the recorded resources been written for it: a scanner of plans so reads what Pulumi's program
 * makes. Components are left out, which are nothing in AWS. What `awsx.ec2.Vpc` makes is added, since its provider does so.
 * @throws Error for a resource of a provider that it does not know.
 */
export function terraformPlan(resources: readonly RecordedResource[]): TerraformPlan {
  const made = resources.filter(({ type }) => /^(?:aws|awsx):/.test(type));
  const foreign = resources.find(({ type }) => !/^(?:awsx?|gantry|pulumi|docker):/.test(type));
  if (foreign) throw new Error(`${foreign.type} has no name here that Terraform knows it by`);
  const addresses = new Map(made.map((one) => [one.urn, address(one)]));
  const byAddress = new Map(made.map((one) => [address(one), one]));
  const planned = made.flatMap((one) =>
    one.type === "awsx:ec2:Vpc" ? vpcParts(one) : [plannedResource(one)],
  );
  return {
    format_version: "1.2",
    terraform_version: "1.9.0",
    planned_values: { root_module: { resources: planned } },
    resource_changes: planned.map((resource) => ({
      ...resource,
      change: { actions: ["create"], before: null, after: resource.values, after_unknown: {} },
    })),
    configuration: {
      root_module: {
        resources: planned.map((resource) => ({
          ...resource,
          expressions: expressions(byAddress.get(resource.address), addresses),
        })),
      },
    },
  };
}

function plannedResource(resource: RecordedResource): PlannedResource {
  const type = terraformType(resource.type);
  const left = Object.fromEntries((nulls[resource.type] ?? []).map((key) => [key, null]));
  return planned(type, resource.name, { ...left, ...blockOf(resource.inputs) });
}

function planned(
  type: string,
  logicalName: string,
  values: Readonly<Record<string, unknown>>,
): PlannedResource {
  const name = logicalName.replaceAll(/[^\w-]/g, "_");
  const provider_name = "registry.terraform.io/hashicorp/aws";
  return { address: `${type}.${name}`, mode: "managed", type, name, provider_name, values };
}

function address({ type, name }: RecordedResource): string {
  return planned(type === "awsx:ec2:Vpc" ? "aws_vpc" : terraformType(type), name, {}).address;
}

export function terraformType(token: string): string {
  if (Object.hasOwn(types, token)) return types[token];
  const [, path, kind] = token.split(":");
  const [module] = path.split("/");
  const prefix = modules[module] ?? `${module.toLowerCase()}_`;
  return `aws_${prefix}${snake(kind)}`;
}

function snake(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}

/** Pulumi calls lists of blocks by their plural. */
function singular(name: string): string {
  return name
    .replace(/(?<=ali)ases$/, "as")
    .replace(/ies$/, "y")
    .replace(/(?<=[^su])s$/, "");
}

function blockOf(inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([key, value]): [string, unknown][] => {
      if (value === undefined || key.startsWith("__")) return [];
      const isBlocks = Array.isArray(value) && value.some((one) => isObject(one));
      const name = snake(isBlocks ? singular(key) : key);
      return [[name, valueOf(key, value)]];
    }),
  );
}

function valueOf(key: string, value: unknown): unknown {
  if (Array.isArray(value))
    return value.map((one: unknown) => (isObject(one) ? blockOf(one) : one));
  if (!isObject(value)) return value;
  // A block that may stand there once is a list of one to Terraform.
  return maps.has(key) ? value : [blockOf(value)];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** By which a scanner knows that a bucket's encryption belongs to the bucket. */
function expressions(
  resource: RecordedResource | undefined,
  addresses: ReadonlyMap<string, string>,
): Record<string, { readonly references: readonly string[] }> {
  if (!resource) return {};
  return Object.fromEntries(
    Object.entries(resource.options.propertyDependencies).flatMap(([property, urns]) => {
      const references = urns.flatMap((urn) => {
        const found = addresses.get(urn);
        return found === undefined ? [] : [`${found}.id`, found];
      });
      const value = resource.inputs[property];
      const isBlocks = Array.isArray(value) && value.some((one) => isObject(one));
      const name = snake(isBlocks ? singular(property) : property);
      return references.length > 0 ? [[name, { references }] as const] : [];
    }),
  );
}

/** What the provider of awsx makes of a VPC ("vpc.ts" of pulumi/pulumi-awsx), as far as a scanner has an opinion on it. */
function vpcParts({ name, inputs }: RecordedResource): PlannedResource[] {
  const { cidrBlock, numberOfAvailabilityZones, tags } = inputs;
  const zones = Array.from({ length: Number(numberOfAvailabilityZones) }, (_, index) => index + 1);
  const subnets = zones.flatMap((zone) =>
    (["public", "private"] as const).map((kind) => {
      const subnet = `${name}-${kind}-${zone}`;
      const props = { vpcId: `vpc-${name}`, mapPublicIpOnLaunch: kind === "public", tags };
      // As the engine has the parts of a Network transformed.
      const made = withoutPublicAddresses({ type: "aws:ec2/subnet:Subnet", props, opts: {} });
      return planned("aws_subnet", subnet, blockOf(made?.props ?? props));
    }),
  );
  return [
    planned("aws_vpc", name, { cidr_block: cidrBlock, enable_dns_hostnames: true, tags }),
    planned("aws_internet_gateway", name, { vpc_id: `vpc-${name}`, tags }),
    ...subnets,
  ];
}
