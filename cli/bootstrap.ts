import { resolve } from "node:path";
import { Option, type Command } from "commander";
import type * as Clock from "../delivery/clock";
import type * as TargetModule from "../delivery/target";
import type { BackendKind } from "../operations/bootstrap/backend";
import type * as Bootstrap from "../operations/bootstrap/bootstrap";
import type * as BootstrapClients from "../operations/bootstrap/clients";
import type * as Connection from "../operations/bootstrap/connection";
import type * as Text from "../operations/bootstrap/text";
import { agree, yesOption, type AgreeOptions } from "./agree";
import { command, examples, load, print, tell, type CommonOptions } from "./command";

interface Options extends CommonOptions, AgreeOptions {
  readonly backend?: BackendKind;
  readonly connection?: boolean;
}

export function bootstrapCommand(): Command {
  return command(
    "bootstrap",
    "make what an environment needs before its first pulumi up",
    "Makes what is missing of: a bucket for Pulumi's state (every version, encrypted, TLS alone, closed to the public), a key for the " +
      "stack's secrets, backend.url of Pulumi.yaml, the stack itself, and with --connection the connection to GitHub, which it " +
      "waits for until you have confirmed it. Says first what is there, what it makes and what that costs, and asks. What is there it " +
      "leaves as it is, also where it is not safe: then it says what to do. It deletes nothing, and can be run again at any time.",
  )
    .addOption(
      new Option(
        "--backend <kind>",
        "where Pulumi's state is: a bucket of the account, or a Pulumi service, which keeps state and key itself (default: what the files say, else s3)",
      ).choices(["s3", "pulumi"]),
    )
    .option(
      "--connection",
      "also a connection to GitHub, for gantry:pipeline.source, where config names none",
    )
    .addOption(yesOption())
    .addHelpText(
      "after",
      examples(
        "gantry bootstrap --stack staging --connection",
        "gantry bootstrap --stack production",
        "gantry bootstrap --stack staging --backend pulumi",
      ),
    )
    .action(bootstrap);
}

async function bootstrap({ connection = false, backend, ...options }: Options): Promise<void> {
  const { look, make, outcomeOf, stepsOf } = load<typeof Bootstrap>(
    "../operations/bootstrap/bootstrap",
  );
  const { planText, nextSteps } = load<typeof Text>("../operations/bootstrap/text");
  const { makeBootstrapClients } = load<typeof BootstrapClients>("../operations/bootstrap/clients");
  const { readTarget } = load<typeof TargetModule>("../delivery/target");
  const { systemClock } = load<typeof Clock>("../delivery/clock");
  const target = await readTarget(resolve(options.folder), options.stack);
  const clients = makeBootstrapClients(target.region);
  const args = {
    ...{ target, clients, backend, connects: connection },
    ...{ clock: systemClock, env: process.env },
  };
  const looked = await look(args);
  const plan = planText(looked.wanted, looked.caller, looked.items);
  if (stepsOf(looked.items).length > 0) await agree(plan, options);
  else tell([...plan, "There is nothing to make."].join("\n"));
  const made = await make(args, looked, tell);
  await confirmed(args, looked, made);
  print(nextSteps(await outcomeOf(args, looked, made)).join("\n"));
}

/** Waits for the person who confirms the connection, where there is one to confirm. */
async function confirmed(
  { clients, target, clock }: Bootstrap.BootstrapArgs,
  { found, wanted }: Bootstrap.Looked,
  { connectionArn: arn }: Bootstrap.Made,
): Promise<void> {
  const isOpen = found.connection === undefined || found.connection.status === "PENDING";
  if (arn === undefined || !isOpen) return;
  const { awaitConnection } = load<typeof Connection>("../operations/bootstrap/connection");
  const { confirmText } = load<typeof Text>("../operations/bootstrap/text");
  const { name, arn: given } = wanted.connection ?? {};
  confirmText(target.region, given ?? name ?? arn).forEach(tell);
  await awaitConnection({ client: clients.connections, arn, clock, tell });
  tell("the connection is confirmed");
}
