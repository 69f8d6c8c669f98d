import { resolve } from "node:path";
import { Option } from "commander";
import { releaseFiles } from "../contract/artifacts";
import type * as InstallationModule from "../delivery/installation";
import type * as KeptModule from "../delivery/installation/kept";
import { load, tell, type CommonOptions } from "./command";
import type * as SessionModule from "./session";
import type { Session } from "./session";

/** Of commands that run Pulumi. */
export interface InstallOptions {
  readonly install?: boolean;
}

export function installOption(): Option {
  return new Option(
    "--install",
    "get the program's packages and Pulumi's CLI, which a host of CodeBuild's does not have",
  );
}

/**
 * What the command waits for before it runs Pulumi: for nothing, unless it was told to install.
 * @param session of a release's action, which may have kept it. Default: npm and Pulumi's download site are asked.
 * @param begins whether it is begun at once. Default: yes.
 */
export async function installation(
  { install = false, folder }: InstallOptions & Pick<CommonOptions, "folder">,
  session?: Session,
  begins = true,
): Promise<{ readonly installation?: InstallationModule.Installation }> {
  if (!install) return {};
  const { installationOf } = load<typeof InstallationModule>("../delivery/installation");
  const kept = session && (await keptFor(session, folder));
  const made = installationOf({ folder: resolve(folder), kept, tell });
  if (begins) made.begin();
  return { installation: made };
}

function keptFor({ target, clients }: Session, folder: string) {
  const { keptByRelease } = load<typeof KeptModule>("../delivery/installation/kept");
  const { releaseFile } = load<typeof SessionModule>("./session");
  const evidence = releaseFile(folder, undefined, releaseFiles.evidence);
  return keptByRelease(evidence, clients, target.root);
}
