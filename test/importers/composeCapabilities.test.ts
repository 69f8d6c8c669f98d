import assert from "node:assert/strict";
import { join } from "node:path";
import { stringify } from "yaml";
import { importCompose } from "../../importers/compose/import";
import { kernelCapabilities, keptCapabilities } from "../../stacks/config/capabilities";
import { rowsOf } from "../../importers/rows";
import { assertTrue, checked, inFolder } from "./support";

interface Service {
  readonly cap_add?: unknown;
  readonly cap_drop?: unknown;
  readonly ports?: readonly string[];
  readonly expose?: readonly string[];
}

/** What the service's config keeps, and what is said of each field of its capabilities, by path. */
function imported(service: Service) {
  const text = stringify({ services: { web: { build: ".", ports: ["80:8080"], ...service } } });
  return inFolder({ "compose.yaml": text }, (folder) => {
    const from = checked(importCompose(join(folder, "compose.yaml")));
    assertTrue(from);
    const [{ web }] = from.drafts.map(
      (draft) => draft.values().services as Record<string, { capabilities?: string[] }>,
    );
    const said = rowsOf(from)
      .filter(({ node }) => node.path.includes("cap_"))
      .flatMap(({ outcomes }) => outcomes.map(({ outcome }) => outcome));
    return { kept: web.capabilities, said };
  });
}

const without = (...names: string[]) => keptCapabilities.filter((each) => !names.includes(each));

describe("the capabilities of a service in Compose", () => {
  const cases: readonly (readonly [string, Service, readonly string[] | undefined])[] = [
    ["all dropped", { cap_drop: ["ALL"] }, []],
    ["all dropped, some added", { cap_drop: ["all"], cap_add: ["CAP_CHOWN"] }, ["CHOWN"]],
    ["one of the default dropped", { cap_drop: ["CHOWN", "net_raw"] }, without("CHOWN")],
    ["none of the default dropped", { cap_drop: ["NET_RAW", "SYS_ADMIN"] }, undefined],
    ["one of the default added", { cap_add: ["KILL"] }, undefined],
    [
      "one beside the default added",
      { cap_add: ["NET_RAW"] },
      kernelCapabilities.filter((each) => each === "NET_RAW" || without().includes(each)),
    ],
    [
      "all added but one",
      { cap_add: ["ALL"], cap_drop: ["MKNOD"] },
      kernelCapabilities.filter((each) => each !== "MKNOD"),
    ],
    [
      "all dropped on a port of root's",
      { cap_drop: ["ALL"], ports: ["80:80"] },
      ["NET_BIND_SERVICE"],
    ],
    ["nothing at all", { cap_drop: [], cap_add: [] }, undefined],
  ];
  for (const [what, service, kept] of cases) {
    it(`are kept as they were: ${what}`, () => {
      const from = imported(service);
      assert.deepEqual(from.kept, kept);
      for (const { became } of from.said) assert.equal(became, "other way");
    });
  }

  it("says which are kept, and which for the port alone", () => {
    const { said } = imported({ cap_drop: ["ALL"], cap_add: ["CHOWN"], ports: ["80"] });
    const how =
      "capabilities: [CHOWN, NET_BIND_SERVICE], which are kept; NET_BIND_SERVICE for port 80";
    assert.deepEqual(said, [
      { became: "other way", how },
      { became: "other way", how },
    ]);
  });

  it("are lost where no task can have them, and none beside is", () => {
    const { kept, said } = imported({ cap_drop: ["ALL"], cap_add: ["SYS_ADMIN", "SETUID"] });
    assert.deepEqual(kept, ["SETUID"]);
    assert.deepEqual(
      said.map(({ became }) => became),
      ["other way", "lost", "other way"],
    );
  });

  it("are lost where they are none", () => {
    const { kept, said } = imported({ cap_add: [3, "", { a: 1 }] });
    assert.equal(kept, undefined);
    assert.deepEqual([...new Set(said.map(({ became }) => became))], ["lost"]);
  });
});
