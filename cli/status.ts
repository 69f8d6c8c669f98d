import type { Command } from "commander";
import type * as Alarms from "../delivery/gates/alarms";
import type * as Explain from "../delivery/explain";
import type * as Execution from "../delivery/pipelineExecution";
import type * as Pointer from "../delivery/pointer";
import type * as Status from "../delivery/status";
import type * as Text from "../delivery/statusText";
import { command, examples, load, print, type CommonOptions } from "./command";
import type * as Session from "./session";

interface Options extends CommonOptions {
  readonly json?: boolean;
}

export function statusCommand(): Command {
  return command(
    "status",
    "say which release should run, and what does",
    "Says which release an environment should run, since when and by whom, what the tasks of each service do run, and " +
      "whether a deployment is in progress. Where they differ (drift), a service is missing or a lock was left, it says " +
      "what to do; where tasks are missing, why some failed, with the log of the container that did.",
  )
    .option("--json", "as JSON")
    .addHelpText("after", examples("gantry status --stack production"))
    .action(status);
}

async function status(options: Options): Promise<void> {
  const { asJson, openQuestion } = load<typeof Session>("./session");
  const { taskFailures } = load<typeof Explain>("../delivery/explain");
  const { readPointer } = load<typeof Pointer>("../delivery/pointer");
  const { alarmStates } = load<typeof Alarms>("../delivery/gates/alarms");
  const { environmentStatus } = load<typeof Status>("../delivery/status");
  const { target, clients, ledger } = await openQuestion(options);
  const { codepipeline } = clients;
  const pipeline = target.names.pipeline;
  const found = await environmentStatus({
    ...{ target, ledger, ecs: clients.ecs },
    failures: (service) => taskFailures({ clients, target, service, since: new Date(0) }),
    alarms: () => alarmStates(clients.cloudwatch, target),
    isAsked:
      target.config.pipeline?.approval === "afterVerification"
        ? (id) =>
            load<typeof Execution>("../delivery/pipelineExecution").isAsked({
              ...{ codepipeline, pipeline, id },
            })
        : undefined,
    pointer: { read: () => readPointer(clients.ssm, target.names) },
  });
  if (options.json) {
    process.stdout.write(asJson(found));
  } else {
    print(load<typeof Text>("../delivery/statusText").statusText(found, new Date()));
  }
}
