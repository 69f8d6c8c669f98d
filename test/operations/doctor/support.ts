import { ACMClient } from "@aws-sdk/client-acm";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Check, Diagnosis } from "../../../operations/doctor/check";
import type { DoctorClients } from "../../../operations/doctor/clients";
import type { DoctorContext } from "../../../operations/doctor/context";
import { diagnosisOf } from "../../../operations/doctor/failure";
import { environmentNames } from "../../../contract/names";
import type { Target } from "../../../delivery/target";
import { parseConfig } from "../../../stacks/config";

export const account = "123456789012";
export const region = "eu-west-1";
export const now = new Date("2026-11-30T12:00:00Z");

/** What a fake client answers, by the action's name; what is not there, it refuses. */
export type Answers = Readonly<Record<string, unknown>>;

/** @param values by full key, such as `gantry:services`; what is not text is written as JSON. */
export function aTarget(values: Readonly<Record<string, unknown>> = {}, stack = "staging"): Target {
  const given = { "gantry:services": { web: {} }, ...values };
  const config = parseConfig({
    project: "shop",
    ...{ stack, region },
    values: Object.fromEntries(
      Object.entries(given).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  });
  const folder = "/nowhere";
  const place = { folder, root: folder, project: "shop", stack, region };
  return { ...place, config, names: environmentNames(config) };
}

/**
 * A client that answers from a table: a value, what a function makes of the input, or an error, which is thrown.
 * @param what for the error of an action that nobody expects.
 */
function aClient(what: string, answers: Answers) {
  return Object.assign(paged(what), {
    send: (command: {
      readonly constructor: { readonly name: string };
      readonly input: unknown;
    }) => {
      const action = command.constructor.name.replace(/Command$/, "");
      if (!Object.hasOwn(answers, action)) {
        return Promise.reject(new Error(`nobody expects ${what} ${action}`));
      }
      const answer = answers[action];
      const made: unknown = typeof answer === "function" ? (answer as Ask)(command.input) : answer;
      return made instanceof Error ? Promise.reject(made) : Promise.resolve(made);
    },
  });
}

/** Of services whose answers are read page by page, the SDK wants its own client. */
function paged(what: string): object {
  if (what === "acm") return new ACMClient({ region });
  return what === "elb" ? new ElasticLoadBalancingV2Client({ region }) : {};
}

type Ask = (input: unknown) => unknown;

/** An error as AWS's SDK throws it. */
export function awsError(name: string, message = name): Error {
  return Object.assign(new Error(message), { name, $metadata: {} });
}

/** What IAM says of an action that it does not allow. */
export function denied(action: string): Error {
  const message = `User: arn:aws:iam::${account}:user/eve is not authorized to perform: ${action} on resource: *`;
  return awsError("AccessDeniedException", message);
}

/** A context in which everything that a test does not give is refused. @param answers by client. */
export function aContext({
  answers = {},
  ...given
}: Partial<DoctorContext> & {
  readonly answers?: Readonly<Record<string, Answers>>;
} = {}): DoctorContext {
  const clients = new Proxy({} as DoctorClients, {
    get: (_, client: string) =>
      aClient(client, Object.hasOwn(answers, client) ? answers[client] : {}),
  });
  const refuse = (what: string) => () => Promise.reject(new Error(`nobody expects ${what}`));
  return {
    ...{ target: aTarget(), clients, now, others: [], env: {} },
    ledger: { recent: refuse("the ledger") },
    registry: { inspect: refuse("the registry") },
    resolver: { addresses: refuse("the DNS"), nameServers: refuse("the DNS") },
    version: refuse("a program"),
    account: () => Promise.resolve({ partition: "aws", accountId: account }),
    release: refuse("the pointer"),
    services: refuse("ECS"),
    loadBalancers: refuse("ELB"),
    ...given,
  };
}

/** What a check comes to, as `gantry doctor` would have it. */
export async function diagnose(check: Check, context: DoctorContext): Promise<Diagnosis> {
  try {
    return await check.run(context);
  } catch (error) {
    return diagnosisOf(error, check);
  }
}

/** The findings in short: `severity where: what`. */
export function told({ findings = [], unchecked = [] }: Diagnosis): string[] {
  return [
    ...findings.map(({ severity, where, what }) => `${severity} ${where}: ${what}`),
    ...unchecked.map(({ what, why }) => `unchecked ${what}: ${why}`),
  ];
}
