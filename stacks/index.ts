export { environment, type EnvironmentOptions } from "./program";
export type { EnvironmentOutputs } from "./environment";
export type { Grant, Lookup, OwnResources, ResourcesContext, ResourcesFunction } from "./resources";
export type { Tags } from "../components";
export { ConfigError, type Fault as ConfigFault } from "./config";
export { ReleaseError } from "../contract/manifest";
export { ResourcesError } from "./resources/error";
