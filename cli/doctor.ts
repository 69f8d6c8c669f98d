import { InvalidArgumentError, type Command } from "commander";
import type * as Clients from "../delivery/clients";
import { checkNameFault, checkNames, type CheckName } from "../operations/doctor/names";
import type * as Checks from "../operations/doctor/checks";
import type * as DoctorClients from "../operations/doctor/clients";
import type * as Context from "../operations/doctor/context";
import type * as Doctor from "../operations/doctor/doctor";
import type * as Text from "../operations/doctor/text";
import { command, examples, load, print, type CommonOptions } from "./command";
import type * as Json from "./json";
import type * as Paint from "./paint";
import type * as Session from "./session";
import { ToldError } from "./toldError";

interface Options extends CommonOptions {
  readonly json?: boolean;
  readonly only?: readonly CheckName[];
}

export function doctorCommand(): Command {
  return command(
    "doctor",
    "say what is wrong with an environment, and how to mend it",
    "Looks at what an environment needs, beside what status tells, and changes nothing: each finding has what is wrong, where, and the fix, with the command where there is one. " +
      "What cannot be looked at, as for lack of a right, is told, and hides nothing else. Exit code 1 where there is an error; warnings and notes are none. " +
      `The checks: ${checkNames.join(", ")}.`,
  )
    .option("--only <check>", "this check alone; may be given several times", oneMore)
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      examples(
        "gantry doctor --stack production",
        "gantry doctor --stack production --only account",
      ),
    )
    .action(doctor);
}

function oneMore(given: string, before: readonly CheckName[] = []): readonly CheckName[] {
  const fault = checkNameFault(given);
  if (fault !== undefined) throw new InvalidArgumentError(fault);
  return [...before, given as CheckName];
}

async function doctor({ json, only, ...options }: Options): Promise<void> {
  const { openQuestion, withTargetRegistry } = load<typeof Session>("./session");
  const { interactiveAttempts } = load<typeof Clients>("../delivery/clients");
  const { checks } = load<typeof Checks>("../operations/doctor/checks");
  const { makeDoctorClients } = load<typeof DoctorClients>("../operations/doctor/clients");
  const { makeContext, othersOf } = load<typeof Context>("../operations/doctor/context");
  const { examine } = load<typeof Doctor>("../operations/doctor/doctor");
  const session = await openQuestion(options);
  const { target } = session;
  const limits = { attempts: interactiveAttempts };
  const clients = makeDoctorClients(session.clients, target.region, undefined, undefined, limits);
  const others = await othersOf(target);
  const asked = only ?? checkNames;
  const found = await withTargetRegistry(session, (registry) =>
    examine(
      makeContext({
        ...{ target, clients, others, registry },
        ...{ ledger: session.ledger, now: new Date(), env: process.env },
      }),
      checks.account,
      checkNames
        .filter((name) => name !== "account" && asked.includes(name))
        .map((name) => checks[name]),
      asked.includes("account"),
    ),
  );
  if (json) {
    load<typeof Json>("./json").printJson(found);
  } else {
    const { examinationText } = load<typeof Text>("../operations/doctor/text");
    print(examinationText(found, load<typeof Paint>("./paint").painter()));
  }
  if (found.errors > 0) throw new ToldError();
}
