import assert from "node:assert/strict";
import { environment } from "../support";
import { faultsOf, parse, services, web, type Values } from "./support";

/** What config has of a name, by where it is. */
const named: Readonly<Record<string, (name: string) => Values>> = {
  "gantry:services": (name) => ({ services: { ...services, [name]: { kind: "worker" } } }),
  "gantry:buckets": (name) => ({ services, buckets: { [name]: {} } }),
  "gantry:caches": (name) => ({
    services,
    caches: { [name]: { engine: "valkey", version: "8.0" } },
  }),
  "gantry:databases": (name) => ({ services, databases: { [name]: { engine: "mysql" } } }),
  "gantry:services.web.sidecars": (name) => web({ sidecars: { [name]: { image: "nginx:1.29" } } }),
  "gantry:services.web.volumes": (name) => web({ volumes: { [name]: { mountPath: "/data" } } }),
  "gantry:services.web.subscribes": (name) => web({ subscribes: { [name]: {} } }),
};

const texts: Readonly<Record<string, (name: string) => Values>> = {
  "gantry:tags": (name) => ({ services, tags: { [name]: "1" } }),
  "gantry:services.web.environment": (name) => web({ environment: { [name]: "1" } }),
  "gantry:services.web.secrets": (name) => web({ secrets: { [name]: "shop/one" } }),
  "gantry:services.web.build.args": (name) => web({ build: { args: { [name]: "1" } } }),
};

describe("names that JavaScript keeps for itself", () => {
  for (const [place, values] of Object.entries(named)) {
    for (const name of ["__proto__", "constructor"]) {
      it(`are refused below ${place}: ${name}`, () => {
        const found = faultsOf(values(name)).map(({ path, given }) => [path, given]);
        const given = `${name}, a name that JavaScript keeps for itself`;
        assert.deepEqual(found, [[`${place}.${name}`, given]]);
      });
    }
  }

  for (const [place, values] of Object.entries(texts)) {
    it(`are texts' below ${place}, but for what would be dropped`, () => {
      assert.deepEqual(
        faultsOf(values("__proto__")).map(({ path }) => path),
        [`${place}.__proto__`],
      );
      const keys = place.replace("gantry:", "").split(".");
      for (const name of ["constructor", "toString", "hasOwnProperty"]) {
        const found = keys.reduce<unknown>(
          (value, key) => (value as Record<string, unknown>)[key],
          parse(values(name)),
        );
        assert.ok(Object.hasOwn(found as object, name), name);
      }
    });
  }

  it("are refused as keys of the namespace", () => {
    const [{ path }] = faultsOf({ services, ["__proto__"]: {} });
    assert.equal(path, "gantry:__proto__");
  });

  it("may be the name of a topic and a tag", async () => {
    const made = async (name: string) => {
      const { resources } = await environment({
        services: { web: { publishes: [name] }, jobs: { kind: "worker", subscribes: {} } },
        tags: { [name]: "1" },
      });
      return JSON.stringify(resources.map(({ type, name, inputs }) => [type, name, inputs]));
    };
    const other = await made("constructos");
    const renamed = other.replaceAll("constructos", "constructor");
    assert.equal(await made("constructor"), renamed.replaceAll("CONSTRUCTOS", "CONSTRUCTOR"));
  });
});
