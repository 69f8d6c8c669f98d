/** A fault that a team accepts. */
export interface Exception {
  readonly rule: string;
  /** The logical name of the resource, or its URN where several have that name. */
  readonly resource: string;
  readonly because: string;
}

/** What a team decides for itself. */
export interface Settings {
  /** Names of stacks that are production. Default: `production` and `prod`. */
  readonly production: readonly string[];
  /** Ports that everybody may reach. Default: 80 and 443. */
  readonly openPorts: readonly number[];
  /** Days for which databases keep backups, at least. Default: 7 in production, 1 elsewhere. */
  readonly backupDays?: number;
  /** Keys of tags that whatever takes tags must have. Default: any tag will do. */
  readonly requiredTags: readonly string[];
  /** Default: none. */
  readonly exceptions: readonly Exception[];
}

export const defaultSettings: Settings = {
  production: ["production", "prod"],
  openPorts: [80, 443],
  requiredTags: [],
  exceptions: [],
};

/** The stack that a URN is of: `urn:pulumi:<stack>::<project>::<types>::<name>`. */
export function stackOf(urn: string): string {
  return urn.slice("urn:pulumi:".length).split("::")[0];
}

export function isProduction(urn: string, { production }: Settings): boolean {
  return production.includes(stackOf(urn));
}

/** The shape of the settings for Pulumi, which refuses others before anything is previewed. */
export function settingsSchema(rules: readonly string[]) {
  const names = { type: "array" as const, items: { type: "string" as const, minLength: 1 } };
  return {
    properties: {
      production: { ...names, description: "Names of stacks that are production." },
      openPorts: {
        type: "array" as const,
        items: { type: "integer" as const, minimum: 0, maximum: 65535 },
        description: "Ports that everybody may reach.",
      },
      backupDays: {
        type: "integer" as const,
        minimum: 1,
        maximum: 35,
        description: "Days for which databases keep backups, at least.",
      },
      requiredTags: { ...names, description: "Keys of tags that everything must have." },
      exceptions: {
        type: "array" as const,
        description: "Faults that are accepted, each with its reason.",
        items: {
          type: "object" as const,
          required: ["rule", "resource", "because"],
          additionalProperties: false,
          properties: {
            rule: { enum: [...rules] },
            resource: { type: "string" as const, minLength: 1 },
            because: { type: "string" as const, pattern: "\\S" },
          },
        },
      },
    },
  };
}
