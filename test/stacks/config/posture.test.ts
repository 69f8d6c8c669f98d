import assert from "node:assert/strict";
import { parse as parseText } from "yaml";
import { configWarnings } from "../../../stacks/config";
import { rules } from "../../../stacks/config/posture";
import { now, options, safe, web } from "./dangers/configs";
import { never } from "./dangers/never";
import { refusedContents } from "./dangers/refusedContents";
import { refusedHosting } from "./dangers/refusedHosting";
import { told } from "./dangers/told";
import { faultsOf, parseStrictly, type Options, type Values } from "./support";

const refused = [...refusedHosting, ...refusedContents];

function warningsOf(values: Values, given: Options = options) {
  return configWarnings(parseStrictly(values, given), given.now ?? now);
}

/** What a line of YAML says, as the section `posture`. */
function postureOf(line: string): Values {
  return { posture: (parseText(line) as Values)["gantry:posture"] };
}

describe("what is dangerous in config", () => {
  for (const [title, unsafe, key, rule, twin] of refused) {
    it(`is refused in production, and taken once it is said: ${title}`, () => {
      const [fault, ...others] = faultsOf(unsafe, options);
      assert.deepEqual(others, []);
      assert.equal(fault.path, `gantry:${key}`);
      assert.ok(fault.allowed.includes(`(rule ${rule})`), fault.allowed);
      const line = /say why: (.*)$/.exec(fault.fix)?.[1] ?? "";
      const said = { ...unsafe, ...postureOf(line.replace('"why"', '"nobody knows yet"')) };
      const [warning, ...more] = warningsOf(said);
      assert.deepEqual(more, []);
      assert.equal(warning.path, `gantry:${key}`);
      assert.match(warning.risk, /Accepted: nobody knows yet/);
      assert.deepEqual(warningsOf(twin), []);
    });
  }

  for (const [title, unsafe, key, rule, twin] of told) {
    it(`is told in production: ${title}`, () => {
      const [warning, ...others] = warningsOf(unsafe);
      assert.deepEqual(others, []);
      assert.equal(warning.path, `gantry:${key}`);
      assert.ok(warning.risk.includes(`(rule ${rule})`), warning.risk);
      assert.deepEqual(warningsOf(twin), []);
    });
  }

  for (const [title, unsafe, key, twin] of never) {
    it(`is refused in every stack: ${title}`, () => {
      for (const stack of ["production", "staging"]) {
        const [fault, ...others] = faultsOf(unsafe, { ...options, stack });
        assert.deepEqual(others, []);
        assert.equal(fault.path, `gantry:${key}`);
        assert.doesNotMatch(fault.fix, /posture/);
        assert.ok(parseStrictly(twin, { ...options, stack }));
      }
    });
  }

  it("is each rule's, with a row that shows it", () => {
    const shown = new Set([...refused, ...told].map(([, , , rule]) => rule));
    const others = rules.filter(({ id }) => !shown.has(id)).map(({ id }) => id);
    assert.deepEqual(others, ["accepted-for-years"]);
    assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
  });

  it("is what a rule says of production: refused or told", () => {
    for (const [rows, verdict] of [
      [refused, "refused"],
      [told, "told"],
    ] as const) {
      for (const [title, , , id] of rows) {
        assert.equal(rules.find((rule) => rule.id === id)?.production, verdict, title);
      }
    }
  });
});

