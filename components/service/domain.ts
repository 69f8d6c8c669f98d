export interface DomainArgs {
  /** The name people type, such as `shop.example.com`. */
  readonly name: string;
  /** The Route 53 zone that holds it, such as `example.com`. It must exist in the same account. */
  readonly zone: string;
  /** Further names in the same zone, such as those that services are routed by. Without it, none. */
  readonly alternativeNames?: readonly string[];
}

/** The names of a domain, each once. */
export function domainNames({ name, alternativeNames = [] }: DomainArgs): string[] {
  return [...new Set([name, ...alternativeNames])];
}
