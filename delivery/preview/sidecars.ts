import { appContainer, containerOf } from "../../contract/containers";
import { isRecord } from "../../contract/record";
import { shortType, unknownValue, type PlannedChange } from "../engine/changes";
import { structure } from "./parts";
import { say, type Phrase } from "./phrase";

type Values = PlannedChange["newInputs"];
type Containers = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** What becomes of the containers beside the services' own, in words for people who review it. */
export function sidecarChanges(changes: readonly PlannedChange[]): Phrase[] {
  return changes.flatMap((change) => {
    switch (shortType(change.type)) {
      case "aws:ecs:TaskDefinition":
        return inTasks(change);
      case "aws:ecs:Service":
        return turnedRequests(change);
      case "aws:ecr:Repository":
        return ofRepository(change, changes);
      default:
        return [];
    }
  });
}

/** What comes into tasks that run, leaves them, or runs another image in them; none where a side is not known. */
function inTasks({ op, name, oldInputs, newInputs }: PlannedChange): Phrase[] {
  const [before, after] = [oldInputs, newInputs].map(containersOf);
  if (op === "create" || op === "delete" || !before || !after) return [];
  const sidecars = [...new Set([...before.keys(), ...after.keys()])].filter(
    (container) => container !== appContainer,
  );
  return sidecars.flatMap((sidecar) => {
    const [old, now] = [before.get(sidecar), after.get(sidecar)];
    if (!now) {
      return [say`the sidecar ${sidecar} leaves ${name}: tasks are exchanged for ones without it`];
    }
    if (!old) {
      return now.essential === false
        ? [
            say`the sidecar ${sidecar} comes into ${name}: tasks are exchanged, and go on where it ends`,
          ]
        : [
            say`the sidecar ${sidecar} comes into ${name}: tasks are exchanged, and end where it ends`,
          ];
    }
    return old.image === now.image
      ? []
      : [say`the sidecar ${sidecar} of ${name} runs another image: tasks are exchanged`];
  });
}

function containersOf({ containerDefinitions: given }: Values): Containers | undefined {
  const list = given === unknownValue ? undefined : structure(given);
  if (!Array.isArray(list)) return undefined;
  return new Map(
    list.filter(isRecord).map((container) => [String(container.name), container] as const),
  );
}

/** The load balancer leads to another container of the tasks. */
function turnedRequests({ op, name, oldInputs, newInputs }: PlannedChange): Phrase[] {
  const [before, after] = [oldInputs, newInputs].map(targetOf);
  if (op !== "update" || before === undefined || after === undefined || before === after) return [];
  return [say`requests of ${name} go to its container ${after} in place of ${before}`];
}

function targetOf({ loadBalancers }: Values): string | undefined {
  const [first] = Array.isArray(loadBalancers) ? (loadBalancers as unknown[]) : [];
  return isRecord(first) && typeof first.containerName === "string"
    ? first.containerName
    : undefined;
}

/**
 * A sidecar with an image of its own has a repository, which comes before its first image, and goes with it. Of a service that
 * comes or goes as a whole nothing is said.
 */
function ofRepository(
  { op, oldInputs, newInputs, isRetained }: PlannedChange,
  changes: readonly PlannedChange[],
): Phrase[] {
  if (op !== "create" && op !== "delete") return [];
  const named = nameOf(op === "create" ? newInputs : oldInputs);
  const { service, container } = containerOf(named.slice(named.lastIndexOf("/") + 1));
  const ofService = named.slice(0, named.length - container.length - 1);
  const isWhole = changes.some(
    (other) =>
      other.op === op && [other.oldInputs, other.newInputs].map(nameOf).includes(ofService),
  );
  if (container === appContainer || isWhole) return [];
  if (op === "create") {
    return [
      say`the sidecar ${container} of ${service} is in its tasks from the first release on that has its image: release after this update`,
    ];
  }
  return isRetained
    ? [say`the sidecar ${container} of ${service} goes, and its images stay in AWS`]
    : [
        say`the sidecar ${container} of ${service} goes with its images: a release that has it cannot be deployed any more, nor rolled back to, until its commit is built again`,
      ];
}

function nameOf({ name }: Values): string {
  return typeof name === "string" ? name : "";
}
