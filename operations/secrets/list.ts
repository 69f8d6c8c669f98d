import { ListSecretsCommand } from "@aws-sdk/client-secrets-manager";
import { DescribeParametersCommand } from "@aws-sdk/client-ssm";
import { messageOf } from "../../delivery/errors";
import { clockText, sinceText, type Reader } from "../../delivery/facts/times";
import type { Target } from "../../delivery/target";
import {
  isSamePlace,
  nameOfPlace,
  referencedSecrets,
  storeNames,
  useText,
  type ReferencedSecret,
  type SecretPlace,
  type SecretStore,
  type SecretUse,
} from "./references";
import { telling } from "./refused";
import { foundParameter, foundSecret, lookAt, type FoundSecret, type SecretClients } from "./store";

/** A secret of an environment, without its value. Times are ISO 8601, UTC. */
export interface ListedSecret {
  readonly name: string;
  /** `secretsManager`, or `parameterStore` for one of SSM. */
  readonly store: SecretStore;
  readonly region: string;
  /** `deleted`: it can be restored until `deletedUntil`. `unknown`: `why` says why. */
  readonly state: "there" | "missing" | "deleted" | "unknown";
  readonly why?: string;
  /** Those of config; none for one under the environment's own name that nothing reads. */
  readonly uses: readonly SecretUse[];
  readonly changedAt?: string;
  readonly deletedUntil?: string;
  /** Absent where nothing rotates it. */
  readonly rotation?: FoundSecret["rotation"];
  /** The service of AWS that manages it, such as `rds`. */
  readonly owner?: string;
}

/** What `gantry secret ls --json` answers, beside its `version`. */
export interface SecretList {
  readonly stack: string;
  readonly region: string;
  /** In the order of config; then those that nothing reads. */
  readonly secrets: readonly ListedSecret[];
  /** What could not be asked, each with the reason. */
  readonly gaps: readonly string[];
}

export interface ListPorts {
  readonly clientsOf: (region: string) => SecretClients;
  readonly target: Target;
}

/** The secrets that config names, and those under the environment's own names. No value is read. */
export async function listSecrets({ clientsOf, target }: ListPorts): Promise<SecretList> {
  const { stack, region } = target;
  const named = distinct(referencedSecrets(target));
  const read = await Promise.all(
    named.map(({ place, uses }) => listed(clientsOf(place.region), place, uses)),
  );
  const gaps: string[] = [];
  const isKnown = (place: SecretPlace) => named.some((one) => isSamePlace(one.place, place));
  const own = await ownSecrets(clientsOf(region), target, gaps);
  const unread = own
    .map((found) => ({ found, place: placeOfFound(found, region) }))
    .filter(({ place }) => !isKnown(place))
    .map(({ found, place }) => listedAs(place, [], found));
  return { stack, region, secrets: [...read, ...unread], gaps };
}

interface Named {
  readonly place: SecretPlace;
  readonly uses: SecretUse[];
}

function distinct(referenced: readonly ReferencedSecret[]): Named[] {
  const found: Named[] = [];
  for (const { use, ...place } of referenced) {
    const same = found.find((one) => isSamePlace(one.place, place));
    if (same) same.uses.push(use);
    else found.push({ place, uses: [use] });
  }
  return found;
}

async function listed(
  clients: SecretClients,
  place: SecretPlace,
  uses: readonly SecretUse[],
): Promise<ListedSecret> {
  try {
    const found = await lookAt(clients, place);
    if (found) return listedAs(place, uses, found);
    // SSM describes parameters of its own account alone.
    if (place.store === "parameterStore" && place.id.startsWith("arn:")) {
      const why = "this account has none of that name; whether another one shares it is not asked";
      return { ...base(place, uses), state: "unknown", why };
    }
    return { ...base(place, uses), state: "missing" };
  } catch (error) {
    return { ...base(place, uses), state: "unknown", why: messageOf(error) };
  }
}

function base(place: SecretPlace, uses: readonly SecretUse[]) {
  return { name: nameOfPlace(place), store: place.store, region: place.region, uses };
}

