import { appContainer } from "../../contract/containers";
import type { RouteProtocol } from "./protocol";

/** What is spoken at a port that other services call: `tcp` is whatever the program speaks. */
export type ConnectProtocol = RouteProtocol | "tcp";

/** As ECS calls them; of `tcp` it wants no word. */
const appProtocols = { tcp: undefined, http1: "http", http2: "http2", grpc: "grpc" } as const;

/**
 * The name of a container's port, which says what is spoken there: ECS never changes the protocol of a port that services call.
 * @param protocol Without it, nobody calls it.
 */
export function portName(protocol: ConnectProtocol = "tcp"): string {
  return protocol === "tcp" ? appContainer : `${appContainer}-${protocol}`;
}

/** The entry of `portMappings` for a container that listens. */
export function portMapping(port: number, protocol?: ConnectProtocol) {
  const appProtocol = appProtocols[protocol ?? "tcp"];
  return {
    ...{ name: portName(protocol), containerPort: port, hostPort: port, protocol: "tcp" },
    ...(appProtocol === undefined ? {} : { appProtocol }),
  };
}
