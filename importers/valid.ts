import { ConfigError, parseConfig, type Fault } from "../stacks/config";
import { formatPath } from "../stacks/config/path";
import type { Assignment, Draft } from "./draft";

/**
 * Takes back what the config's own validation refuses, until the rest of it is in order. A service that is refused as a whole is
 * left out. What is missing beside the services nobody but the user knows: the draft has it as missing.
 */
export function keepWhatIsValid(draft: Draft, project: string): void {
  for (;;) {
    leaveOutWhatRunsNothing(draft);
    if (!namesServices(draft)) return;
    const faults = faultsOf(draft, project);
    const before = draft.assignments;
    const dangers = faults.filter(({ sayable }) => sayable !== undefined);
    for (const fault of faults) if (!dangers.includes(fault)) takeBack(draft, fault, before);
    // What is dangerous stays what it was. It is said once all else is in order, of what is left by then.
    if (draft.assignments === before) for (const danger of dangers) draft.say(danger);
    if (draft.assignments === before) {
      draft.missing = faults;
      return;
    }
  }
}

/** Config would build a folder that is called as the service, which nobody has said. */
function leaveOutWhatRunsNothing(draft: Draft): void {
  for (const name of serviceNames(draft)) {
    if (["build", "image", "imageOf"].some((key) => draft.has(["services", name, key]))) continue;
    draft.leaveOut(
      name,
      "nothing is left that says which image it runs",
      "write the service yourself, with build: <folder> or image: <image>:<version>",
    );
  }
}

/** Without a service there is no config to check: the report says so. */
export function namesServices(draft: Draft): boolean {
  return serviceNames(draft).length > 0;
}

/** The services of which anything is written, in their order. */
function serviceNames({ assignments }: Draft): string[] {
  const services = assignments.filter(({ path }) => path[0] === "services");
  return [...new Set(services.map(({ path }) => String(path[1])))];
}

function faultsOf(draft: Draft, project: string): readonly Fault[] {
  const values = Object.fromEntries(
    Object.entries(draft.values()).map(([key, value]) => [
      `gantry:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  try {
    parseConfig({ project, stack: draft.stack, values });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // A name that the file does not say is Pulumi.yaml's, which is not written here.
    return error.faults.filter(({ path }) => path !== "gantry:name" || draft.has(["name"]));
  }
}

/** @param before what the config was that has the fault: what another fault has changed since then is looked at anew. */
function takeBack(draft: Draft, fault: Fault, before: readonly Assignment[]): void {
  const why = `${fault.path} would be refused; allowed: ${fault.allowed}`;
  const concerned = before.filter((each) => concerns(fault.path, each));
  if (concerned.length > 0 && !concerned.some((each) => draft.assignments.includes(each))) return;
  const service = serviceNames(draft).find((name) =>
    isWithin(fault.path, formatPath(["services", name])),
  );
  // What is wrong with a service as a whole, or with what it did not say, is not put right by saying less.
  const whole = service !== undefined && fault.path === formatPath(["services", service]);
  if (whole) return draft.leaveOut(service, why, fault.fix);
  const [list] = concerned;
  const [item] = /(?<=^\[)\d+/.exec(fault.path.slice(formatPath(list?.path ?? []).length)) ?? [];
  if (list?.items !== undefined && item !== undefined) {
    return draft.takeItemBack(list, Number(item), why, fault.fix);
  }
  const inEntry = concerned.length > 0 ? concerned : entryOf(fault.path, draft);
  if (inEntry.length > 0) draft.takeBack(inEntry, why, fault.fix);
  else if (service !== undefined) draft.leaveOut(service, why, fault.fix);
}

/**
 * What is said of the named thing of a service that something is missing of, such as a volume: it alone is taken back. A sidecar
 * is part of how its service works, and takes it along.
 */
function entryOf(faultPath: string, { assignments }: Draft): readonly Assignment[] {
  const entries = assignments.flatMap(({ path }) =>
    path.slice(4).map((_, index) => path.slice(0, 4 + index)),
  );
  const entry = entries
    .filter(([section, , key, , ...rest]) => {
      return section === "services" && (key !== "sidecars" || rest.length > 1);
    })
    .map(formatPath)
    .filter((each) => isWithin(faultPath, each))
    .sort((a, b) => b.length - a.length)
    .at(0);
  return assignments.filter(({ path }) => entry !== undefined && isWithin(formatPath(path), entry));
}

function concerns(faultPath: string, { path }: Assignment): boolean {
  const own = formatPath(path);
  return isWithin(faultPath, own) || isWithin(own, faultPath);
}

function isWithin(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`);
}
