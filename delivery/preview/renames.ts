import { isDeepStrictEqual } from "node:util";
import { nobodysNetwork } from "../../contract/nobodysNetwork";
import { unknownValue, type PlannedChange } from "../engine/changes";
import { flattened } from "../plan/differences";
import { joined, say, type Phrase } from "./phrase";

type Values = Readonly<Record<string, unknown>>;

/** A service of the component `Service`, with what the plan has of it. */
interface PlannedService {
  readonly service: PlannedChange;
  /** What its parts are called by: `shop--staging--web`. */
  readonly base: string;
  /** As config calls it: `web`. */
  readonly name: string;
  readonly definition: PlannedChange | undefined;
}

/**
 * Services that go while others come which are alike, as after a name in config was changed: a web service whose route the other
 * one takes over, a worker with the same settings. What becomes of them, for people who take a rename for one of words.
 */
export function renames(changes: readonly PlannedChange[]): Phrase[] {
  const old = services(changes, "delete");
  const made = services(changes, "create");
  return old.flatMap((one) => {
    const alike = made.filter((other) =>
      isWeb(one) ? isWeb(other) && isTakenOver(one, changes) : !isWeb(other) && isEqual(one, other),
    );
    return alike.length > 0 ? consequences(one, alike, changes) : [];
  });
}

function services(changes: readonly PlannedChange[], op: "create" | "delete"): PlannedService[] {
  const suffix = "-service";
  return changes
    .filter(
      ({ urn, type, op: planned, name }) =>
        planned === op &&
        type === "aws:ecs/service:Service" &&
        urn.includes("gantry:index:Service$") &&
        name.endsWith(suffix),
    )
    .map((service) => {
      const base = service.name.slice(0, -suffix.length);
      const definition = changes.find(({ name }) => name === `${base}-task`);
      return { service, base, name: base.split("--").at(-1) ?? base, definition };
    });
}

function inputsOf({ op, oldInputs, newInputs }: PlannedChange): Values {
  return op === "delete" ? oldInputs : newInputs;
}

function listIn(inputs: Values, key: string): Values[] {
  const list = inputs[key];
  return Array.isArray(list) ? (list as Values[]) : [];
}

function isWeb({ service }: PlannedService): boolean {
  return listIn(inputsOf(service), "loadBalancers").length > 0;
}

/** Whether a rule that led to a service leads to a target group which the update makes. */
function isTakenOver({ service }: PlannedService, changes: readonly PlannedChange[]): boolean {
  const groups = listIn(service.oldInputs, "loadBalancers").map((one) => one.targetGroupArn);
  const rules = changes.filter(({ type }) => type.endsWith(":ListenerRule"));
  const leadsTo = (inputs: Values, targets: readonly unknown[]) =>
    !JSON.stringify(inputs.conditions ?? []).includes(nobodysNetwork) &&
    listIn(inputs, "actions").some(({ targetGroupArn }) => targets.includes(targetGroupArn));
  return rules
    .filter(({ oldInputs }) => leadsTo(oldInputs, groups))
    .some((before) =>
      rules.some(
        ({ newInputs }) =>
          leadsTo(newInputs, [unknownValue]) &&
          isDeepStrictEqual(newInputs.conditions, before.oldInputs.conditions),
      ),
    );
}

/** What a placeholder has from the service: all but what starts the image, and names. Unknown containers are like any. */
function isEqual(one: PlannedService, other: PlannedService): boolean {
  const [old, made] = [one, other].map(({ definition }) => definition && inputsOf(definition));
  if (!old || !made) return false;
  const sizes = ["cpu", "memory", "runtimePlatform"];
  if (sizes.some((key) => !isDeepStrictEqual(old[key], made[key]))) return false;
  if (made.containerDefinitions === unknownValue) return true;
  const settings = (inputs: Values) =>
    Object.entries(flattened(inputs))
      .filter(([key]) => /^[^.]+\.(?:environment|secrets|stopTimeout)(?:\.|$)/.test(key))
      .sort(([a], [b]) => (a < b ? -1 : 1));
  return isDeepStrictEqual(settings(old), settings(made));
}

function consequences(
  old: PlannedService,
  made: readonly PlannedService[],
  changes: readonly PlannedChange[],
): Phrase[] {
  const names = made.map(({ name }) => name);
  const start = say`${old.name} goes and ${names} comes `;
  const beside = say`to interrupt nothing: add ${names} beside ${old.name}`;
  const then = say`, release, then remove ${old.name}`;
  const isRouted = isWeb(old);
  return [
    joined(
      start,
      isRouted ? "with its route" : "with the same settings",
      ", as after a rename: for AWS it is another service",
    ),
    interruption(old, made, names),
    losses(old, names, changes),
    isRouted
      ? joined(beside, " with another route", then, say` and give its route to ${names}`)
      : joined(beside, then),
  ];
}

function interruption(
  old: PlannedService,
  made: readonly PlannedService[],
  names: readonly string[],
): Phrase {
  const runs = say`${names} runs what its bootstrap says, a placeholder by default, until a release has an image of it`;
  if (!isWeb(old)) {
    return joined(runs, say`: a placeholder does nothing of the work of ${old.name}`);
  }
  return made.every(({ service }) => Number(service.newInputs.desiredCount) > 0)
    ? joined(runs, say`: once healthy, that answers the requests for ${old.name}`)
    : joined(runs, say`, and begins without a task: nothing answers the requests for ${old.name}`);
}

function losses(
  { base, name }: PlannedService,
  names: readonly string[],
  changes: readonly PlannedChange[],
): Phrase {
  const deleted = (type: string, logicalName: string) =>
    changes.find((one) => one.op === "delete" && one.type === type && one.name === logicalName);
  const prefix = base.slice(0, -`--${name}`.length);
  const logs = deleted("aws:cloudwatch/logGroup:LogGroup", `${base}-logs`);
  const images = deleted("aws:ecr/repository:Repository", `${prefix}-${name}`);
  const lost = [
    ...(logs ? ["its logs"] : []),
    ...(images && !images.isRetained ? ["its images"] : []),
  ];
  return joined(
    say`with ${name} go its roles, which others may let in, and the releases that can be gone back to: they have no image of ${names}`,
    lost.length > 0 ? `; ${lost.join(" and ")} are lost` : "",
    images?.isRetained ? "; its images stay in AWS, in a repository of nobody" : "",
  );
}
