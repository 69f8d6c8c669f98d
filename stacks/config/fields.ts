import { z } from "zod";
import { isRecord } from "../../contract/record";
import { nearest } from "./nearest";

/*
 * The pieces from which the config's schemas are built. One convention holds everywhere: the
 * message of an issue says what is *allowed*. How to fix it is `params.fix` of a custom issue;
 * for zod's own issues `issues.ts` works it out from what was given.
 */

/** Which sibling variant knows a key: `{ cidr: "mode: create" }`. */
export type Elsewhere = Readonly<Record<string, string>>;

/** The keys of a variant's shape, for the `elsewhere` of its siblings. */
export function keysOf(shape: z.ZodRawShape, variant: string): Elsewhere {
  return Object.fromEntries(Object.keys(shape).map((key) => [key, variant]));
}

/** An object that refuses keys it does not know, and says which key was probably meant. */
export function section<S extends z.ZodRawShape>(shape: S, elsewhere: Elsewhere = {}) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? [
            known.join(", "),
            ...issue.keys.map((key) => fixOfUnknownKey(key, known, elsewhere)),
          ].join("\n")
        : `an object with the keys ${known.join(", ")}`,
  });
}

/** The fix of an unknown key: its probable spelling, the variant that has it, or its removal. */
export function fixOfUnknownKey(key: string, known: readonly string[], elsewhere: Elsewhere = {}) {
  if (Object.hasOwn(elsewhere, key)) return `remove ${key}, or set ${elsewhere[key]}`;
  const meant = nearest(key, known);
  return meant === undefined ? `remove ${key}` : `did you mean ${meant}?`;
}

/** The error of a union whose variants are told apart by one key. */
export function variantError(values: readonly string[]) {
  return (issue: z.core.$ZodRawIssue) =>
    issue.code === "invalid_union" ? oneOf(values) : "an object";
}

export function wholeNumber(minimum: number, maximum: number) {
  const error =
    maximum >= unlimited
      ? `a whole number, ${minimum} or more`
      : `a whole number from ${minimum} to ${maximum}`;
  // Both bounds in one step: each step copies the schema, and the config has dozens of numbers.
  return z.int({ error }).check(z.gte(minimum, { error }), z.lte(maximum, { error }));
}

/** The largest number of seconds, tasks and the like that AWS stores: a signed 32-bit integer. */
export const unlimited = 2_147_483_647;

export function choice<const V extends string>(values: readonly V[]) {
  return z.enum(values, { error: oneOf(values) });
}

export function flag() {
  return z.boolean({ error: "true or false" });
}

/** What a check of a text found: undefined where it is right, else how to fix it. */
export type TextCheck = (given: string) => string | undefined;

export function text(allowed: string, check: RegExp | TextCheck, fix?: string) {
  const schema = z.string({ error: allowed }).superRefine((given, context) => {
    const fault =
      check instanceof RegExp
        ? check.test(given)
          ? undefined
          : (fix ?? `write ${allowed}`)
        : check(given);
    if (fault !== undefined) reportFix(context, allowed, fault);
  });
  const isPlain = check instanceof RegExp && check.flags === "";
  z.globalRegistry.add(schema, {
    description: allowed,
    ...(isPlain ? { pattern: check.source } : {}),
  });
  return schema;
}

/** The forms of a schema that tells them apart itself, for the schema that editors read (`jsonSchema.ts`). */
const forms = z.registry<{ readonly forms: readonly object[] }>();

/** Remembers them. Of types that are told apart so the compiler would otherwise compare all that they hold. */
export function tellForms(schema: object, ...ofSchema: readonly object[]): void {
  forms.add(schema as z.ZodType, { forms: ofSchema });
}

/** @returns undefined where it is told nothing. */
export function formsOf(schema: object): readonly object[] | undefined {
  return forms.get(schema as z.ZodType)?.forms;
}

export function reportFix(context: z.core.$RefinementCtx, allowed: string, fix: string): void {
  context.addIssue({ code: "custom", message: allowed, params: { fix } });
}

/** A text that YAML may have taken for a number or a boolean: `matcher: 200`, `user: 1000`. */
export function scalar<T extends z.ZodType<string>>(schema: T) {
  const scalars = z.preprocess(
    (given) => (typeof given === "number" || typeof given === "boolean" ? String(given) : given),
    schema,
  );
  tellForms(scalars, schema, z.number(), z.boolean());
  return scalars;
}

export function list<T extends z.ZodType>(element: T, allowed: string) {
  return z.array(element, { error: `a list of ${allowed}` });
}

