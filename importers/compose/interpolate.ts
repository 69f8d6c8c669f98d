import { Unresolved } from "../rules";

const variable =
  /\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-?+])((?:[^{}]|\{[^{}]*\})*))?\})/g;

/**
 * A text with Compose's variables replaced by the defaults that stand in it. The shell and `.env` are not read: what they
 * hold is of one machine, and may be secret.
 * @throws Unresolved where there is no default.
 */
export function interpolate(text: string): string {
  return text.replace(
    variable,
    (_, dollar?: string, bare?: string, name?: string, operator?: string, more = "") => {
      if (dollar !== undefined) return "$";
      if (operator?.endsWith("-")) return interpolate(more as string);
      // `+` stands for nothing where the variable is not set.
      if (operator?.endsWith("+")) return "";
      throw new Unresolved(`\${${name ?? bare}} comes of the shell or .env, which are not read`);
    },
  );
}
