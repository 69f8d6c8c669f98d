import assert from "node:assert/strict";
import { parityCheck, parityFindings, partnersOf } from "../../../operations/doctor/checks/parity";
import { aContext, aTarget, diagnose, told } from "./support";

const domain = { name: "shop.example.com", zone: "example.com" };
const production = (services: object) =>
  aTarget({ "gantry:services": services, "gantry:loadBalancer": { domain } }, "production");
const staging = (services: object) => aTarget({ "gantry:services": services });

describe("the check of parity", () => {
  const found = (own: object, theirs: object) =>
    parityFindings(production(own), staging(theirs)).map(
      ({ severity, where }) => `${severity} ${where}`,
    );

  it("finds a service, secrets and variables that are missing, also a sidecar's", () => {
    const secrets = { TOKEN: "shop/token", KEY: "shop/key" };
    const sidecar = { image: "public.ecr.aws/docker/library/nginx:1.29" };
    assert.deepEqual(
      found(
        { web: { secrets: { KEY: "p/key" }, sidecars: { nginx: sidecar } } },
        {
          web: {
            ...{ secrets, environment: { LEVEL: "debug" } },
            sidecars: { nginx: { ...sidecar, secrets: { CERT: "s/cert" } } },
          },
          mailer: { kind: "worker" },
        },
      ),
      [
        "warning services.mailer",
        "warning services.web.secrets.TOKEN",
        "note services.web.environment.LEVEL",
        "warning services.web.sidecars.nginx.secrets.CERT",
      ],
    );
  });

  it("finds another processor, and nothing where both have the same", () => {
    assert.deepEqual(found({ web: { architecture: "ARM64" } }, { web: {} }), [
      "error services.web.architecture",
    ]);
    const same = { web: { secrets: { KEY: "x/key" }, environment: { LEVEL: "info" } } };
    assert.deepEqual(found(same, same), []);
  });

  it("compares with the environment that releases come from or go to", async () => {
    const source = { type: "codecommit", repository: "shop" };
    const first = aTarget({ "gantry:pipeline": { source, promoteTo: { stack: "production" } } });
    const last = production({ web: {} });
    const other = aTarget({ "gantry:kind": "staging" }, "demo");
    assert.deepEqual(partnersOf(last, [first, other]), [first]);
    assert.deepEqual(partnersOf(first, [last, other]), [last]);
    const result = await diagnose(parityCheck, aContext({ target: last, others: [first, other] }));
    assert.deepEqual(
      [result.well, told(result)],
      ["the same services, secrets and variables as staging", []],
    );
  });
});
