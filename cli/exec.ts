import type { Command } from "commander";
import type * as Exec from "../operations/exec";
import { command, examples, load, tell, type CommonOptions } from "./command";
import type * as Session from "./session";
import { ToldError } from "./toldError";

interface Options extends CommonOptions {
  readonly task?: string;
  readonly container?: string;
}

export function execCommand(): Command {
  return command(
    "exec",
    "open a session in a container that runs",
    "Opens a shell, or runs a command, in a task of a service by ECS Exec. It takes AWS's session-manager-plugin, and services.<name>.exec in " +
      "config, which production has off unless it is asked for. Sessions are logged, and gantry audit lists them. Put no secret into the command: it is recorded.",
  )
    .argument("<service>", "as config calls it")
    .argument("[command...]", "after --, what to run (default: /bin/sh)")
    .option("--task <id>", "which task, by its id or how that begins (default: the newest)")
    .option("--container <name>", "which container (default: the service's own)")
    .addHelpText(
      "after",
      examples(
        "gantry exec web --stack staging",
        "gantry exec web --stack staging -- node --version",
        "gantry exec web --stack staging --task 3f9c --container proxy",
      ),
    )
    .action(exec);
}

async function exec(service: string, words: readonly string[], options: Options): Promise<void> {
  const { openQuestion } = load<typeof Session>("./session");
  const module = load<typeof Exec>("../operations/exec");
  const { target, clients } = await openQuestion(options);
  const { ecs } = clients;
  const { task, container } = options;
  const place = await module.findSessionPlace({
    ...{ ecs, target, service, command: words, task, container },
  });
  const version = await module.pluginVersion();
  tell(
    `${service} of ${target.stack}: ${place.command} in ${place.container} of task ${place.taskArn.split("/").at(-1)}`,
  );
  const exitCode = await module.openExecSession({ ecs, region: target.region, place, version });
  if (exitCode !== 0) throw new ToldError(exitCode);
}
