import type { Command } from "commander";
import { variables } from "../contract/variables";
import type * as Plan from "../delivery/plan";
import { command, examples, load, option, print, type CommonOptions, required } from "./command";
import { pipelineExecution } from "./execution";
import { installation, installOption, type InstallOptions } from "./installation";
import type * as Session from "./session";

interface Options extends CommonOptions, InstallOptions {
  readonly pipeline?: string;
  readonly output: string;
}

export function planCommand(): Command {
  return command(
    "plan",
    "say what a promoted release would change, and what is known of it",
    "For the folder of a promoted bundle: checks whether its release can be deployed, saves Pulumi's plan, to which the " +
      "deployment is held, and writes the evidence for whoever approves it. Changes nothing but the queue of its pipeline: " +
      "executions that wait for the approval of an older release are stopped. Prints the summary.",
  )
    .addOption(
      option("--pipeline <name>", "the pipeline that asks for the approval", variables.pipeline),
    )
    .addOption(
      required("--output <folder>", "where to write plan.json, basis.json and the evidence"),
    )
    .addOption(installOption())
    .addHelpText("after", examples("gantry plan --stack production --output .gantry/plan"))
    .action(plan);
}

async function plan(options: Options): Promise<void> {
  const session = load<typeof Session>("./session");
  const opened = await session.openSession(options);
  const installing = await installation(options, opened);
  const { output, pipeline } = options;
  const made = await session.withTargetRegistry(opened, (registry) =>
    load<typeof Plan>("../delivery/plan").plan({
      ...{ target: opened.target, clients: opened.clients, registry, output },
      execution: pipelineExecution(pipeline, opened.clients),
      owner: session.whoActs().owner,
      ...installing,
      deadline: session.deadlineOf(opened, "plan"),
      ...(pipeline ? { pipeline } : {}),
    }),
  );
  await session.writeFiles(output, {
    id: `${made.release.id}\n`,
    summary: `${made.summary}\n`,
    link: `${made.link}\n`,
  });
  print(made.summary);
}
