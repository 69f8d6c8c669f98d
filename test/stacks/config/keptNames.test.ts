import assert from "node:assert/strict";
import { environment } from "../support";
import { faultsOf, parse, services, web, type Values } from "./support";

/** What config has of a name, by where it is. */
const named: Readonly<Record<string, (name: string) => Values>> = {
  "gantry:services": (name) => ({ services: { ...services, [name]: { kind: "worker" } } }),
  "gantry:buckets": (name) => ({ services, buckets: { [name]: {} } }),
  "gantry:caches": (name) => ({ services, caches: { [name]: { engine: "valkey" } } }),
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

describe("the name that JavaScript keeps for itself", () => {
  for (const [place, values] of Object.entries({ ...named, ...texts })) {
    it(`is refused below ${place}`, () => {
      const found = faultsOf(values("__proto__")).map(({ path, given }) => [path, given]);
      const given = "__proto__, a name that JavaScript keeps for itself";
      assert.deepEqual(found, [[`${place}.__proto__`, given]]);
    });
  }

  it("is refused as a key of the namespace", () => {
    const [{ path }] = faultsOf({ services, ["__proto__"]: {} });
    assert.equal(path, "gantry:__proto__");
  });
});

describe("names that every object of JavaScript has", () => {
  for (const [place, values] of Object.entries(texts)) {
    it(`are as others below ${place}`, () => {
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

  const user = (name: string) => ({
    volumes: { [name]: { mountPath: "/data" } },
    sidecars: { [name]: { image: "nginx:1.29", volumes: { [name]: { mountPath: "/data" } } } },
    secrets: { [name]: "shop/one" },
    environment: { [`${name}_`]: "1" },
  });
  const everything: Readonly<Record<string, (name: string) => Values>> = {
    "a service, which another one calls": (name) => ({
      services: { [name]: { kind: "private", port: 80 }, web: { calls: [name] } },
    }),
    "a job, which runs another one's image": (name) => ({
      services: { web: {}, [name]: { kind: "job", imageOf: "web" } },
    }),
    "what a service uses": (name) => ({
      buckets: { [name]: {} },
      services: { web: { uses: [name] } },
    }),
    "a cache": (name) => ({
      caches: { [name]: { engine: "valkey", version: "8.0", serverless: {} } },
      services: { web: { uses: [name] } },
    }),
    "a database": (name) => ({
      databases: { [name]: { engine: "postgres", version: "16.4", instance: "db.t4g.micro" } },
      services: { web: { uses: [name] } },
    }),
    "a topic and its queue": (name) => ({
      services: {
        web: { publishes: [name] },
        jobs: { kind: "worker", subscribes: { [name]: {} } },
      },
    }),
    "a volume, a sidecar and a secret": (name) => ({ services: { web: user(name) } }),
    "a tag": (name) => ({ services: { web: {} }, tags: { [name]: "1" } }),
  };
  for (const [what, values] of Object.entries(everything)) {
    it(`make nothing else than another name: ${what}`, async () => {
      const made = async (name: string) => {
        const { resources } = await environment(values(name));
        const text = JSON.stringify(
          resources.map(({ type, name, inputs }) => [type, name, inputs]),
        );
        // A password is random.
        return text.replace(/constructo[rs]/gi, "name").replace(/"[\w-]{43}"/g, "password");
      };
      const [one, other] = [await made("constructor"), await made("constructos")];
      // Where they differ first, since they are long.
      const at = [...one].findIndex((character, index) => character !== other[index]);
      const around = (text: string) => text.slice(Math.max(0, at - 200), at + 200);
      assert.equal(around(one), around(other));
      assert.equal(one.length, other.length);
    });
  }
});
