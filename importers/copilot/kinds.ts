import { becomes, isLost, isOtherWay, type Rule, type Table } from "../rules";
import { below, type SourceNode } from "../source";
import { number } from "../values";
import { containerTable } from "./container";
import { countTable } from "./count";
import { jobTable } from "./job";
import * as later from "./later";
import { messagesTable } from "./messages";
import { observabilityTable } from "./observability";
import { sidecarsTable } from "./sidecars";
import { volumesTable } from "./volumes";
import { webTable } from "./web";

/** What a kind of manifest becomes, and the table of its fields. */
export interface ManifestKind {
  readonly becomes: "web" | "worker" | "job" | undefined;
  readonly table: Table;
}

const named: Table = {
  name: isOtherWay("the key below gantry:services"),
};

const everywhere: Table = {
  ...named,
  ...containerTable,
  ...countTable,
  ...sidecarsTable,
  ...volumesTable,
  ...messagesTable,
  ...observabilityTable,
  ...later.networkLater,
  ...later.deploymentLater,
  ...later.imageLater,
};

function leftOut(why: string, fix: string): Rule {
  return ({ leaveOut }) => leaveOut(why, fix);
}

const privateWhy =
  "App Runner's private endpoint is for a whole VPC, and there is no internal load balancer yet";
const privateFix =
  "keep it where it is, or make it kind: private, with calls: [its name] of those that call it";

/** What App Runner has of its own. */
const appRunner: Table = {
  "http.private.**": leftOut(privateWhy, privateFix),
  "http.private": ({ value, leaveOut }) =>
    value === false
      ? { became: "other way", how: "it is public" }
      : leaveOut(privateWhy, privateFix),
  "tags.**": isLost(
    "config has no tags of a service",
    "every resource has gantry:name and gantry:stack",
  ),
  count: isLost(
    "App Runner's own scaling configuration is not read",
    "set scaling.min and scaling.max",
  ),
};

const backendTable: Table = {
  ...everywhere,
  ...webTable,
  type: isOtherWay("kind: private, which calls open; without a port kind: worker"),
  "image.port": (at) => {
    const { draft, node, service } = at;
    draft.set(["services", service, "kind"], "private", node);
    return becomes("port", number)(at);
  },
};

/** A backend service that an internal load balancer leads to. */
const internal: ManifestKind = {
  becomes: "web",
  table: {
    ...backendTable,
    "image.port": webTable["image.port"],
    type: ({ set }) => {
      set(["route", "internal"], true);
      return { became: "other way", how: "kind: web with route.internal: true" };
    },
  },
};

/** What a manifest's `type` means; undefined where Copilot has no such type. */
export function kindOf(type: unknown, node: SourceNode): ManifestKind | undefined {
  if (type === "Backend Service" && below(node, "http") !== undefined) return internal;
  return Object.hasOwn(kinds, String(type)) ? kinds[String(type)] : undefined;
}

/** Every kind of manifest that Copilot has, by its `type`. */
export const kinds: Readonly<Record<string, ManifestKind>> = {
  "Load Balanced Web Service": {
    becomes: "web",
    table: {
      ...everywhere,
      ...webTable,
      ...later.nlbLater,
      type: isOtherWay("kind: web, the default"),
    },
  },
  "Backend Service": {
    becomes: "worker",
    table: backendTable,
  },
  "Worker Service": {
    becomes: "worker",
    table: { ...everywhere, type: isOtherWay("kind: worker") },
  },
  "Scheduled Job": {
    becomes: "job",
    table: { ...everywhere, ...jobTable },
  },
  "Request-Driven Web Service": {
    becomes: "web",
    table: {
      ...everywhere,
      ...webTable,
      ...appRunner,
      type: isOtherWay("kind: web on Fargate, behind the load balancer, in place of App Runner"),
    },
  },
  "Static Site": {
    becomes: undefined,
    table: {
      ...named,
      type: leftOut(
        "files in S3 behind CloudFront are no service",
        "keep the site where it is, or make it in resources.ts",
      ),
      "http.**": isLost("the site is left out", "keep it where it is"),
      "files.**": isLost("the site is left out", "keep it where it is"),
    },
  },
};
