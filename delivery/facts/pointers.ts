import { GetParametersByPathCommand, type SSMClient } from "@aws-sdk/client-ssm";

/** An environment of Gantry's, as its pointer's name says it. */
export interface FoundEnvironment {
  readonly name: string;
  readonly stack: string;
}

/** What every pointer's name begins with (`contract/names.ts`). */
const root = "/gantry";
const pointerName = /^\/gantry\/([^/]+)\/([^/]+)\/release$/;

/**
 * The environments of an account and region that have a release pointer. One that never had a release has none.
 * One call for ten parameters below `/gantry`, of which values of the type SecureString are not decrypted.
 */
export async function findPointers(ssm: Pick<SSMClient, "send">): Promise<FoundEnvironment[]> {
  const found: FoundEnvironment[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ssm.send(
      new GetParametersByPathCommand({ Path: root, Recursive: true, MaxResults: 10, NextToken }),
    );
    for (const { Name = "" } of page.Parameters ?? []) {
      const [, name, stack] = pointerName.exec(Name) ?? [];
      if (name !== undefined) found.push({ name, stack });
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}
