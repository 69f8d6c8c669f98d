import type { Release } from "../../contract/manifest";
import { heldDeployment } from "../deploy/heldBefore";
import { deploymentsOf, succeeded } from "../deploy/history";
import { causeOf } from "../errors";
import { gateText } from "../gates";
import type { DeploymentKind, DeploymentStatus, Hold, LedgerView, Sleep } from "../ledger";
import type { EnvironmentStatus, ServiceStatus } from "../status";
import type { FoundEnvironment } from "./pointers";

/** Raised with each change that whoever reads the JSON must know of; new fields do not raise it. */
export const factsVersion = 1;

/** Which release runs where: what `gantry status --all --json` prints. Times are ISO 8601, UTC. */
export interface Facts {
  readonly version: typeof factsVersion;
  /** When it was asked. */
  readonly at: string;
  /** Whose credentials asked: 12 digits. Absent where AWS did not say. */
  readonly account?: string;
  readonly environments: readonly EnvironmentFacts[];
  /** What could not be looked for, for people. */
  readonly gaps: readonly string[];
}

/** Where an environment is. */
export interface EnvironmentPlace {
  /** The product, as in `gantry:name`. */
  readonly name: string;
  /** The Pulumi stack. */
  readonly stack: string;
  readonly region: string;
}

/** An environment: `unread` has why nothing more is known of it. */
export type EnvironmentFacts = EnvironmentPlace & {
  /** Whether its config is in the folder. Of others found by their pointers nobody knows the services, so their tasks are not asked. */
  readonly isOfProject: boolean;
} & ({ readonly unread: string } | ReadFacts);

export interface ReadFacts {
  /** What should run. Absent before the first release. */
  readonly release?: Pick<Release, "id" | "commit" | "createdAt">;
  /** The deployment that brought it, or put it back. Absent where the history does not know it. */
  readonly deployment?: {
    readonly number: number;
    readonly kind: DeploymentKind;
    readonly status: DeploymentStatus;
    /** Who began it. */
    readonly by: string;
    /** Since when it runs; of one that has not ended, since when it is made. */
    readonly since: string;
  };
  /** Whether any deployment of the release was verified. */
  readonly isVerified: boolean;
  /** Absent where its config is not in the folder. */
  readonly services?: readonly Pick<
    ServiceStatus,
    "service" | "condition" | "tasks" | "tag" | "digest" | "running" | "nextRun" | "nextTask"
  >[];
  /** A deployment that is in progress, or whose lock was left. */
  readonly lock?: {
    readonly number: number;
    readonly release: string;
    readonly by: string;
    readonly since: string;
  };
  /** What that one waits for; `unknown` where its config is not in the folder. Absent where it does not wait. */
  readonly waitsFor?: "verification" | "approval" | "unknown";
  /** Whoever went back, until `gantry resume`. */
  readonly hold?: Hold;
  /** Whoever put it to sleep, until `gantry wake`. */
  readonly sleep?: Sleep;
  /** Why no release is deployed at the moment, for people. */
  readonly gates: readonly string[];
  /** Id of the release whose deployment failed and could not be taken back. */
  readonly unsettled?: string;
}

/** What is known of an environment whose config is here. */
export function factsOf(status: EnvironmentStatus): ReadFacts {
  const { release, deployment, lock, held, isAsked, hold, sleep, unsettled } = status;
  return {
    ...recorded({ release, deployment, lock, hold, sleep }),
    isVerified: status.isVerified,
    services: status.services.map(
      ({ service, condition, tasks, tag, digest, running, nextRun, nextTask }) => ({
        ...{ service, condition, tasks, tag, digest, running, nextRun, nextTask },
      }),
    ),
    ...(held ? { waitsFor: isAsked ? "approval" : "verification" } : {}),
    gates: status.gates.map((gate) => gateText(gate)),
    ...(unsettled ? { unsettled: unsettled.release.id } : {}),
  };
}

/** The same by the pointer and the ledger alone. */
export function factsByLedger(release: Release | undefined, view: LedgerView): ReadFacts {
  const ofIt = deploymentsOf(view, release?.id);
  const deployment = ofIt.find(succeeded) ?? ofIt.at(0);
  const { hold, sleep } = view.standing ?? {};
  return {
    ...recorded({ release, deployment, lock: view.lock, hold, sleep }),
    isVerified: ofIt.some(({ status }) => status === "verified"),
    ...(heldDeployment(view) ? { waitsFor: "unknown" } : {}),
    gates: [],
  };
}

