import { z } from "zod";
import { isRecord } from "../../contract/record";
import { section, tellForms, text } from "./fields";
import { secretIn } from "./secretValues";

/**
 * What the function that `environment()` was given returns by a name. Delivery reads config without running the program, so
 * that only the program knows whether there is something of that name.
 */
export interface OwnReference {
  readonly from: string;
}

/** A value of an own resource in a variable. */
export interface OwnValue extends OwnReference {
  /** Whether the value may look like a secret: whoever wrote `{ plain: { from: ... } }` says that it is none. */
  readonly plain: boolean;
}

/** A secret of an own resource. */
export interface OwnSecret extends OwnReference {
  /** The key of its JSON. Without it, the whole secret. */
  readonly key?: string;
}

/** What a name is, for messages. */
export const allowedOwnName = "a name: a letter, then letters, digits, _ and -, at most 64";

/** What is wrong with a name; undefined where nothing is. */
export function ownNameFault(given: string): string | undefined {
  const isName = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(given) && secretIn(given) === undefined;
  return isName ? undefined : "write the name that resources.ts returns, such as tableName";
}

function nameSchema() {
  return text(allowedOwnName, ownNameFault);
}

/** `{ from: orders }`: a grant, a security group, a value. */
export function ownReferenceSchema() {
  return section({ from: nameSchema() });
}

/** `{ from: database, key: url }`. */
export function ownSecretSchema() {
  return section({
    from: nameSchema(),
    key: text(
      "a key of the secret's JSON, such as url",
      /^[A-Za-z0-9_.@-]+$/,
      "write the key alone, such as key: url",
    ).optional(),
  });
}

/**
 * Either of two shapes, told apart before either is read, so that each has its own faults: of a union zod says no more than
 * that nothing fits.
 */
export function either<A extends z.ZodType, B extends z.ZodType>(
  isFirst: (given: unknown) => boolean,
  first: A,
  second: B,
) {
  const made = z.unknown().transform((given, context): z.output<A> | z.output<B> => {
    const result = (isFirst(given) ? first : second).safeParse(given, { jitless: true });
    if (result.success) return result.data;
    for (const issue of result.error.issues) {
      context.issues.push({ ...issue, input: given } as z.core.$ZodRawIssue);
    }
    return z.NEVER;
  });
  tellForms(made, first, second);
  return made;
}

/** Whether what was given is, or was meant as, a reference by a name. */
export function isReference(given: unknown): boolean {
  return isRecord(given) && Object.hasOwn(given, "from");
}

/** The same of what was read. */
export function isOwn<T>(value: T): value is Extract<T, OwnReference> {
  return isReference(value);
}

/** What stands in config itself, and not in own resources. */
export function literals(variables: Readonly<Record<string, string | OwnReference>>) {
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => !isOwn(entry[1])),
  );
}
