import assert from "node:assert/strict";
import fc from "fast-check";
import { imageMakers, imageTakers } from "../../../stacks/config";
import { checkFaults, faultsOf, parse, type Values } from "./support";

const config = (jobs: Values, more: Values = {}): Values => ({
  services: { api: { build: "server" }, jobs: { kind: "worker", ...jobs }, ...more },
});

describe("a service that runs another one's image", () => {
  it("is built of what that is, and for the same architecture", () => {
    const api = {
      build: { context: ".", dockerfile: "server/Dockerfile", target: "run", args: { A: 1 } },
      architecture: "ARM64",
    };
    const { services } = parse({ services: { jobs: { kind: "worker", imageOf: "api" }, api } });
    assert.deepEqual(services.jobs.build, services.api.build);
    assert.equal(services.jobs.architecture, "ARM64");
  });

  it("is built of the folder that the other one has by default", () => {
    const { services } = parse({ services: { web: {}, jobs: { kind: "worker", imageOf: "web" } } });
    assert.equal(services.jobs.build?.context, "app");
  });

  const allowed = "another service that has an image of its own";
  it("names a service, and is told which there are", () => {
    assert.throws(() => parse(config({ imageOf: "ap" })), new RegExp(`${allowed}: api`));
  });

  checkFaults("gantry:services.jobs", config, [
    ["it is unknown", { imageOf: "constructor" }, "imageOf", "name one of them, or say build"],
    ["it is misspelt", { imageOf: "apo" }, "imageOf", "did you mean api?"],
    ["it is itself", { imageOf: "jobs" }, "imageOf", "remove imageOf, and say build"],
    ["it is nothing", { imageOf: "" }, "imageOf", "write the name of another service"],
    [
      "it has a build, too",
      { imageOf: "api", build: "jobs" },
      "imageOf",
      "remove imageOf, or build",
    ],
    [
      "it is of another architecture",
      { imageOf: "api", architecture: "ARM64" },
      "architecture",
      "remove it, or give this service a build of its own",
    ],
  ]);

  const chain = (jobs: Values): Values =>
    config(jobs, { mails: { kind: "worker", imageOf: "api" } });
  checkFaults("gantry:services.jobs", chain, [
    ["that one runs another's as well", { imageOf: "mails" }, "imageOf", "write imageOf: api"],
  ]);

  it("fails when they name each other, each with its fault", () => {
    const mails = { kind: "worker", imageOf: "jobs" };
    assert.throws(
      () => parse(config({ imageOf: "mails" }, { mails })),
      /services\.jobs\.imageOf\n.*mails, which runs the image of jobs[^]*services\.mails\.imageOf\n.*jobs, which runs the image of mails[^]*give one of them a build/,
    );
  });

  it("is not told of a secret in the arguments of the other one", () => {
    const api = { build: { args: { NPM_TOKEN: "tr0ub4dor" } } };
    const jobs = { kind: "worker", imageOf: "api" };
    assert.deepEqual(
      faultsOf({ services: { api, jobs } }).map(({ path }) => path),
      ["gantry:services.api.build.args.NPM_TOKEN"],
    );
  });
});

describe("equal builds", () => {
  const services = fc
    .uniqueArray(fc.constantFrom("a", "b", "c", "d", "constructor"), { minLength: 1 })
    .chain((names) =>
      fc.tuple(
        ...names.map((name) =>
          fc.tuple(
            fc.constant(name),
            fc.record({
              kind: fc.constant("worker"),
              architecture: fc.constantFrom("X86_64", "ARM64"),
              build: fc.record(
                {
                  context: fc.constantFrom(".", "app", "./app/"),
                  dockerfile: fc.constantFrom("Dockerfile", "./Dockerfile"),
                  target: fc.constantFrom("run", "test"),
                  args: fc.dictionary(fc.constantFrom("A", "B"), fc.constantFrom("1", "2")),
                },
                { requiredKeys: ["context"] },
              ),
            }),
          ),
        ),
      ),
    );

  it("have the same maker in whatever order they stand, which is the one that others name", () => {
    const board = { kind: "worker", imageOf: "inbox" };
    const inbox = { build: "app" };
    for (const services of [
      { inbox, board },
      { board, inbox },
    ]) {
      assert.equal(imageMakers(parse({ services }).services).get("board"), "inbox");
    }
  });

  it("have one maker, which is the first of them by name, and every service is made by one", () => {
    fc.assert(
      fc.property(services, (given) => {
        const parsed = parse({ services: Object.fromEntries(given) }).services;
        const names = Object.keys(parsed).sort();
        const makers = imageMakers(parsed);
        const made = names.flatMap((name) => imageTakers(parsed, name));
        assert.deepEqual([...made].sort(), [...names].sort());
        for (const [index, name] of names.entries()) {
          const maker = names.find((other) => isEqual(parsed[other], parsed[name]));
          assert.equal(makers.get(name), maker);
          assert.ok(names.indexOf(maker ?? "") <= index);
        }
      }),
      { numRuns: 200 },
    );
  });

  function isEqual(one: object, other: object): boolean {
    const keys = ["architecture", "build"] as const;
    return keys.every((key) => {
      try {
        assert.deepEqual(Reflect.get(one, key), Reflect.get(other, key));
        return true;
      } catch {
        return false;
      }
    });
  }
});