/** A list that must name something. */
export function filledList<T extends z.ZodType>(element: T, allowed: string) {
  return list(element, allowed).superRefine((given, context) => {
    if (given.length === 0) {
      reportFix(context, `a list of at least one of ${allowed}`, "name one, or remove the key");
    }
  });
}

/** A list that must name something, or its one element alone, with the faults of the form that was given. */
export function listOrOne<T extends z.ZodType>(element: T, allowed: string) {
  const one = element.transform((given): z.output<T>[] => [given]);
  const several = filledList(element, allowed);
  return eitherForm(
    (given) => (Array.isArray(given) ? several : typeof given === "string" ? one : undefined),
    allowed,
    [one, several],
  );
}

/**
 * A text, or an object that says more. Unlike those of a union, its faults are those of the form that was given.
 * @param allowed what it says to anything else.
 */
export function textOr<T extends z.ZodType, O extends z.ZodType>(
  textSchema: T,
  objectSchema: O,
  allowed: string,
) {
  return eitherForm(
    (given) =>
      typeof given === "string" ? textSchema : isRecord(given) ? objectSchema : undefined,
    allowed,
    [textSchema, objectSchema],
  );
}

/** An object, or `false` for none of it, with the faults of the form that was given. */
export function sectionOrFalse<O extends z.ZodType>(objectSchema: O, allowed: string) {
  const none = z.literal(false);
  return eitherForm(
    (given) => (given === false ? none : isRecord(given) ? objectSchema : undefined),
    allowed,
    [none, objectSchema],
  );
}

/** The same, and `true` for its defaults. */
export function sectionOrSwitch<O extends z.ZodType>(objectSchema: O, allowed: string) {
  const made = z.preprocess(
    (given) => (given === true ? {} : given),
    sectionOrFalse(objectSchema, allowed),
  );
  tellForms(made, z.boolean(), objectSchema);
  return made;
}

function eitherForm<S extends z.ZodType>(
  formOf: (given: unknown) => S | undefined,
  allowed: string,
  ofSchema: readonly object[],
) {
  const either = z.unknown().transform((given, context): z.output<S> => {
    const schema = formOf(given);
    if (schema === undefined) {
      reportFix(
        context,
        allowed,
        fixOfForm(given, allowed, (each) => formOf(each) !== undefined),
      );
      return z.NEVER;
    }
    const result = schema.safeParse(given, { jitless: true });
    if (result.success) return result.data;
    // After an unknown key zod goes on, with an object that has nothing.
    context.issues.push(...result.error.issues.map((issue) => ({ ...issue, input: undefined })));
    return z.NEVER;
  });
  tellForms(either, ...ofSchema);
  return either;
}

/** What is written of neither form, but nearly so: `no` where `false` is one, and `true` where `{}` has the defaults. */
function fixOfForm(given: unknown, allowed: string, isForm: (given: unknown) => boolean): string {
  if (given === null) return "give it a value, or remove it";
  const said = saidBoolean(given);
  if (said === false && isForm(false)) return "write false";
  if (said === true && isForm(false)) return /\btrue\b/.test(allowed) ? "write true" : "write {}";
  return `${given === undefined ? "add" : "write"} ${allowed}`;
}

/** What people write for true and false, of which YAML makes texts. */
export function saidBoolean(given: unknown): boolean | undefined {
  if (typeof given === "boolean") return given;
  if (typeof given !== "string") return undefined;
  if (/^(true|yes|on)$/i.test(given.trim())) return true;
  return /^(false|no|off)$/i.test(given.trim()) ? false : undefined;
}

/** "a", "a or b", "a, b or c". */
export function oneOf(values: readonly (string | number)[]): string {
  return values.length < 2
    ? values.join("")
    : `${values.slice(0, -1).join(", ")} or ${values[values.length - 1]}`;
}

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

export function isHostName(given: string): boolean {
  const labels = given.split(".");
  return given.length <= 253 && labels.length > 1 && labels.every((part) => label.test(part));
}

export function hostName() {
  return text("a domain name such as shop.example.com", (given) => {
    if (isHostName(given)) return undefined;
    const bare = given
      .trim()
      .toLowerCase()
      .replace(/^https?:\/\//, "")
      .replace(/[/:].*$|\.$/, "");
    return isHostName(bare) ? `write ${bare}` : "write it as shop.example.com";
  });
}

/** Whether a host is a domain or below it. */
export function isBelow(host: string, zone: string): boolean {
  return host === zone || host.endsWith(`.${zone}`);
}
