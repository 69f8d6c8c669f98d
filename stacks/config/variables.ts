import { z } from "zod";
import { isRecord } from "../../contract/record";
import { reportFix, tellForms } from "./fields";
import { either, isReference, ownReferenceSchema, type OwnValue } from "./own";
import { secretInVariable } from "./secretValues";

const allowedValue = "a text, number or boolean";

/** A value in plain text, or `{ plain: ... }`, which looks like a secret and is none. */
const literal = z.unknown().transform((given, context): string | { readonly plain: string } => {
  const plain = isRecord(given) && Object.keys(given).join() === "plain";
  const value: unknown = plain ? given.plain : given;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return plain ? { plain: String(value) } : String(value);
  }
  const fix = given === null ? "give it a value, or remove it" : `write ${allowedValue}`;
  reportFix(context, allowedValue, fix);
  return z.NEVER;
});
const scalars = [z.string(), z.number(), z.boolean()];
tellForms(literal, ...scalars, z.strictObject({ plain: z.union(scalars) }));

/** `{ from: name }`, or `{ plain: { from: name } }` where the value looks like a secret and is none. */
function ownValue() {
  const bare = ownReferenceSchema().transform(({ from }): OwnValue => ({ from, plain: false }));
  const plain = z
    .strictObject({ plain: ownReferenceSchema() })
    .transform(({ plain: { from } }): OwnValue => ({ from, plain: true }));
  return either(isReference, bare, plain);
}

function isOwnValue(given: unknown): boolean {
  return isReference(given) || (isRecord(given) && isReference(given.plain));
}

/** Environment variables: plain text, and values of own resources. */
export function variablesSchema() {
  return z
    .record(z.string(), either(isOwnValue, ownValue(), literal), { error: "variables by name" })
    .superRefine((variables, context) => {
      for (const [name, value] of Object.entries(variables)) {
        const kind = typeof value === "string" ? secretInVariable(name, value) : undefined;
        if (kind === undefined) continue;
        context.addIssue({
          code: "custom",
          path: [name],
          message: "what everybody may read: it stands in the state, in plans and in the console",
          params: {
            given: `what looks like ${kind}`,
            fix: `put it into Secrets Manager or SSM and name it under secrets; if it is none, write ${name}: { plain: ... }`,
          },
        });
      }
    })
    .transform((variables) =>
      Object.fromEntries(
        Object.entries(variables).map(([name, value]): [string, string | OwnValue] => [
          name,
          typeof value === "string" || "from" in value ? value : value.plain,
        ]),
      ),
    );
}
