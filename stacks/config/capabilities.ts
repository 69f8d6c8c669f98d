import { kernelCapabilities, keptCapabilities } from "../../components/service/capabilities";
import { choice, list } from "./fields";

export { kernelCapabilities, keptCapabilities };

/** What a container keeps of the kernel's capabilities: `[NET_BIND_SERVICE]`, or `[]` for none. */
export function capabilitiesSchema() {
  return list(choice(kernelCapabilities), "capabilities such as NET_BIND_SERVICE; [] is none");
}
