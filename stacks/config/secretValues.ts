/** Shapes of values that are secrets wherever they stand, by what they are; as their makers document them. */
const shapes: readonly (readonly [kind: string, shape: RegExp])[] = [
  [
    "a private key",
    /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|AGE-SECRET-KEY-1[0-9A-Z]{20}/,
  ],
  // In an address or a form.
  [
    "a private key",
    /-----BEGIN(?:\+|%20)(?:[A-Z0-9]+(?:\+|%20))*PRIVATE(?:\+|%20)KEY(?:(?:\+|%20)BLOCK)?-----/,
  ],
  // What base64 makes of "-----BEGIN ", and of PRIVATE wherever it begins then.
  [
    "a private key in base64",
    /LS0tLS1CRUdJTi[A-Za-z0-9+/]{0,20}(?:UFJJVkFUR|BSSVZBVE|QUklWQVRF)[A-Za-z0-9+/]{2,}/,
  ],
  ["an access key of AWS", /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/],
  // What stands for a variable of a shell, such as $PASSWORD, is none.
  ["an address with a password", /\b[a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*:(?!\$)[^\s/?#@]+@/i],
  ["a connection string with a password", /\b(?:password|pwd|accountkey)=(?!\$)[^;\s]{3,}(?:;|$)/i],
  ["a token of GitHub", /\b(?:gh[oprsu]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{40})/],
  ["a token of GitLab", /\bglpat-[A-Za-z0-9_-]{20}/],
  ["a webhook of Discord", /discord(?:app)?\.com\/api\/webhooks\/\d+\/[\w-]+/],
  ["a token of HTTP", /\b(?:Bearer|Basic) (?=\S*\d)[A-Za-z0-9._~+/=-]{16}/],
  [
    "a token of Slack",
    /\bxox[abeprs]-[A-Za-z0-9-]{10}|hooks\.slack\.com\/services\/T\w+\/B\w+\/\w+/,
  ],
  ["a key of Stripe", /\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16}|\bwhsec_[A-Za-z0-9+/]{16}/],
  ["a key of Google", /\bAIza[A-Za-z0-9_-]{35}\b/],
  ["a key of SendGrid", /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16}/],
  ["a token of npm", /\bnpm_[A-Za-z0-9]{36}\b/],
  ["a token of Pulumi", /\bpul-[0-9a-f]{40}\b/],
  ["a key of a language model", /\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32}/],
  ["a JSON web token", /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8}/],
];

/** Names of variables whose values are secrets, whatever these look like. */
const secretName =
  /(?:PASSWORD|PASSWD|PASSPHRASE|(?:^|_)(?:PWD|SECRET|SECRET_KEY|SECRET_ACCESS_KEY|PRIVATE_KEY|API_KEY|APIKEY|TOKEN))$/i;

/** What AWS calls tokens of pages and of requests that are made once. */
const pageToken =
  /(?:^|_)(?:next|next_forward|next_backward|continuation|request|pagination|page)_token$/i;

/** What says nothing: a switch, a short number, the place where the secret is. */
const harmless = /^(?:|true|false|\d{1,4}|\/\S*|file:\S+|https?:\/\/\S+|arn:\S+|\$\S+)$/;

/** What a text seems to hold that must not stand in config; undefined where it seems to hold nothing. */
export function secretIn(text: string): string | undefined {
  return shapes.find(([, shape]) => shape.test(text))?.[0];
}

/** What gives a value to a variable of a shell, or to an option: `API_KEY=x`, `--api-key x`, `--api-key=x`. */
const givenValue =
  /(?:^|[\s;&|])(?:--?)?([A-Za-z][\w-]*)(?![\w-])(?:=|(?<=--[\w-]+)\s+)(?:"([^"]*)"|'([^']*)'|(\S+))/g;

/** The same of a shell's command, or of the words of one in a row. */
export function secretInCommand(text: string): string | undefined {
  const found = [...text.matchAll(givenValue)].flatMap(([, name, ...values]) => {
    const value = values.find((one) => one !== undefined) ?? "";
    return secretInVariable(name.replaceAll("-", "_"), value) ?? [];
  });
  return secretIn(text) ?? found[0];
}

/** The same of each word of a command. */
export function secretsInWords(words: readonly string[]): (string | undefined)[] {
  return words.map((word, index) => {
    // An option's value is a word of its own.
    const option = /^--[\w-]+$/.test(words[index - 1] ?? "") ? `${words[index - 1]} ` : "";
    return secretInCommand(option + word);
  });
}

/** The same of a variable, whose name may say it. */
export function secretInVariable(name: string, value: string): string | undefined {
  const found = secretIn(value);
  if (found !== undefined) return found;
  return secretName.test(name) && !harmless.test(value) ? "a secret, by its name" : undefined;
}

/** A private key, to its end; of one that was cut off, what looks like it. */
const privateKeys =
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:[\s\S]*?-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|(?:(?:\s|\\+[nr])*[A-Za-z0-9+/=]{16,})*)/g;

/** What stands in the place of a secret. */
export const mask = "***";

/** A shape may be of the beginning alone. */
const whole = shapes.map(
  ([, { source, flags }]) => new RegExp(`(?:${source})[^\\s"',;]*`, `g${flags}`),
);

/** A field of JSON, or of JSON within JSON: `"password":"x"`, `\"password\":\"x\"`. */
const field = /(?<!\\)(\\*")([A-Za-z][\w-]*)(\1\s*:\s*\1)((?:(?!\1)(?:\\[^]|[^\\]))*)\1/g;

/** A text, such as a log, in which what looks like a secret cannot be read. */
export function withoutSecrets(text: string): string {
  const shaped = whole.reduce(
    (seen, shape) => seen.replace(shape, mask),
    text.replace(privateKeys, mask),
  );
  const given = shaped.replace(givenValue, (all, name: string, ...values: readonly unknown[]) => {
    const value = values.slice(0, 3).find((one) => typeof one === "string") ?? "";
    if (!isSecret(name, String(value))) return all;
    // The name may hold the same text.
    const at = all.lastIndexOf(String(value));
    return all.slice(0, at) + mask + all.slice(at + String(value).length);
  });
  return withoutFields(given);
}

function withoutFields(text: string): string {
  return text.replace(
    field,
    (_, quote: string, name: string, between: string, value: string) =>
      `${quote}${name}${between}${isSecret(name, value) ? mask : withoutFields(value)}${quote}`,
  );
}

/** @param name of a variable, an option or a field: `SESSION_TOKEN`, `session-token`, `SessionToken`. */
function isSecret(name: string, value: string): boolean {
  const words = name.replaceAll("-", "_").replace(/(?<=[a-z\d])(?=[A-Z])/g, "_");
  if (pageToken.test(words)) return secretIn(value) !== undefined;
  return secretInVariable(words, value) !== undefined;
}
