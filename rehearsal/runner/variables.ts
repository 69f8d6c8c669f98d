import { ActionError } from "./errors";

/** Output variables of the actions so far, by namespace. */
export type Namespaces = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** The namespace that every execution has. */
export const executionNamespace = "codepipeline";

const reference = /#\{([^}]*)\}/g;
const referenceForm = /^([A-Za-z0-9@_-]{1,100})\.([A-Za-z0-9@_-]{1,128})$/;

/**
 * A value of an action's configuration with its variables filled in. What a variable holds is not looked into again.
 * @throws ActionError naming a variable that nothing has set: on AWS, too, the action then fails.
 */
export function resolveVariables(value: string, namespaces: Namespaces): string {
  return value.replace(reference, (text, name: string) => {
    const [, namespace, variable] = referenceForm.exec(name) ?? [];
    if (namespace === undefined) {
      throw new ActionError(`${text} is no variable: they are written #{Namespace.Variable}`);
    }
    const variables = namespaces.get(namespace);
    if (variables === undefined) {
      throw new ActionError(
        `${text} is unknown: no action before this one has the namespace ${namespace} (there are: ${list([...namespaces.keys()])})`,
      );
    }
    const found = Object.hasOwn(variables, variable) ? variables[variable] : undefined;
    if (found === undefined) {
      throw new ActionError(
        `${text} is unknown: the namespace ${namespace} has ${list(Object.keys(variables))}`,
      );
    }
    return found;
  });
}

/** The same for a whole configuration. */
export function resolveConfiguration(
  configuration: Readonly<Record<string, string>>,
  namespaces: Namespaces,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(configuration).map(([key, value]) => {
      try {
        return [key, resolveVariables(value, namespaces)];
      } catch (error) {
        throw error instanceof ActionError ? new ActionError(`${key}: ${error.message}`) : error;
      }
    }),
  );
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ");
}
