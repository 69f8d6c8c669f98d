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
  readonly service: {
    readonly cpu: number;
    readonly memoryMiB: number;
    readonly exec: boolean;
    readonly scaling: { readonly min: number; readonly max: number };
  };
  readonly pipeline: { readonly approval: boolean };
}

/** A stack called `production` gets production's defaults; every other one gets staging's. */
export function defaultsFor(stack: string): StackDefaults {
  return stack === "production" ? production : staging;
}
