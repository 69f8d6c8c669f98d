import { environment } from "gantry";
import { resources } from "./resources";

export = environment({
  resources,
  // Requests of very different lengths go to the task that has the fewest: config has no key for it.
  transform: {
    targetGroup: (args) => ({ ...args, loadBalancingAlgorithmType: "least_outstanding_requests" }),
  },
});
