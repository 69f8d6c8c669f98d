import { z } from "zod";
import { reportFix, scalar } from "./fields";

/** Beside those of Gantry and what a resource is called, of the 50 that AWS takes ("Tag naming limits and requirements"). */
const most = 40;

const characters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u;
const allowedText = "letters, digits, spaces and _ . : / = + - @";

/** What everything of an environment is tagged with, by key. */
export function tagsSchema() {
  const value = scalar(z.string({ error: "a text" })).superRefine((given, context) => {
    if (given.length > 256 || !characters.test(given)) {
      const fix =
        given === "" ? "give it a value, or remove it" : "write other characters, or fewer";
      reportFix(context, `1 to 256 ${allowedText}`, fix);
    }
  });
  return z
    .record(z.string(), value, { error: "tags by key, as { team: shop }" })
    .superRefine((tags, context) => {
      const keys = Object.keys(tags);
      if (keys.length > most) {
        reportFix(context, `${most} tags at most`, "remove those that nobody looks for");
      }
      keys.forEach((key, index) => {
        const fault = keyFault(key, keys.slice(0, index));
        if (fault === undefined) return;
        const allowed = `keys of 1 to 128 ${allowedText}, not aws:... or gantry:..., not Name`;
        context.addIssue({ code: "custom", path: [key], message: allowed, params: { fix: fault } });
      });
    });
}

function keyFault(key: string, before: readonly string[]): string | undefined {
  const lower = key.toLowerCase();
  if (/^(aws|gantry):/.test(lower))
    return "begin it otherwise: AWS and Gantry have these themselves";
  if (lower === "name") return "call it otherwise: resources have their own names there";
  if (key.length > 128 || !characters.test(key)) return "call it as cost-center";
  // Roles and policies take no two that only their case tells apart ("Tags for IAM resources").
  const other = before.find((one) => one.toLowerCase() === lower);
  return other === undefined ? undefined : `remove it, or ${other}: IAM tells no case apart`;
}

interface Tagged {
  readonly name: string;
  readonly stack: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The tags of everything of an environment: those of config, and which environment it is. */
export function environmentTags({ name, stack, tags }: Tagged): Readonly<Record<string, string>> {
  return { ...tags, "gantry:name": name, "gantry:stack": stack };
}
