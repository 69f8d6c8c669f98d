import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { transformed, type Transforms } from "./transforms";

/** Sees every resource that is registered below the components that have its options, transforms it, and bounds the roles among them. */
export class Collected {
  readonly resources: pulumi.Resource[] = [];
  /** Log groups among them that can be exported. */
  readonly logGroups: { readonly name: string; readonly resource: aws.cloudwatch.LogGroup }[] = [];
  readonly options: pulumi.ComponentResourceOptions;
  private logKeyArn?: pulumi.Input<string>;

  /**
   * @param permissionsBoundary ARN of the policy that bounds every role. Without it, none is bounded.
   * @param transforms of the team. Without them, everything is made as Gantry does.
   */
  constructor(
    readonly permissionsBoundary?: string,
    transforms: Transforms = {},
  ) {
    const names = new Map<pulumi.Resource, string>();
    this.options = {
      transformations: [
        (args) => {
          names.set(args.resource, args.name);
          const component = args.opts.parent && names.get(args.opts.parent);
          const props = transformed(
            encrypted(args, this.logKeyArn),
            transforms,
            component ?? args.name,
          );
          this.add({ ...args, props });
          return bounded({ ...args, props }, permissionsBoundary) ?? { props, opts: args.opts };
        },
      ],
    };
  }

  /** Encrypts every log group that is made from now on. Without a key, CloudWatch Logs' own does. */
  encryptLogs(keyArn: pulumi.Input<string> | undefined): void {
    this.logKeyArn = keyArn;
  }

  /** @param args of a resource that is about to be registered. */
  add({ resource, type, name, props, opts }: pulumi.ResourceTransformationArgs): void {
    this.resources.push(resource);
    const { logGroupClass = "STANDARD", region } = props as Partial<aws.cloudwatch.LogGroupArgs>;
    // Other classes take no subscription, and those of other regions none of a stream in this one.
    const isHere = region === undefined && opts.provider === undefined;
    if (type === logGroupType && logGroupClass === "STANDARD" && isHere) {
      this.logGroups.push({ name, resource: resource as aws.cloudwatch.LogGroup });
    }
  }
}

const logGroupType = "aws:cloudwatch/logGroup:LogGroup";

/** A log group with the key of the environment, unless it is of another region, where the key is not. Here rather than an argument of each component that logs, so that none can forget it. */
function encrypted(args: pulumi.ResourceTransformationArgs, keyArn?: pulumi.Input<string>) {
  const { region } = args.props as Partial<aws.cloudwatch.LogGroupArgs>;
  const isLog = args.type === logGroupType && region === undefined && keyArn !== undefined;
  return isLog ? { ...args, props: { ...(args.props as object), kmsKeyId: keyArn } } : args;
}

/** A role within its boundary, unless it has one of its own. Here rather than an argument of each component, so that none can forget it. */
export function bounded(
  { type, props, opts }: pulumi.ResourceTransformationArgs,
  permissionsBoundary: string | undefined,
): pulumi.ResourceTransformationResult | undefined {
  const given = props as { readonly permissionsBoundary?: unknown };
  const isFree = type === "aws:iam/role:Role" && given.permissionsBoundary === undefined;
  return isFree && permissionsBoundary !== undefined
    ? { props: { ...given, permissionsBoundary }, opts }
    : undefined;
}

/**
 * Keeps `pulumi destroy` from a protected environment. What comes and goes with config is not protected itself, and a
 * destroy that skips its preview deletes it before it meets what is. This depends on every resource, so it is what Pulumi
 * deletes first; where it is protected that fails, and nothing else is begun.
 */
export class Protection extends pulumi.ComponentResource {
  constructor(name: string, isProtected: boolean, { resources }: Collected) {
    // Components stand for all that is in them: these are there one by one.
    const all = resources.filter((one) => pulumi.CustomResource.isInstance(one));
    super(
      "gantry:index:Protection",
      name,
      {},
      { protect: isProtected, dependsOn: isProtected ? all : [] },
    );
    this.registerOutputs({});
  }
}
