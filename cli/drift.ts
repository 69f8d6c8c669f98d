import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import type * as Contract from "../contract/drift";
import { environmentNames } from "../contract/names";
import { variables } from "../contract/variables";
import type * as Check from "../delivery/drift/check";
import type { DriftTarget } from "../delivery/drift/check";
import { DeliveryError } from "../delivery/errors";
import type * as InstallationModule from "../delivery/installation";
import type * as Text from "../delivery/drift/text";
import { command, examples, load, print, tell, type CommonOptions } from "./command";
import { installOption, type InstallOptions } from "./installation";
import { printJson } from "./json";
import type * as Session from "./session";
import { ToldError } from "./toldError";
import { wholeNumber } from "./values";

/** Where the environment differs and `--exit-code` was given: 1 and 2 say that nothing is known. */
const differs = 3;

interface Options extends CommonOptions, InstallOptions {
  readonly json?: boolean;
  readonly exitCode?: boolean;
  readonly record?: boolean;
  readonly wait?: number;
}

export function driftCommand(): Command {
  return command(
    "drift",
    "say what was changed beside the program",
    "Reads back everything that Pulumi's state has, and says what is otherwise than when it was last applied, what is gone and " +
      "what was added by hand; since when, and from CloudTrail who. Changes nothing, and runs no program. While a deployment " +
      "or an update is under way nothing is compared, which is told.",
  )
    .option("--json", "as JSON")
    .option("--exit-code", `end with ${differs} where something differs`)
    .option("--wait <minutes>", "how long to wait for a deployment that is under way", wholeNumber)
    .option(
      "--record",
      "keep what was found for the next check, count it in CloudWatch, and tell people of what is new",
    )
    .addOption(installOption())
    .addHelpText(
      "after",
      examples(
        "gantry drift --stack production",
        "gantry drift --stack production --json --exit-code",
      ),
    )
    .action(drift);
}

async function drift(options: Options): Promise<void> {
  const { checkEnvironment } = load<typeof Check>("../delivery/drift/check");
  const { installation } = options.install ? { installation: pulumi() } : {};
  const { target, done } = await targetOf(options);
  try {
    const report = await checkEnvironment(target, {
      ...{ installation, log: tell, waitMinutes: options.wait, records: options.record },
    });
    if (options.json) printJson(report);
    else print(load<typeof Text>("../delivery/drift/text").driftText(report));
    const { refuseIncomplete } = load<typeof Check>("../delivery/drift/check");
    refuseIncomplete(report);
    if (options.exitCode && report.status === "differs") throw new ToldError(differs);
  } finally {
    await done();
  }
}

function pulumi(): InstallationModule.Installation {
  const made = load<typeof InstallationModule>("../delivery/installation").pulumiAlone(tell);
  made.begin();
  return made;
}

interface OpenedTarget {
  readonly target: DriftTarget;
  readonly done: () => Promise<void>;
}

/** The project's folder, or in a build of a schedule what that was told. */
async function targetOf(options: Options): Promise<OpenedTarget> {
  const text = process.env[variables.checked];
  if (!text) {
    const { target } = await load<typeof Session>("./session").openQuestion(options);
    return { target, done: () => Promise.resolve() };
  }
  const checked = load<typeof Contract>("../contract/drift").parseChecked(text);
  if (!checked) {
    throw new DeliveryError(
      `${variables.checked} does not say which environment is meant: pulumi up --stack ${options.stack} puts it right`,
    );
  }
  return madeFor(checked, options.stack);
}

/** A folder in which Pulumi finds the project; the stack's file is not needed, since no program runs. */
async function madeFor(
  { project, name, region, organization, byEcsAction, topicArn }: Contract.CheckedEnvironment,
  stack: string,
): Promise<OpenedTarget> {
  const folder = await mkdtemp(join(tmpdir(), "gantry-drift-"));
  await writeFile(
    join(folder, "Pulumi.yaml"),
    JSON.stringify({ name: project, runtime: "nodejs" }),
  );
  return {
    target: {
      ...{ folder, project, stack, region },
      names: environmentNames({ name, stack }),
      told: topicArn === undefined ? undefined : { topicArn, product: name },
      config: { pipeline: { state: { organization }, deploy: byEcsAction ? "ecs" : "pulumi" } },
    },
    done: () => rm(folder, { recursive: true, force: true }),
  };
}
