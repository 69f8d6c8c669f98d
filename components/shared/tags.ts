/** AWS tags. Nothing that changes with every release may stand here, or every deployment would touch everything. */
export type Tags = Readonly<Record<string, string>>;

/** The tags of a resource that people look for by name in the console. */
export function named(name: string, tags: Tags | undefined): Tags {
  return { ...tags, Name: name };
}
