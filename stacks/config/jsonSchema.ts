import { z } from "zod";
import { isDeepStrictEqual } from "node:util";
import { isRecord } from "../../contract/record";
import { defaultsFor, kinds } from "./defaults";
import { namespace } from "./document";
import { environmentSchema } from "./environment";
import { formsOf } from "./fields";
import { capacityOf } from "./size";

type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The JSON schema (draft 7) of a `Pulumi.<stack>.yaml`, for editors: keys, types, choices, bounds, and the defaults that all stacks share.
 * What rests on several values, or on a function, only the program checks.
 */
export function stackFileSchema(): JsonSchema {
  const [first, ...others] = kinds.map((kind) => {
    // Each with a project of its own: no default of one project is shared.
    const schema = environmentSchema(kind, defaultsFor(kind), kind, capacityOf({}));
    return converted(schema);
  });
  const { properties } = others.reduce(common, first);
  const keys = isRecord(properties) ? Object.entries(properties) : [];
  const known = keys.map(([key]) => key).join("|");
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Pulumi.<stack>.yaml of a program with Gantry",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(keys.map(([key, value]) => [`${namespace}:${key}`, value])),
        // Other namespaces have keys of their own.
        patternProperties: { [`^${namespace}:(?!(?:${known})$)`]: false },
      },
    },
  };
}

function converted(schema: object): JsonSchema {
  const made = z.toJSONSchema(schema as z.ZodType, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      const forms = formsOf(zodSchema);
      if (forms !== undefined) {
        jsonSchema.anyOf = forms.map(converted);
      }
    },
  });
  return Object.fromEntries(Object.entries(made).filter(([key]) => key !== "$schema"));
}

/** What two schemas share: their defaults are those of a kind of stack. */
function common(one: JsonSchema, other: JsonSchema): JsonSchema {
  return Object.fromEntries(
    Object.entries(one).flatMap(([key, value]) => {
      const second = other[key];
      if (isDeepStrictEqual(value, second)) return [[key, value]];
      if (Array.isArray(value) && Array.isArray(second) && value.length === second.length) {
        return [[key, value.map((each: JsonSchema, at) => common(each, second[at] as JsonSchema))]];
      }
      return isRecord(value) && isRecord(second) ? [[key, common(value, second)]] : [];
    }),
  );
}
