import assert from "node:assert/strict";
import * as fc from "fast-check";
import { DeliveryError } from "../../delivery/errors";
import {
  haveSameImages,
  parseBasis,
  refuseImpostor,
  refuseStalePlan,
  refuseSuperseded,
  type PlanBasis,
} from "../../delivery/guards";
import type { Release } from "../../contract/manifest";
import { releaseNumber } from "./support/fakePorts";

const [one, two, three] = [1, 2, 3].map((n) => releaseNumber(n));
const promoted = ({ id, createdAt }: Release) => ({ id, createdAt });

function refusalOf(refuse: () => void): DeliveryError {
  try {
    refuse();
  } catch (error) {
    assert.ok(error instanceof DeliveryError, String(error));
    assert.match(error.message, /[Nn]othing was changed/);
    return error;
  }
  throw new assert.AssertionError({ message: "it was let through" });
}

describe("the guard against superseded releases", () => {
  it("lets the newest through: after an older one, after none, and the one that runs again", () => {
    refuseSuperseded("staging", two, one);
    refuseSuperseded("staging", two, undefined);
    refuseSuperseded("staging", two, two);
    refuseSuperseded("production", two, one, promoted(two));
    refuseSuperseded("production", two, one, promoted(one));
  });

  it("refuses one that is older than what runs (row 22), and says how to go back on purpose", () => {
    const { message } = refusalOf(() => refuseSuperseded("staging", one, two));
    assert.match(message, new RegExp(`${one.id} of ${one.createdAt} is superseded`));
    assert.match(message, new RegExp(`staging runs ${two.id} of ${two.createdAt}`));
    assert.match(message, new RegExp(`gantry rollback --stack staging --to ${one.id}`));
  });

  it("refuses one that a newer has followed into production (row 16), and names that", () => {
    const { message } = refusalOf(() => refuseSuperseded("production", two, one, promoted(three)));
    assert.match(
      message,
      new RegExp(`${two.id} .* is superseded: ${three.id} of ${three.createdAt}`),
    );
    assert.match(message, /Approve that one instead/);
    assert.match(message, new RegExp(`gantry deploy --stack production ${three.id}$`));
  });

  it("lets exactly the newest of any releases end on top, in whatever order they come", () => {
    const orders = fc.shuffledSubarray([1, 2, 3, 4, 5, 6], { minLength: 6 });
    fc.assert(
      fc.property(orders, (order) => {
        let running: Release | undefined;
        for (const release of order.map((n) => releaseNumber(n))) {
          try {
            refuseSuperseded("staging", release, running);
            running = release;
          } catch (error) {
            assert.ok(error instanceof DeliveryError);
          }
        }
        assert.equal(running?.id, releaseNumber(6).id);
      }),
    );
  });
});

describe("the guard against stale plans (row 20)", () => {
  const basis: PlanBasis = { release: two.id, running: one.id, deployment: 4, stateVersion: "a" };

  it("lets a plan through whose ground has not moved", () => {
    refuseStalePlan(basis, { ...basis });
    refuseStalePlan({ ...basis, running: null }, { ...basis, running: null });
  });

  const table: readonly (readonly [string, Partial<PlanBasis>, RegExp])[] = [
    ["another release", { release: three.id }, new RegExp(`for release ${two.id}, and not for`)],
    [
      "another running release",
      { running: three.id },
      new RegExp(`${one.id} ran then, ${three.id}`),
    ],
    [
      "a running release that is gone",
      { running: null },
      new RegExp(`${one.id} ran then, none does`),
    ],
    ["a later deployment", { deployment: 5 }, /newest deployment was 4 then, and is 5 now/],
    ["another state of Pulumi", { stateVersion: "b" }, /somebody has run pulumi up or refresh/],
  ];
  for (const [what, now, expected] of table) {
    it(`refuses a plan after ${what}, and says how to plan again`, () => {
      const { message, details } = refusalOf(() => refuseStalePlan(basis, { ...basis, ...now }));
      assert.match([message, ...details].join("\n"), expected);
      assert.match(
        message,
        new RegExp(`begin anew \\(gantry deploy ${now.release ?? basis.release}\\)`),
      );
    });
  }

  it("blames nobody for a state that moved with a deployment", () => {
    const { details } = refusalOf(() =>
      refuseStalePlan(basis, { ...basis, deployment: 5, stateVersion: "b" }),
    );
    assert.equal(details.length, 1);
  });

  it("reads back what was written", () => {
    assert.deepEqual(parseBasis(JSON.stringify(basis), "basis.json"), basis);
  });

  for (const [what, text, fault] of [
    ["no JSON", "{", /it: /],
    ["without a key", JSON.stringify({ ...basis, deployment: undefined }), /deployment: /],
    ["with an unknown key", JSON.stringify({ ...basis, more: 1 }), /more/],
    ["with a negative deployment", JSON.stringify({ ...basis, deployment: -1 }), /deployment: /],
  ] as const) {
    it(`refuses a basis ${what}`, () => {
      const { message, details } = refusalOf(() => parseBasis(text, "plan/basis.json"));
      assert.match(message, /^plan\/basis.json is malformed/);
      assert.match(details.join("\n"), fault);
    });
  }
});

describe("the guard against impostors", () => {
  const other: Release = { ...two, id: one.id, commit: one.commit };

  it("refuses a release of a known id with other images", () => {
    assert.match(
      refusalOf(() => refuseImpostor(other, one)).message,
      /other images than the release/,
    );
  });

  it("lets through the same release, and another one", () => {
    refuseImpostor(one, { ...one, createdAt: two.createdAt });
    refuseImpostor(two, one);
    refuseImpostor(one, undefined);
  });

  it("compares digests, service by service", () => {
    const both = releaseNumber(1, ["web", "jobs"]);
    assert.equal(haveSameImages(one, { ...two, images: one.images }), true);
    assert.equal(haveSameImages(one, both), false);
    assert.equal(haveSameImages(both, one), false);
    assert.equal(haveSameImages(releaseNumber(1, ["web"]), releaseNumber(1, ["jobs"])), false);
    assert.equal(haveSameImages(releaseNumber(1, ["constructor"]), { ...one, images: {} }), false);
  });
});
