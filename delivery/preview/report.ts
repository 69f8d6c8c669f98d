import { changeTimesText, type ChangeTimes } from "../../contract/changeTimes";
import { shortType, type PlannedChange } from "../engine/changes";
import { exposureChanges } from "./exposure";
import { imageChanges } from "./images";
import { joined, say, type Phrase } from "./phrase";
import { propertyChanges, type PropertyChange } from "./properties";
import { renames } from "./renames";
import { rightsChanges, rightsText } from "./rights";
import { risksOf } from "./risks";
import { sidecarChanges } from "./sidecars";

/** What became of a preview: of what the stack's update would do, or why that could not be found out. */
export type PreviewReport = PreviewedStack | { readonly stack: string; readonly error: string };

export interface PreviewedStack extends StackChanges {
  readonly stack: string;
  readonly error?: undefined;
  /** What the deployments take that the update begins. */
  readonly times: readonly Phrase[];
  /** What is dangerous in the stack's config, with the reason where somebody gave one, and what the policy pack advises: told each time, so that nobody forgets it. */
  readonly dangers: readonly Phrase[];
}

export interface StackChanges {
  readonly resources: readonly ResourceChange[];
  /** What whoever reviews must see first. */
  readonly warnings: readonly Phrase[];
  readonly rights: readonly Phrase[];
  readonly exposure: readonly Phrase[];
  readonly images: readonly Phrase[];
  /** Containers of which only the update makes known what they run. */
  readonly unknownImages: readonly Phrase[];
}

/** How the kinds are called, in the order in which people are told of them. */
export const kinds = ["created", "changed", "replaced", "deleted", "imported"] as const;

export interface ResourceChange {
  readonly kind: (typeof kinds)[number];
  /** Such as `aws:ecs:Service`. */
  readonly type: string;
  readonly name: string;
  /** Of what changes or is replaced; nothing of what comes or goes as a whole. */
  readonly properties: readonly PropertyChange[];
  /** The properties that force a replacement. */
  readonly causes: readonly string[];
  /** Whether it is only forgotten, and stays in AWS. */
  readonly isRetained: boolean;
}

const kindOf = {
  create: "created",
  update: "changed",
  replace: "replaced",
  delete: "deleted",
  import: "imported",
} as const satisfies Record<PlannedChange["op"], ResourceChange["kind"]>;

/** What the changes of a preview mean for whoever reviews them. */
export function stackChanges(planned: readonly PlannedChange[]): StackChanges {
  const changes = planned.filter(({ isComponent }) => !isComponent);
  const rights = changes.flatMap(rightsChanges);
  const exposure = changes.flatMap(exposureChanges);
  const images = changes.flatMap(imageChanges);
  const imagesWhere = (unknown: boolean) =>
    images.filter(({ isUnknown }) => isUnknown === unknown).map(({ what }) => what);
  return {
    resources: changes.map(resourceChange),
    warnings: [
      ...renames(changes),
      ...changes.flatMap(risksOf),
      ...sidecarChanges(changes),
      ...rights
        .filter(({ isBroad }) => isBroad)
        .map((change) => joined("broad rights, ", rightsText(change))),
      ...exposure
        .filter(({ kind, isForEveryone }) => kind === "opened" && isForEveryone)
        .map(({ what }) => joined("opened: ", what)),
    ],
    rights: rights.map(rightsText),
    exposure: exposure.map(({ kind, what }) => joined(`${kind}: `, what)),
    images: imagesWhere(false),
    unknownImages: imagesWhere(true),
  };
}

/** A line for each service that is deployed. */
export function timePhrases(times: Readonly<Record<string, ChangeTimes>>): Phrase[] {
  return Object.entries(times).map(([service, each]) =>
    joined(say`${service}: the deployment ends `, changeTimesText(each)),
  );
}

function resourceChange(change: PlannedChange): ResourceChange {
  const { op, type, name, replacement, isRetained = false } = change;
  const isWhole = op !== "update" && op !== "replace";
  return {
    kind: kindOf[op],
    type: shortType(type),
    name,
    properties: isWhole ? [] : propertyChanges(change),
    causes: replacement?.causes ?? [],
    isRetained,
  };
}
