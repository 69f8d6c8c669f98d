/** What the names of an environment are made of. */
export interface EnvironmentKey {
  /** The product, as in `gantry:name`. */
  readonly name: string;
  /** The Pulumi stack. */
  readonly stack: string;
}

/** Physical names that another part must know without asking: the other environment, delivery, people. */
export interface EnvironmentNames {
  /** `<name>-<stack>`: what every name begins with, so that several products can share an account. */
  readonly prefix: string;
  readonly cluster: string;
  /** The SSM parameter that says which release runs: the pointer. */
  readonly releasePointer: string;
  /** The path directly above the pointer: reading by path makes an absent pointer an answer and not an error. */
  readonly releasePointerPath: string;
  readonly flowLogGroup: string;
  readonly execLogGroup: string;
  readonly service: (service: string) => string;
  readonly taskFamily: (service: string) => string;
  readonly repository: (service: string) => string;
  readonly logGroup: (service: string) => string;
  /** The CodePipeline pipeline. */
  readonly pipeline: string;
  /** The CodeBuild project of an action, such as `deploy` or `build-web`; its role has the same name. */
  readonly action: (action: string) => string;
  /** The role that the environment before this one takes on to promote a release into it. */
  readonly receiveRole: string;
  /** Where promoted releases arrive; bucket names are unique in all of AWS. */
  readonly releaseBucket: (accountId: string, region: string) => string;
  /** The DynamoDB table of deployments and their lock: the ledger. */
  readonly ledger: string;
}

/** The object of a release bucket that holds the newest bundle; its earlier versions hold the earlier ones. */
export const releaseKey = "release.zip";

/** The names of an environment: the same wherever they are asked for. */
export function environmentNames({ name, stack }: EnvironmentKey): EnvironmentNames {
  const prefix = `${name}-${stack}`;
  const path = `/gantry/${name}/${stack}`;
  return {
    prefix,
    cluster: prefix,
    releasePointer: `${path}/release`,
    releasePointerPath: path,
    flowLogGroup: `${path}/flow-logs`,
    execLogGroup: `${path}/exec`,
    service: (service) => `${prefix}-${service}`,
    taskFamily: (service) => `${prefix}-${service}`,
    repository: (service) => `${prefix}/${service}`,
    logGroup: (service) => `${path}/services/${service}`,
    pipeline: prefix,
    action: (action) => `${prefix}-${action}`,
    receiveRole: `${prefix}-receive`,
    releaseBucket: (accountId, region) => `${prefix}-releases-${accountId}-${region}`,
    ledger: `${prefix}-deployments`,
  };
}