function recorded({
  release,
  deployment,
  lock,
  hold,
  sleep,
}: Pick<EnvironmentStatus, "release" | "deployment" | "lock" | "hold" | "sleep">): Pick<
  ReadFacts,
  "release" | "deployment" | "lock" | "hold" | "sleep"
> {
  return {
    ...(release && {
      release: { id: release.id, commit: release.commit, createdAt: release.createdAt },
    }),
    ...(deployment && {
      deployment: {
        number: deployment.number,
        kind: deployment.kind,
        status: deployment.status,
        by: deployment.actor,
        since: deployment.endedAt ?? deployment.begunAt,
      },
    }),
    ...(lock && {
      lock: { number: lock.number, release: lock.releaseId, by: lock.owner, since: lock.at },
    }),
    ...(hold && { hold }),
    ...(sleep && { sleep }),
  };
}

/** How the facts are come by: AWS, or what a test says. */
export interface FactsPorts {
  readonly now: Date;
  /** @throws where nobody is signed in. */
  account(): Promise<string | undefined>;
  /** The environments of the folder, each with how it is read. */
  readonly project: readonly {
    readonly stack: string;
    /** @throws where its files are wrong. */
    place(): Promise<EnvironmentPlace>;
    read(): Promise<ReadFacts>;
  }[];
  /** The regions that the others are looked for in, where the folder's environments name none. */
  readonly region: string | undefined;
  /** Every environment of a region that has a pointer. */
  pointers(region: string): Promise<readonly FoundEnvironment[]>;
  /** One that was found so. */
  readFound(place: EnvironmentPlace): Promise<ReadFacts>;
}

/** Reads every environment; what cannot be read is told in its place, and hides no other. */
export async function gatherFacts(ports: FactsPorts): Promise<Facts> {
  const gaps: string[] = [];
  const [account, ofProject] = await Promise.all([
    ports.account().catch(() => undefined),
    Promise.all(ports.project.map(readOwn)),
  ]);
  const known = new Set(ofProject.map(({ name, stack, region }) => keyOf({ name, stack, region })));
  const regions = new Set(ofProject.flatMap(({ region }) => (region === "" ? [] : [region])));
  if (regions.size === 0 && ports.region) regions.add(ports.region);
  const found = await Promise.all(
    [...regions].sort().map(async (region) => {
      try {
        const places = (await ports.pointers(region)).map((one) => ({ ...one, region }));
        return places.filter((place) => !known.has(keyOf(place)));
      } catch (error) {
        gaps.push(
          `other environments in ${region} could not be looked for (ssm:GetParametersByPath on /gantry): ${causeOf(error)}`,
        );
        return [];
      }
    }),
  );
  const others = await Promise.all(found.flat().map((place) => readOther(ports, place)));
  return {
    ...{ version: factsVersion, at: ports.now.toISOString() },
    ...(account === undefined ? {} : { account }),
    environments: [...ofProject, ...others.sort(byPlace)],
    gaps,
  };
}

type OwnStack = FactsPorts["project"][number];

async function readOwn(own: OwnStack): Promise<EnvironmentFacts> {
  // Malformed files tell no name, and no region.
  let where: EnvironmentPlace = { name: "", stack: own.stack, region: "" };
  try {
    where = await own.place();
    return { ...where, isOfProject: true, ...(await own.read()) };
  } catch (error) {
    return { ...where, isOfProject: true, unread: causeOf(error) };
  }
}

async function readOther(ports: FactsPorts, place: EnvironmentPlace): Promise<EnvironmentFacts> {
  try {
    return { ...place, isOfProject: false, ...(await ports.readFound(place)) };
  } catch (error) {
    return { ...place, isOfProject: false, unread: causeOf(error) };
  }
}

function keyOf({ name, stack, region }: EnvironmentPlace): string {
  return [name, stack, region].join(" ");
}

function byPlace(a: EnvironmentPlace, b: EnvironmentPlace): number {
  return keyOf(a) < keyOf(b) ? -1 : 1;
}
