import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { DeliveryError } from "../delivery/errors";
import type * as ProjectFolder from "../delivery/projectFolder";
import { examples, load, packageVersion } from "./command";
import { ToldError } from "./toldError";

/** What a rehearsal is told. */
export interface RehearseOptions {
  /** Leave the emulator and the state for further commands. */
  readonly keep?: boolean;
  /** Tear down what `--keep` left. */
  readonly destroy?: boolean;
  /** Bring the environments up, and deliver nothing to them. */
  readonly environments?: boolean;
  /** Grant approvals instead of asking. */
  readonly approve?: boolean;
  /** Run builds in AWS's own image instead of a stand-in. */
  readonly codebuildImage?: boolean;
}

/** The package that rehearses, as far as the command knows it: nothing here imports it, since it is optional. */
export interface Rehearsal {
  /** @returns whether it went as it should; what did not has been told. */
  rehearse(
    options: RehearseOptions,
    call: { readonly folder: string; readonly command: string },
  ): Promise<boolean>;
}

/** Its name, and the command that installs it. */
const packageName = "gantry-rehearsal";

export function rehearseCommand(): Command {
  return rehearsalCommand("rehearse", "npx gantry rehearse", installedRehearsal)
    .summary("rehearse the product on this machine, without AWS")
    .addHelpText("after", examples("gantry rehearse --folder infra", "gantry rehearse --keep"));
}

/**
 * The command that rehearses a project, also under another name.
 * @param typed what a person types before the options.
 * @param find the package, for the folder of a project.
 */
export function rehearsalCommand(
  name: string,
  typed: string,
  find: (folder: string) => Rehearsal,
): Command {
  return new Command(name)
    .description(
      "Brings staging and production up with the real Pulumi engine on an emulated AWS, on this machine alone: no AWS " +
        "account, nothing to pay. Then takes a commit of the services that the stack files name through both pipelines, " +
        "and others with a mistake each, which are rolled back in staging. The report is .gantry/report.html, and " +
        ".gantry/report.json.",
    )
    .option("--folder <folder>", "where Pulumi.yaml is", ".")
    .option(
      "--approve",
      "grant production's approval; without it you are asked, where there is a terminal",
    )
    .option("--environments", "bring the environments up, and deliver nothing")
    .option(
      "--keep",
      "leave it running, and say how to use pulumi and aws against it; a later start updates it",
    )
    .option(
      "--codebuild-image",
      "run builds in AWS's own image, which is pulled (gigabytes), and not in a stand-in; needs Docker",
    )
    .option("--destroy", "tear down what --keep left")
    .helpOption("-h, --help", "show this text")
    .addHelpText("after", environmentText)
    .hook("preAction", (_, called) => refuseContradiction(called))
    .action(async ({ folder, ...options }: RehearseOptions & { readonly folder: string }) => {
      const project = resolve(folder);
      const command = folder === "." ? typed : `${typed} --folder ${folder}`;
      const succeeded = await find(project).rehearse(options, { folder: project, command });
      if (!succeeded) throw new ToldError();
    });
}

const environmentText = `
Environment:
  GANTRY_ENGINE           "installed" never builds the Pulumi engine, "build" always does
  TERRAFORM_AWS_PROVIDER  path of a Terraform AWS provider, where Pulumi's own plugin cannot be downloaded`;

function refuseContradiction(called: Command): void {
  const { keep, destroy } = called.opts<RehearseOptions>();
  if (keep && destroy) called.error("error: --keep and --destroy exclude each other");
}

/**
 * The package as it is installed for a project.
 * @throws DeliveryError where it is not, or of another version than this command: they read the same config.
 */
function installedRehearsal(folder: string): Rehearsal {
  load<typeof ProjectFolder>("../delivery/projectFolder").filesOfProject(folder);
  const requireThere = createRequire(join(folder, "package.json"));
  const wanted = packageVersion();
  const install = `npm install --save-dev ${packageName}@${wanted}`;
  let version: string;
  try {
    ({ version } = requireThere(`${packageName}/package.json`) as { readonly version: string });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    throw new DeliveryError(
      `the rehearsal is a package of its own, which is not installed for ${folder}: there, run ${install}`,
    );
  }
  if (version !== wanted) {
    throw new DeliveryError(
      `${packageName} is ${version}, and gantry ${wanted}: have both of one version. In ${folder}, run ${install}`,
    );
  }
  return requireThere(packageName) as Rehearsal;
}
