import type * as pulumi from "@pulumi/pulumi";
import type { Conditions, Tags } from "../components";

/** What a team's own resources are made in: an environment as it is before its services. */
export interface ResourcesContext {
  /** The Pulumi stack, such as `staging`. */
  readonly stack: string;
  /** Whose defaults the stack has. */
  readonly kind: "staging" | "production";
  /** The product: `gantry:name`. */
  readonly product: string;
  /** `gantry:protection`: whether what holds data must outlive a mistake. */
  readonly protection: boolean;
  /**
   * A physical name that no other environment and nothing of Gantry's has, `shop--staging--own--orders`. Most resources
   * need none: Pulumi names them so that they can be replaced.
   * @param part lower-case letters, digits and single hyphens, a letter first.
   * @throws ResourcesError where it is anything else.
   */
  readonly name: (part: string) => string;
  /** What everything of the environment is tagged with: product and stack. */
  readonly tags: Tags;
  readonly network: {
    readonly vpcId: pulumi.Output<string>;
    readonly publicSubnetIds: pulumi.Output<string[]>;
    readonly privateSubnetIds: pulumi.Output<string[]>;
    /** Where the tasks run. */
    readonly taskSubnetIds: pulumi.Output<string[]>;
  };
  readonly cluster: {
    readonly clusterArn: pulumi.Output<string>;
    readonly clusterName: pulumi.Output<string>;
  };
  /** Absent where no service is on the web. */
  readonly loadBalancer?: {
    readonly dnsName: pulumi.Output<string>;
    readonly listenerArn: pulumi.Output<string>;
    readonly securityGroupId: pulumi.Output<string>;
  };
  /** These three are known as soon as the cluster is there: in the first preview they are not. */
  readonly region: pulumi.Output<string>;
  readonly accountId: pulumi.Output<string>;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: pulumi.Output<string>;
}

/** What tasks may do with own resources: a statement of their role. */
export interface Grant {
  /** Whole names, such as `dynamodb:GetItem`. */
  readonly actions: readonly string[];
  /** ARNs. Every resource (`*`) needs `because` where AWS has narrower ones. */
  readonly resources: readonly pulumi.Input<string>[];
  /** When it holds, in IAM's own shape: `{ operator: { key: value } }`. Without it, always. */
  readonly conditions?: Conditions;
  /** Why it must be as wide as it is; `pulumi up` repeats it as a warning. Without it, it is as narrow as it should be. */
  readonly because?: string;
}

/**
 * What own resources are to services, by names that these take in config as `{ from: name }`. What no service takes is
 * nobody's fault: another stack may.
 */
export interface OwnResources {
  /** For `environment`: texts, numbers and booleans, in plain text. */
  readonly values?: Readonly<Record<string, pulumi.Input<string | number | boolean>>>;
  /** For `secrets`: the ARN of a secret in Secrets Manager, or of a parameter in SSM. Never the value. */
  readonly secrets?: Readonly<Record<string, pulumi.Input<string>>>;
  /** For `permissions`. */
  readonly grants?: Readonly<Record<string, Grant | readonly Grant[]>>;
  /** For `securityGroups`: ids of groups that others let in, such as the client group of a database. */
  readonly securityGroups?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * What the function looks up in AWS, so that the pipeline's plans and deployments, which run it too, may do the same.
   * Without it, they may look up what Gantry itself does.
   */
  readonly lookups?: readonly Lookup[];
}

/** What the program may read while it is evaluated. */
export interface Lookup {
  /** Whole names of actions that read: `Describe...`, `Get...`, `List...` and the like. */
  readonly actions: readonly string[];
  /** ARNs, known before anything is made. Every resource (`*`) needs `because`. */
  readonly resources: readonly string[];
  /** Why it must be as wide as it is. Without it, it is as narrow as it should be. */
  readonly because?: string;
}

/** Makes a team's own resources, or has nothing to return. It makes the same on every run, and awaits all that it makes. */
export type ResourcesFunction = (
  context: ResourcesContext,
) => OwnResources | void | Promise<OwnResources | void>;
