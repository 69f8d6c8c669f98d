import { allowedSecretReference } from "../../components/service/secretReference";
import { DeliveryError } from "../../delivery/errors";
import type { Target } from "../../delivery/target";
import {
  isSamePlace,
  nameOfPlace,
  placeOf,
  referencedSecrets,
  storeNames,
  useText,
  type ReferencedSecret,
  type SecretPlace,
  type SecretUse,
} from "./references";

/** The secret that a command is for. */
export interface MeantSecret extends SecretPlace {
  readonly name: string;
  /** The key of its JSON that is meant. Absent for the whole secret. */
  readonly key?: string;
  /** Who reads it, by this stack's config; of one key, those who read that or the whole. */
  readonly uses: readonly SecretUse[];
}

export interface MeantOptions {
  /** A key of the secret's JSON. */
  readonly key?: string;
  /** A name without slash is one of SSM. */
  readonly parameter?: boolean;
}

type NamedTarget = Pick<Target, "config" | "names" | "region" | "stack">;

/**
 * Which secret a name means: a variable of config, as `DATABASE_URL` or `web.DATABASE_URL`; a reference as config has them; or
 * else the environment's own one of that name.
 * @throws DeliveryError where that is nothing, or more than one. The message never repeats the text: it may be the secret itself.
 */
export function secretMeant(
  target: NamedTarget,
  given: string,
  { key, parameter = false }: MeantOptions = {},
): MeantSecret {
  const referenced = referencedSecrets(target);
  const { key: ofName, ...place } =
    ofVariable(target, given, referenced) ?? ofReference(target, given, parameter, referenced);
  if (key !== undefined && ofName !== undefined && key !== ofName) {
    throw new DeliveryError(
      `--key is not the key that the name says: give one of them. Nothing was done.`,
    );
  }
  const meantKey = key ?? ofName;
  const name = nameOfPlace(place);
  if (place.store === "parameterStore" && meantKey !== undefined) {
    throw new DeliveryError(
      `${name} is a parameter of SSM, which has no keys: leave --key out, or keep it in Secrets Manager. Nothing was done.`,
    );
  }
  if (place.store === "secretsManager" && parameter) {
    throw new DeliveryError(
      `${name} is a secret of Secrets Manager by config: leave --parameter out. Nothing was done.`,
    );
  }
  const uses = referenced
    .filter((other) => isSamePlace(other, place))
    .map(({ use }) => use)
    .filter((use) => !meantKey || !use.key || use.key === meantKey);
  return { ...place, name, uses, ...(meantKey === undefined ? {} : { key: meantKey }) };
}

type Meant = SecretPlace & Pick<Partial<SecretUse>, "key">;

function ofVariable(
  { stack }: NamedTarget,
  given: string,
  referenced: readonly ReferencedSecret[],
): Meant | undefined {
  const found = referenced.filter(({ use: { variable, service, container, path } }) => {
    const below = [service, container, variable].filter((part) => part !== undefined).join(".");
    return [variable, below, path].includes(given);
  });
  const [first, ...others] = found;
  if (first === undefined) return undefined;
  const { store, id, region, use } = first;
  if (others.some((other) => !isSamePlace(other, first) || other.use.key !== use.key)) {
    throw new DeliveryError(
      `${given} is more than one secret of ${stack}: name the one that is meant, as config has it. Nothing was done.`,
      found.map((each) => `${useText(each.use)}: ${nameOfPlace(each)}`),
    );
  }
  return { store, id, region, ...(use.key === undefined ? {} : { key: use.key }) };
}

function ofReference(
  { names, region }: NamedTarget,
  given: string,
  parameter: boolean,
  referenced: readonly ReferencedSecret[],
): Meant {
  const { store, id, key, region: at } = parsed(given, region);
  const meant = { store, id, region: at, ...(key === undefined ? {} : { key }) };
  if (store === "parameterStore" || id.startsWith("arn:")) return meant;
  const named = referenced.find((one) => isSamePlace(one, meant));
  if (named) return { ...meant, id: named.id };
  const inSsm = (name: string): Meant => {
    const place = placeOf(name.startsWith("/") ? name : `/${name}`, region);
    return { store: place.store, id: place.id, region, ...(key === undefined ? {} : { key }) };
  };
  if (id.includes("/")) return parameter ? inSsm(id) : meant;
  const own = { ...meant, id: names.secret(id) };
  const isInSsm = referenced.some((one) => isSamePlace(one, inSsm(own.id)));
  return parameter || isInSsm ? inSsm(own.id) : own;
}

function parsed(given: string, region: string): Meant {
  try {
    const place = placeOf(given, region);
    if (
      !/^[A-Za-z0-9_.-]+$/.test(place.id) &&
      !/\//.test(place.id) &&
      !place.id.startsWith("arn:")
    ) {
      throw new Error("a name of your own has letters, digits, _ . and - alone");
    }
    return place;
  } catch (error) {
    const why = error instanceof Error ? error.message : "";
    throw new DeliveryError(
      `what was given as the name of a secret is none: ${why}. Give the name alone: a variable of config, such as DATABASE_URL; ` +
        `a name of your own, such as api-key; or ${allowedSecretReference}. ` +
        "If it was the secret itself, change that secret: it is in the shell's history now. Nothing was done.",
    );
  }
}

/** `the secret shop/staging/database in Secrets Manager of eu-west-1`. */
export function secretText({ name, key, store, region }: MeantSecret): string {
  const what = store === "secretsManager" ? "secret" : "parameter";
  return `${key === undefined ? "" : `the key ${key} of `}the ${what} ${name} in ${storeNames[store]} of ${region}`;
}
