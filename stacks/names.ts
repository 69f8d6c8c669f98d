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
}

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
  };
}
