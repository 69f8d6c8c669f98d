/** A stack in its project, and the organization of config that has it. */
export interface Named {
  readonly stack: string;
  readonly project: string;
  readonly config: {
    readonly pipeline?: { readonly state: { readonly organization?: string } };
  };
}

/** A stack, as `pulumi stack ls` has it. */
interface ListedStack {
  /** `staging`, `acme/staging` or `acme/shop/staging`: Pulumi leaves out what is the default. */
  readonly name: string;
}

/**
 * The stack as Pulumi is told of it. Without its organization a Pulumi service takes the token's default, which has another
 * stack of this name, or none ("Stacks: fully qualified stack names", Pulumi's documentation).
 */
export function qualifiedStack({ stack, project, config }: Named): string {
  const organization = config.pipeline?.state.organization;
  return organization === undefined ? stack : `${organization}/${project}/${stack}`;
}

/** The stack among those of its project, in every organization that the token sees. */
export function ownStack<T extends ListedStack>(
  stacks: readonly T[],
  { stack, config }: Named,
): T | undefined {
  const organization = config.pipeline?.state.organization;
  const named = stacks.filter(({ name }) => name.split("/").at(-1) === stack);
  const owned = named.find(
    ({ name }) => name.split("/").length > 1 && name.split("/")[0] === organization,
  );
  // In the default organization, a stack is listed by its own name alone.
  return (
    owned ??
    named.find(({ name }) => !name.includes("/")) ??
    (organization ? undefined : named.at(0))
  );
}
