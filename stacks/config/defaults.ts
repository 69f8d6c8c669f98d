import type { DeploymentStrategy } from "../../contract/deploymentStrategy";
import { production } from "../production";
import { staging } from "../staging";

/** What differs by nature between staging and production; everything else has one default. */
export interface StackDefaults {
  readonly network: {
    readonly cidr: string;
    readonly zones: number;
    readonly nat: "none" | "single" | "perZone";
  };
  readonly cluster: { readonly containerInsights: "disabled" | "enabled" | "enhanced" };
  readonly logs: { readonly retentionDays: number };
  readonly registry: { readonly keepReleases: number };
  readonly protection: boolean;
  readonly alarms: boolean;
  readonly dashboard: boolean;
  readonly cache: { readonly backupDays: number };
  readonly database: { readonly standby: boolean };
  readonly service: {
    readonly cpu: number;
    readonly memoryMiB: number;
    readonly exec: boolean;
    readonly scaling: { readonly min: number; readonly max: number };
    /** Of web services. */
    readonly strategy: DeploymentStrategy;
  };
  readonly pipeline: { readonly approval: boolean; readonly alarms: boolean };
  /** Whether a stack with a pipeline is checked for drift. */
  readonly drift: boolean;
}

export const kinds = ["production", "staging"] as const;

/** Whose defaults a stack has. */
export type Kind = (typeof kinds)[number];

/** The kind that a stack's name says; undefined where it says none, as `prod` and `production-us`. */
export function kindOfName(stack: string): Kind | undefined {
  return kinds.find((kind) => kind === stack);
}

export function defaultsFor(kind: Kind): StackDefaults {
  return kind === "production" ? production : staging;
}
