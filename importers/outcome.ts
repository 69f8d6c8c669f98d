import type { SourceNode } from "./source";

/** What became of a field. */
export type Outcome =
  | { readonly became: "same"; readonly to: string }
  | { readonly became: "other way"; readonly how: string }
  | { readonly became: "lost"; readonly why: string; readonly fix: string };

export function same(to: string): Outcome {
  return { became: "same", to };
}

export function otherWay(how: string): Outcome {
  return { became: "other way", how };
}

export function lost(why: string, fix: string): Outcome {
  return { became: "lost", why, fix };
}

/** Of what no rule has read. */
export const notKnown = lost("not known", "look up what it does, and report it as missing");

/** What one stack made of the values that it read; who asks of any other gets nothing. */
export class Outcomes {
  private readonly known = new Map<SourceNode, Outcome>();

  mark(node: SourceNode, outcome: Outcome): void {
    this.known.set(node, outcome);
  }

  of(node: SourceNode): Outcome | undefined {
    return this.known.get(node);
  }
}
