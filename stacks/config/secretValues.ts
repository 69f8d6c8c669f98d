/** Shapes of values that are secrets wherever they stand, by what they are; as their makers document them. */
const shapes: readonly (readonly [kind: string, shape: RegExp])[] = [
  ["a private key", /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----|AGE-SECRET-KEY-1[0-9A-Z]{20}/],
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

/** What says nothing: a switch, a short number, the place where the secret is. */
const harmless = /^(?:|true|false|\d{1,4}|\/\S*|file:\S+|https?:\/\/\S+|arn:\S+|\$\S+)$/;

/** What a text seems to hold that must not stand in config; undefined where it seems to hold nothing. */
export function secretIn(text: string): string | undefined {
  return shapes.find(([, shape]) => shape.test(text))?.[0];
}

/** What gives a value to a variable of a shell, or to an option: `API_KEY=x`, `--api-key x`, `--api-key=x`. */
const givenValue =
  /(?:^|[\s;&|])(?:--?)?([A-Za-z][\w-]*)(?:=|(?<=--[\w-]+)\s+)(?:"([^"]*)"|'([^']*)'|(\S+))/g;

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

/** A private key, to its end or that of the text. */
const privateKeys =
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----[\s\S]*?(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY-----|$)/g;

const mask = "***";

/** A text, such as a log, in which what looks like a secret cannot be read. */
export function withoutSecrets(text: string): string {
  const shaped = shapes.reduce(
    // A shape may be of the beginning alone.
    (seen, [, { source, flags }]) =>
      seen.replace(new RegExp(`(?:${source})[^\\s"',;]*`, `g${flags}`), mask),
    text.replace(privateKeys, mask),
  );
  return shaped.replace(givenValue, (all, name: string, ...values: readonly unknown[]) => {
    const value = values.slice(0, 3).find((one) => typeof one === "string") ?? "";
    return secretInVariable(name.replaceAll("-", "_"), String(value)) === undefined
      ? all
      : all.replace(String(value), mask);
  });
}
