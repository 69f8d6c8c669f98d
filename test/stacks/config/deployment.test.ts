import assert from "node:assert/strict";
import { servicesOf, web } from "./support";

describe("how many tasks a service has that must not run twice", () => {
  const of = (scaling: object) => {
    const deployment = { strategy: "recreate" };
    const services = servicesOf(web({ deployment, scaling }), { stack: "production" });
    const { min, max } = services.web.scaling;
    return { min, max };
  };

  it("is one", () => assert.deepEqual(of({}), { min: 1, max: 1 }));

  it("is what somebody says", () => assert.deepEqual(of({ max: 4 }), { min: 1, max: 4 }));
});
