import { routeProtocols } from "../../components/service/protocol";
import { choice, list, text, wholeNumber } from "./fields";

/** Names of services that a service calls. */
export function callsSchema() {
  return list(text("the name of another service", /\S/), "names of services");
}

/** What a private service has that a worker has not. */
export function privateShape() {
  return {
    /** The port it listens on, which it is also told as PORT, and by which others call it. Default: 3000. */
    port: wholeNumber(1, 65535).default(3000),
    /**
     * What it speaks. `http1`, `http2` and `grpc`: its callers share requests out among its tasks. Default: `tcp`, which shares
     * out connections, and suits every program.
     */
    protocol: choice(["tcp", ...routeProtocols]).default("tcp"),
  };
}
