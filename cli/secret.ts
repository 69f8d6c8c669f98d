import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import type * as Clients from "../delivery/clients";
import { DeliveryError } from "../delivery/errors";
import type * as Times from "../delivery/facts/times";
import type * as Folder from "../delivery/projectFolder";
import type * as TargetModule from "../delivery/target";
import type * as Copy from "../operations/secrets/copy";
import type * as EncryptionKey from "../operations/secrets/encryptionKey";
import type * as List from "../operations/secrets/list";
import type * as Meant from "../operations/secrets/meant";
import type * as Remove from "../operations/secrets/remove";
import type * as Set from "../operations/secrets/set";
import { agree, yesOption } from "./agree";
import { command, examples, load, print, required, tell, type CommonOptions } from "./command";
import { printJson } from "./json";
import type * as Input from "./secretInput";

export function secretCommand(): Command {
  return new Command("secret")
    .summary("set, list, copy and delete the secrets that config names")
    .description(
      "Sets, lists, copies and deletes secrets in Secrets Manager and SSM. Values come by the standard input or a question, never by an " +
        "argument, and none is ever printed.",
    )
    .helpOption("-h, --help", "show this text")
    .helpCommand(false)
    .addCommand(setCommand())
    .addCommand(listCommand())
    .addCommand(copyCommand())
    .addCommand(removeCommand())
    .addHelpText(
      "after",
      examples(
        "gantry secret set DATABASE_URL --stack production",
        "gantry secret set api-key --stack production --yes < api-key.txt",
        "gantry secret ls --stack production",
      ),
    );
}

const nameHelp =
  "a variable of config (DATABASE_URL, web.DATABASE_URL), what config names (shop/database, shop/database:url, /shop/api-key, an ARN), " +
  "or a name of your own (api-key: the secret <product>/<stack>/api-key)";

interface SetOptions extends CommonOptions {
  readonly key?: string;
  readonly parameter?: boolean;
  readonly yes?: boolean;
}

function setCommand(): Command {
  return (
    command(
      "set",
      "give a secret a value, and make it where there is none",
      "Gives a secret a value: what is piped in, without one newline at its end, or what is typed where nobody sees it. One that is not " +
        "there is made, with the environment's key and tags. Says who reads it; tasks that run keep the old value until they are replaced. " +
        "Secrets Manager takes 65536 bytes, SSM 8192 (above 4096 for 0.05 USD a month).",
    )
      .argument("<name>", nameHelp)
      .option("--key <key>", "one key of the secret's JSON; all others stay as they are")
      .option(
        "--parameter",
        "a new one is a SecureString of SSM, in place of a secret of Secrets Manager",
      )
      .addOption(yesOption())
      // What is too much may be the value: it is refused below, and not repeated.
      .allowExcessArguments()
      .allowUnknownOption()
      .addHelpText(
        "after",
        examples(
          "gantry secret set DATABASE_URL --stack production",
          "gantry secret set shop/database --key url --stack production",
          "gantry secret set api-key --stack production --yes < api-key.txt",
        ),
      )
      .action(set)
  );
}

async function set(name: string, options: SetOptions, called: Command): Promise<void> {
  if (called.args.length > 1) {
    called.error(
      "error: set takes a name, and nothing behind it: the value of a secret is never an argument, since the shell keeps it in its history " +
        "and every process of the machine can see it. If it was the value, change that secret. Nothing was set.\n" +
        "Pipe the value in (... < file), or leave it out and type it where it is asked for. An option that set does not have is refused so, too.",
    );
  }
  const { nextSteps, planSecret, setSecret } = load<typeof Set>("../operations/secrets/set");
  const { secretMeant } = load<typeof Meant>("../operations/secrets/meant");
  const { secretValue } = load<typeof Input>("./secretInput");
  const target = await targetOf(options);
  const meant = secretMeant(target, name, options);
  const ports = portsOf(target, meant.region);
  const planned = await planSecret(ports, meant);
  const value = await secretValue(meant.name);
  await agree(planned.acts, options);
  await setSecret(ports, planned, value);
  print(`${meant.name} ${planned.found ? "has a new value" : "is created"}`);
  for (const step of nextSteps(target, name, meant)) tell(step);
}

function listCommand(): Command {
  return command(
    "ls",
    "list the secrets of an environment, and who reads them",
    "Lists the secrets that config names and those under the environment's own names: where each is, whether it is there, when it was " +
      "changed, whether it is rotated, and which service reads it as which variable. Reads and shows no value. Secrets of databases, caches " +
      "and own resources come with these, and are not listed.",
  )
    .option("--json", "as JSON")
    .addHelpText("after", examples("gantry secret ls --stack production"))
    .action(list);
}