describe("gantry:posture", () => {
  const root = web({ user: "root" });
  const saying = (relaxed: unknown, values: Values = root): Values => ({
    ...values,
    posture: { relaxed },
  });
  const faultOf = (values: Values, given: Options = options) => {
    const [fault, ...others] = faultsOf(values, given);
    assert.deepEqual(others, []);
    return fault;
  };

  it("is told with each preview, with the reason and its last day", () => {
    const until = "2027-01-31";
    const said = saying({ "services.web.user": { reason: "the vendor's image", until } });
    assert.deepEqual(warningsOf(said), [
      {
        path: "gantry:services.web.user",
        risk:
          "root, or 0: whoever takes the process over owns the container. " +
          "Accepted until 2027-01-31: the vendor's image (rule root)",
      },
    ]);
  });

  it("says one danger, and none beside it", () => {
    const both = web({ user: "root", exec: true });
    const { path } = faultOf(saying({ "services.web.user": "the vendor's image" }, both));
    assert.equal(path, "gantry:services.web.exec");
  });

  it("gives a reason for what is only told", () => {
    const values = web({ readonlyRootFilesystem: false });
    const said = saying({ "services.web.readonlyRootFilesystem": "it writes plugins" }, values);
    const [{ risk }] = warningsOf(said);
    assert.match(risk, /Accepted: it writes plugins/);
  });

  it("fails on the day after the last one, and not where the day does not count", () => {
    const said = saying({ "services.web.user": { reason: "a vendor", until: "2026-11-27" } });
    const { path, fix } = faultOf(said);
    assert.equal(path, 'gantry:posture.relaxed["services.web.user"].until');
    assert.match(fix, /such as node; where it must be so for longer, set a later day$/);
    const undated = { ...options, now: undefined };
    assert.match(warningsOf(said, undated)[0].risk, /until 2026-11-27, which is over: a vendor/);
    const today = saying({ "services.web.user": { reason: "a vendor", until: "2026-11-28" } });
    assert.equal(warningsOf(today).length, 1);
  });

  it("fails where nothing is dangerous, or not any more", () => {
    const { path, given, fix } = faultOf(saying({ "services.web.user": "a vendor" }, safe()));
    assert.equal(path, 'gantry:posture.relaxed["services.web.user"]');
    assert.deepEqual([given, fix], ["a reason, where nothing is dangerous", "remove it"]);
  });

  it("says of which kinds of services it is a danger", () => {
    const { allowed } = faultOf(safe(web({ scaling: { min: 1 } })));
    assert.match(allowed, /^in production, not 1 \(web and private, unless they are recreate\): /);
  });

  it("is not taken for another danger that shares the beginning of its key", () => {
    const unverified = { services: { web: {} }, pipeline: { promoteFrom: { stack: "dev" } } };
    const { fix } = faultOf(saying({ "services.web.exec": "a vendor" }, safe(unverified)));
    assert.equal(fix, "remove it");
  });

  it("fails in staging for what is dangerous in production alone", () => {
    const staging = { ...options, stack: "staging" };
    const said = (key: string) => saying({ [key]: "a vendor" }, web({ user: "root", exec: true }));
    assert.match(faultOf(said("services.web.exec"), staging).allowed, /which is of kind staging/);
    assert.equal(warningsOf(said("services.web.user"), staging).length, 1);
  });

  it("fails for a key that is misspelt, and says which was meant", () => {
    for (const key of ["services.web.usr", "gantry:services.web.user"]) {
      const [unsaid, misspelt, ...others] = faultsOf(saying({ [key]: "a vendor" }), options);
      assert.deepEqual(others, []);
      assert.equal(unsaid.path, "gantry:services.web.user");
      assert.equal(misspelt.fix, "did you mean services.web.user?");
    }
  });

  it("fails without a reason, and with a secret in it, which is not repeated", () => {
    for (const reason of ["", " ", { reason: "" }, {}, { until: "2027-01-31" }, null]) {
      assert.match(faultOf(saying({ "services.web.user": reason })).path, /posture\.relaxed/);
    }
    const token = `ghp_${"a1B2".repeat(9)}`;
    const fault = faultOf(saying({ "services.web.user": `see ${token}` }));
    assert.doesNotMatch(JSON.stringify(fault), /ghp_/);
  });

  it("is no way out of what has a safe value always", () => {
    const allow = [{ id: "CVE-2026-1", until: "2099-12-31", reason: "no fix yet" }];
    const values = safe({ pipeline: { scan: { allow } } });
    const { path, fix } = faultOf(values);
    assert.equal(path, "gantry:pipeline.scan.allow[0].until");
    assert.equal(fix, "set until to a day within a year, and a later one then");
    const keys = faultsOf(saying({ "pipeline.scan.allow[0].until": "no fix" }, values), options);
    assert.equal(keys.length, 2);
    const year = [{ ...allow[0], until: "2027-11-28" }];
    assert.ok(parseStrictly(safe({ pipeline: { scan: { allow: year } } }), options));
  });

  it("is not asked for where the kind of the stack is not known, or a value is faulty itself", () => {
    assert.equal(faultOf(root, { ...options, stack: "prod" }).path, "gantry:kind");
    const faulty = { ...safe(), loadBalancer: { certificateArn: "arn:none" } };
    assert.equal(faultOf(faulty).path, "gantry:loadBalancer.certificateArn");
    const said = saying({ "services.web.user": "a vendor" }, web({ user: " " }));
    assert.equal(faultOf(said).path, "gantry:services.web.user");
  });
});
