import assert from "node:assert/strict";
import fc from "fast-check";
import {
  contains,
  formatCidr,
  largestVpcPrefix,
  maximumZones,
  overlaps,
  parseCidr,
  smallestVpcPrefix,
  zoneBlocks,
} from "../../../components/network/cidr";

const vpcCidr = fc
  .tuple(
    fc.integer({ min: largestVpcPrefix, max: smallestVpcPrefix }),
    fc.integer({ min: 0, max: 0xffffffff }),
  )
  .map(([prefix, address]) => {
    const size = 2 ** (32 - prefix);
    return formatCidr({ base: address - (address % size), prefix });
  });
const zone = fc.integer({ min: 0, max: maximumZones - 1 });

function blocksOf(vpc: string, zones: number): string[] {
  return Array.from({ length: zones }, (_, index) => zoneBlocks(vpc, index)).flatMap((blocks) => [
    blocks.private,
    blocks.public,
  ]);
}

describe("CIDR slots", () => {
  it("gives each zone of a /16 a private /20 and a public /22", () => {
    assert.deepEqual(
      [0, 1, 2].map((index) => zoneBlocks("10.10.0.0/16", index)),
      [
        { private: "10.10.0.0/20", public: "10.10.16.0/22" },
        { private: "10.10.32.0/20", public: "10.10.48.0/22" },
        { private: "10.10.64.0/20", public: "10.10.80.0/22" },
      ],
    );
  });

  it("gives each zone of the smallest VPC a /25 and a /27", () => {
    assert.deepEqual(zoneBlocks("10.0.0.0/21", 5), {
      private: "10.0.5.0/25",
      public: "10.0.5.128/27",
    });
  });

  it("keeps the blocks of every zone when zones are added or removed", () => {
    fc.assert(
      fc.property(vpcCidr, fc.integer({ min: 1, max: 5 }), (vpc, zones) => {
        const fewer = blocksOf(vpc, zones);
        assert.deepEqual(blocksOf(vpc, zones + 1).slice(0, fewer.length), fewer);
      }),
    );
  });

  it("overlaps nowhere", () => {
    fc.assert(
      fc.property(vpcCidr, (vpc) => {
        const blocks = blocksOf(vpc, maximumZones).map(parseCidr);
        blocks.forEach((a, i) =>
          blocks.slice(i + 1).forEach((b) => assert.equal(overlaps(a, b), false)),
        );
      }),
    );
  });

  it("stays inside the VPC", () => {
    fc.assert(
      fc.property(vpcCidr, zone, (vpc, index) => {
        const blocks = zoneBlocks(vpc, index);
        for (const block of [blocks.private, blocks.public]) {
          assert.ok(contains(parseCidr(vpc), parseCidr(block)));
        }
      }),
    );
  });

  it("leaves room for a load balancer in every public block", () => {
    fc.assert(
      fc.property(vpcCidr, zone, (vpc, index) => {
        assert.ok(parseCidr(zoneBlocks(vpc, index).public).prefix <= 27);
      }),
    );
  });

  describe("failures", () => {
    for (const index of [-1, 6, 1.5]) {
      it(`fails when the zone is ${index}`, () => {
        assert.throws(() => zoneBlocks("10.0.0.0/16", index), /out of range; allowed: 0 to 5/);
      });
    }
    for (const vpc of ["10.0.0.0/15", "10.0.0.0/22"]) {
      it(`fails when the VPC is ${vpc}`, () => {
        assert.throws(() => zoneBlocks(vpc, 0), /out of range; allowed: \/16 to \/21/);
      });
    }
  });
});

describe("parseCidr", () => {
  it("reads what formatCidr writes", () => {
    fc.assert(fc.property(vpcCidr, (text) => assert.equal(formatCidr(parseCidr(text)), text)));
  });

  for (const text of [
    "",
    "10.0.0.0",
    "10.0.0.0/33",
    "10.0.0.256/24",
    "10.0.0/24",
    "a/16",
    "::/0",
  ]) {
    it(`fails when it is given "${text}"`, () => {
      assert.throws(() => parseCidr(text), /is not a CIDR; write it as 10\.10\.0\.0\/16/);
    });
  }

  it("fails when it is given an address inside a network, and names the network", () => {
    assert.throws(() => parseCidr("10.10.3.7/16"), /the network is 10\.10\.0\.0\/16/);
  });
});

describe("overlaps and contains", () => {
  const table: [string, string, boolean, boolean][] = [
    ["10.0.0.0/16", "10.0.0.0/16", true, true],
    ["10.0.0.0/16", "10.0.128.0/17", true, true],
    ["10.0.128.0/17", "10.0.0.0/16", true, false],
    ["10.0.0.0/16", "10.1.0.0/16", false, false],
    ["0.0.0.0/0", "255.255.255.255/32", true, true],
  ];
  for (const [a, b, overlapping, containing] of table) {
    it(`${a} and ${b}`, () => {
      assert.equal(overlaps(parseCidr(a), parseCidr(b)), overlapping);
      assert.equal(contains(parseCidr(a), parseCidr(b)), containing);
    });
  }
});