async function list(options: CommonOptions & { readonly json?: boolean }): Promise<void> {
  const { listSecrets, secretListText } = load<typeof List>("../operations/secrets/list");
  const { readerHere } = load<typeof Times>("../delivery/facts/times");
  const target = await targetOf(options);
  const made = new Map<string, Clients.Clients>();
  const clientsOf = (region: string) => {
    const clients = made.get(region) ?? clientsIn(region);
    made.set(region, clients);
    return clients;
  };
  const answer = await listSecrets({ target, clientsOf });
  if (options.json) printJson(answer);
  else print(secretListText(answer, readerHere()));
  const isAnswered =
    answer.gaps.length === 0 || answer.secrets.some(({ state }) => state !== "unknown");
  if (!isAnswered) throw new DeliveryError(`nothing of ${target.stack}'s secrets could be read`);
}

interface CopyOptions extends SetOptions {
  readonly to: string;
  readonly as?: string;
}

function copyCommand(): Command {
  return command(
    "copy",
    "give another stack's secret the same value",
    "Reads a secret of one stack and gives its value to that of another, which is made where it is not there. The value is shown to nobody. " +
      "Both are read and set with the same credentials: for environments in two accounts, set the second by itself.",
  )
    .argument("<name>", nameHelp)
    .addOption(required("--to <stack>", "the stack that gets it"))
    .option("--as <name>", "what it is called there (default: as its config calls it)")
    .option("--key <key>", "one key of the secret's JSON")
    .option("--parameter", "a name of your own is one of SSM")
    .addOption(yesOption())
    .addHelpText("after", examples("gantry secret copy api-key --stack staging --to production"))
    .action(copy);
}

async function copy(name: string, { to, as, ...options }: CopyOptions): Promise<void> {
  const { copyMeant, requireOneAccount, valueToCopy } = load<typeof Copy>(
    "../operations/secrets/copy",
  );
  const { nextSteps, planSecret, setSecret } = load<typeof Set>("../operations/secrets/set");
  const { secretMeant, secretText } = load<typeof Meant>("../operations/secrets/meant");
  const from = await targetOf(options);
  const other = await targetOf({ ...options, stack: to });
  const { key, parameter } = options;
  const source = secretMeant(from, name, { key, parameter });
  const meant = copyMeant(source, name, { from, to: other, as, key, parameter });
  const { clients } = portsOf(from, source.region);
  await requireOneAccount(clients.sts, from, other);
  const ports = portsOf(other, meant.region);
  const planned = await planSecret(ports, meant);
  await agree([`${secretText(source)} is read`, ...planned.acts], options);
  await setSecret(ports, planned, await valueToCopy(clients, source));
  print(`${meant.name} of ${to} has the value of ${source.name}`);
  for (const step of nextSteps(other, as ?? name, meant)) tell(step);
}

interface RemoveOptions extends SetOptions {
  readonly recoveryDays: number;
}

function removeCommand(): Command {
  return command(
    "rm",
    "delete a secret that config does not name any more",
    "Deletes a secret. It is refused while config of any stack of the folder names it. One of Secrets Manager can be restored for a while; one of SSM is " +
      "gone at once.",
  )
    .argument("<name>", nameHelp)
    .option(
      "--recovery-days <days>",
      "how long one of Secrets Manager can be restored, 7 to 30 days",
      recoveryDaysOf,
      30,
    )
    .option("--parameter", "a name of your own is one of SSM")
    .addOption(yesOption())
    .addHelpText("after", examples("gantry secret rm api-key --stack production"))
    .action(remove);
}

/** Those of `recoveryDays` in `operations/secrets/remove.ts`, which only loads when it runs. */
function recoveryDaysOf(text: string): number {
  const days = Number(text);
  if (/^\d+$/.test(text) && days >= 7 && days <= 30) return days;
  throw new InvalidArgumentError("Give 7 to 30.");
}

async function remove(name: string, options: RemoveOptions): Promise<void> {
  const { planRemoval, removeSecret } = load<typeof Remove>("../operations/secrets/remove");
  const { secretMeant } = load<typeof Meant>("../operations/secrets/meant");
  const { stacksOf } = load<typeof Folder>("../delivery/projectFolder");
  const { folder, stack, recoveryDays } = options;
  const target = await targetOf(options);
  const meant = secretMeant(target, name, options);
  const { clients } = portsOf(target, meant.region);
  const others = stacksOf(resolve(folder)).filter((one) => one !== stack);
  const targets = await Promise.all(others.map((one) => targetOf({ ...options, stack: one })));
  const planned = await planRemoval(clients, meant, [target, ...targets], recoveryDays);
  await agree(planned.acts, options);
  print(await removeSecret(clients, planned, recoveryDays));
}

function targetOf({ folder, stack }: CommonOptions): Promise<TargetModule.Target> {
  return load<typeof TargetModule>("../delivery/target").readTarget(resolve(folder), stack);
}

function clientsIn(region: string): Clients.Clients {
  return load<typeof Clients>("../delivery/clients").interactiveClients(region);
}

/** @param region of the secret: config may name one elsewhere. */
function portsOf(target: TargetModule.Target, region: string) {
  const { interactiveAttempts } = load<typeof Clients>("../delivery/clients");
  const kms = () =>
    load<typeof EncryptionKey>("../operations/secrets/encryptionKey").makeKms(target.region, {
      attempts: interactiveAttempts,
    });
  return { target, kms, clients: clientsIn(region) };
}
