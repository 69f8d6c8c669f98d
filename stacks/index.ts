export { environment } from "./program";
export type { EnvironmentOptions, EnvironmentOutputs } from "./environment";
export type { TransformedArgs, Transforms } from "./transforms";
export type { Grant, Lookup, OwnResources, ResourcesContext, ResourcesFunction } from "./resources";
export type { Tags } from "../components";
export { ConfigError, type Fault as ConfigFault } from "./config";
export { ReleaseError } from "../contract/manifest";
export { ResourcesError } from "./resources/error";
