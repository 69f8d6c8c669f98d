import { startDeliveryBench, type DeliveryBench } from "./support";

/**
 * Has a suite run on a bench of its own, empty before each test and stopped after the last.
 * @param started is given the bench, before anything else of the suite.
 */
export function useBench(started: (bench: DeliveryBench) => void): void {
  let bench: DeliveryBench | undefined;
  before(async () => started((bench = await startDeliveryBench())));
  beforeEach(() => bench?.emulator.reset());
  after(() => bench?.stop());
}