function listedAs(
  place: SecretPlace,
  uses: readonly SecretUse[],
  { changedAt, deletedUntil, rotation, owner }: FoundSecret,
): ListedSecret {
  return {
    ...base(place, uses),
    state: deletedUntil === undefined ? "there" : "deleted",
    ...(changedAt === undefined ? {} : { changedAt }),
    ...(deletedUntil === undefined ? {} : { deletedUntil }),
    ...(rotation === undefined ? {} : { rotation }),
    ...(owner === undefined ? {} : { owner }),
  };
}

function placeOfFound({ id, parameter }: FoundSecret, region: string): SecretPlace {
  return { store: parameter ? "parameterStore" : "secretsManager", id, region };
}

/** Those under the environment's own names, whether config names them or not. */
async function ownSecrets(
  { secrets, ssm }: SecretClients,
  { names }: Target,
  gaps: string[],
): Promise<FoundSecret[]> {
  const prefix = names.secret("");
  const ofSecretsManager = async () => {
    const found: FoundSecret[] = [];
    let NextToken: string | undefined;
    do {
      const Filters = [{ Key: "name" as const, Values: [prefix] }];
      const page = await secrets.send(new ListSecretsCommand({ Filters, NextToken }));
      for (const { Name = "", ...one } of page.SecretList ?? []) {
        if (Name.startsWith(prefix)) found.push(foundSecret(Name, one));
      }
      NextToken = page.NextToken;
    } while (NextToken);
    return found;
  };
  const ofSsm = async () => {
    const found: FoundSecret[] = [];
    let NextToken: string | undefined;
    do {
      const Values = [`/${prefix}`.replace(/\/$/, "")];
      const page = await ssm.send(
        new DescribeParametersCommand({
          ParameterFilters: [{ Key: "Path", Option: "Recursive", Values }],
          NextToken,
        }),
      );
      found.push(...(page.Parameters ?? []).map(foundParameter));
      NextToken = page.NextToken;
    } while (NextToken);
    return found;
  };
  const asked = async (doing: string, ask: () => Promise<FoundSecret[]>) => {
    try {
      return await telling(ask, { doing });
    } catch (error) {
      gaps.push(messageOf(error));
      return [];
    }
  };
  return [
    ...(await asked(`listing secrets below ${prefix}`, ofSecretsManager)),
    ...(await asked(`listing parameters below /${prefix}`, ofSsm)),
  ];
}

/** For people: each secret in a line, and who reads it below. */
export function secretListText(
  { stack, region, secrets, gaps }: SecretList,
  reader: Reader,
): string {
  const lines = secrets.flatMap((secret) => [
    [`  ${secret.name}`, placeText(secret, region), stateText(secret, stack, reader)].join("  "),
    ...(secret.uses.length === 0
      ? ["      nothing of config reads it"]
      : secret.uses.map((use) => `      ${useText(use)}`)),
  ]);
  const none = "config names no secret, and none is under the environment's own names";
  return [
    ...(secrets.length === 0
      ? [`${stack} (${region}): ${none}`]
      : [`${stack} (${region})`, ...lines]),
    ...gaps.map((gap) => `not here: ${gap}`),
  ].join("\n");
}

function placeText({ store, region }: ListedSecret, home: string): string {
  return region === home ? storeNames[store] : `${storeNames[store]} of ${region}`;
}

function stateText(secret: ListedSecret, stack: string, reader: Reader): string {
  const { name, state, why, changedAt, deletedUntil, rotation, owner } = secret;
  if (state === "missing") {
    return `missing; set it: gantry secret set --stack ${stack} ${name}`;
  }
  if (state === "unknown") return `not known: ${why}`;
  if (deletedUntil !== undefined) {
    return `deleted; it can be restored until ${clockText(deletedUntil, reader)}`;
  }
  const parts = [
    ...(changedAt === undefined ? [] : [`changed ${sinceText(changedAt, reader)}`]),
    ...(rotation === undefined ? [] : [rotationText(rotation, reader)]),
    ...(owner === undefined ? [] : [`managed by ${owner}`]),
  ];
  return parts.join(", ");
}

function rotationText({ everyDays, nextAt }: NonNullable<FoundSecret["rotation"]>, reader: Reader) {
  const often = everyDays === undefined ? "rotated" : `rotated every ${everyDays} days`;
  return nextAt === undefined ? often : `${often}, next ${clockText(nextAt, reader)}`;
}
