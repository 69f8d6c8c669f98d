import { pipelinePage } from "../contract/consolePages";
import type { Ports } from "./deploy/ports";
import { DeliveryError, messageOf } from "./errors";

/** What was told of already. */
const told = new WeakSet<object>();

/** Whether people were told of an error. */
export function wasTold(error: unknown): boolean {
  return typeof error === "object" && error !== null && told.has(error);
}

export interface Failing {
  /** Id of the release. Default: that of none is known. */
  readonly release?: string;
  readonly owner: string;
  readonly actor?: string;
}

/** Does something about a release, and tells people where that fails or is refused. */
export async function tellingFailure<T>(
  ports: Pick<Ports, "tell" | "target">,
  failing: Failing,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!wasTold(error)) {
      await tellFailure(ports, failing, error);
      if (typeof error === "object" && error !== null) told.add(error);
    }
    throw error;
  }
}

const endings = {
  failed: "failed",
  superseded: "is superseded",
  held: "is held back",
} as const;

function tellFailure(
  { tell, target }: Pick<Ports, "tell" | "target">,
  { release, owner, actor }: Failing,
  error: unknown,
): Promise<void> {
  const refused = error instanceof DeliveryError ? error : undefined;
  const kind = refused?.kind ?? "failed";
  const lines = refused?.details ?? [];
  return tell({
    kind,
    what: `${release === undefined ? "a release" : `release ${release}`} ${endings[kind]}`,
    ...(refused?.told ?? { why: messageOf(error) }),
    ...(release === undefined ? {} : { release }),
    ...(actor === undefined ? {} : { who: actor }),
    ...(lines.length > 0 ? { lines } : {}),
    link: pageOf(target, owner),
  });
}

/** Where the pipeline shows what was done: the execution, where one did it. */
export function pageOf(
  { names, region }: Pick<Ports["target"], "names" | "region">,
  owner: string,
) {
  return pipelinePage(region, names.pipeline, owner);
}
