import { environment } from "gantry";
import { resources } from "./resources";

export = environment({
  resources,
  // New tasks get more and more requests in their first minute, which ELB does by round robin alone. Config has no key for it.
  transform: {
    targetGroup: (args) => ({ ...args, loadBalancingAlgorithmType: "round_robin", slowStart: 60 }),
  },
});
