import assert from "node:assert/strict";
import { join } from "node:path";
import { importCompose } from "../../importers/compose/import";
import { importCopilot } from "../../importers/copilot/import";
import type { Imported } from "../../importers/imported";
import { became, checked, inFolder } from "./support";

interface Service {
  readonly volumes?: unknown;
  readonly writablePaths?: unknown;
}

function serviceOf({ drafts }: Imported, service: string): Service | undefined {
  return (drafts[0].values().services as Record<string, Service | undefined>)[service];
}

const volumesOf = (from: Imported, service: string) => serviceOf(from, service)?.volumes;

const copilot = `name: mail
type: Worker Service
image: { build: mail/Dockerfile }
storage:
  volumes:
    Uploads: { path: /srv/uploads, read_only: false, efs: { uid: 33, gid: 34 } }
    own: { path: /own, efs: true }
    old:
      path: /old
      efs: { id: fs-0a1b2c3d, root_dir: /files }
    access:
      path: /access
      efs: { id: fs-0a1b2c3d, auth: { iam: true, access_point_id: fsap-0a1b2c3d } }
    scratch: { path: /tmp, efs: false }
    other: { path: /var/run/app }
`;

const compose = `services:
  web:
    build: .
    ports: ["80:80"]
    tmpfs: ["/run", "/tmp:size=100m,mode=1777"]
    volumes:
      - "Uploads:/srv/uploads"
      - "./config:/config"
      - { type: volume, source: cache, target: /cache, read_only: true }
      - /anonymous
  mail: { image: "acme/mail:1.2", volumes: ["Uploads:/mails:ro"] }
volumes:
  Uploads:
  cache: { driver: local, driver_opts: { type: nfs } }
`;

describe("volumes that are imported", () => {
  it("are mounted by the sidecars that mounted them", () => {
    const text = `name: web
type: Backend Service
image: { location: "acme/web:1.4.2" }
storage:
  volumes:
    uploads: { path: /srv/uploads, read_only: false, efs: true }
    assets: { path: /srv/assets }
sidecars:
  nginx:
    image: "nginx:1.29"
    mount_points:
      - { source_volume: uploads, path: /www }
      - { source_volume: cache, path: /cache }
      - { source_volume: assets, path: /assets }
  init:
    image: "acme/assets:1.0"
    essential: false
    mount_points: [{ source_volume: assets, path: /out, read_only: false }]
`;
    const from = inFolder({ "copilot/web/manifest.yml": text }, (folder) =>
      checked(importCopilot(folder)),
    );
    const { web } = from.drafts[0].values().services as Record<string, Record<string, object>>;
    const { nginx, init } = web.sidecars as unknown as Record<string, Record<string, unknown>>;
    assert.deepEqual(nginx.volumes, {
      "web-uploads": { mountPath: "/www", readOnly: true },
      "web-assets": { mountPath: "/assets", readOnly: true },
    });
    assert.deepEqual(init.volumes, { "web-assets": { mountPath: "/out" } });
    assert.deepEqual((web.volumes as Record<string, unknown>)["web-assets"], {
      ...{ ephemeral: true, mountPath: "/srv/assets", readOnly: true },
    });
    assert.match(became(from, "sidecars.nginx.mount_points[1].path").join(), /lost$/);
  });

  const ofManifest = (volumes: string, more = "") => {
    const text = `name: web\ntype: Worker Service\nimage: { build: web/Dockerfile }\nstorage: { volumes: { ${volumes} } }\n${more}`;
    return inFolder({ "copilot/web/manifest.yml": text }, (folder) =>
      checked(importCopilot(folder)),
    );
  };

  it("are two where their names differ in what config's do not have, or behind its longest", () => {
    const long = "a-very-long-name-that-goes-on-and-on";
    const from = ofManifest(
      `Pages: { path: /P }, pages: { path: /p }, ${long}-1: { path: /l1 }, ${long}-2: { path: /l2 }`,
    );
    const paths = Object.entries(volumesOf(from, "web") as Record<string, { mountPath: string }>);
    assert.deepEqual(
      paths.map(([name, { mountPath }]) => [name, mountPath]),
      [
        ["web-pages", "/P"],
        ["web-pages-2", "/p"],
        ["web-a-very-long-name-that-goes-o", "/l1"],
        ["web-a-very-long-name-that-goes-2", "/l2"],
      ],
    );
  });

  it("are two of services whose names and volumes' make the same", () => {
    const manifest = (name: string, volume: string) =>
      `name: ${name}\ntype: Worker Service\nimage: { build: a/Dockerfile }\nstorage: { volumes: { ${volume}: { path: /v, efs: true } } }\n`;
    const files = {
      "copilot/web/manifest.yml": manifest("web", "a-b"),
      "copilot/web-a/manifest.yml": manifest("web-a", "b"),
    };
    const from = inFolder(files, (folder) => checked(importCopilot(folder)));
    const names = ["web", "web-a"].flatMap((name) => Object.keys(volumesOf(from, name) ?? {}));
    assert.deepEqual(names.sort(), ["web-a-b", "web-a-b-2"]);
  });

  it("are mounted where they were with a slash behind it", () => {
    const from = ofManifest("slash: { path: /sl/, read_only: false }");
    assert.deepEqual(volumesOf(from, "web"), {
      "web-slash": { ephemeral: true, mountPath: "/sl" },
    });
  });

  it("are lost alone where a task cannot have their folder", () => {
    const sidecar =
      'sidecars: { nginx: { image: "nginx:1.29", mount_points: [{ source_volume: root, path: /r }] } }\n';
    const from = ofManifest("root: { path: /, efs: true }, own: { path: /own }", sidecar);
    assert.deepEqual(Object.keys(volumesOf(from, "web") ?? {}), ["web-own"]);
    assert.deepEqual(became(from, "storage.volumes.root.path"), ["4: lost"]);
    assert.match(became(from, "sidecars.nginx.mount_points[0].path").join(), /lost$/);
  });

  describe("from Copilot", () => {
    let from: Imported;

    before(() => {
      const files = {
        "copilot/.workspace": "application: shop\n",
        "copilot/mail/manifest.yml": copilot,
        "copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n",
      };
      from = inFolder(files, (folder) => checked(importCopilot(folder, {})));
    });

    it("are each service's own, and read-only unless they say otherwise", () => {
      const fileSystem = "fs-0a1b2c3d";
      assert.deepEqual(volumesOf(from, "mail"), {
        "mail-uploads": { mountPath: "/srv/uploads", readOnly: false, uid: 33, gid: 34 },
        "mail-own": { mountPath: "/own", readOnly: true },
        "mail-old": { mountPath: "/old", readOnly: true, fileSystem, path: "/files" },
        "mail-access": {
          ...{ mountPath: "/access", readOnly: true, fileSystem },
          accessPoint: "fsap-0a1b2c3d",
        },
        "mail-scratch": { ephemeral: true, mountPath: "/tmp" },
        "mail-other": { ephemeral: true, mountPath: "/var/run/app" },
      });
    });

    it("say what is another thing", () => {
      assert.deepEqual(became(from, "storage.volumes.own.efs"), ["7: other way"]);
      assert.deepEqual(became(from, "storage.volumes.old.efs.root_dir"), ["10: other way"]);
      assert.deepEqual(became(from, "storage.volumes.access.efs.auth.iam"), ["13: other way"]);
      assert.deepEqual(became(from, "storage.volumes.scratch.path"), ["14: same"]);
      assert.deepEqual(became(from, "storage.volumes.scratch.efs"), ["14: other way"]);
    });
  });

  describe("from Docker Compose", () => {
    let from: Imported;

    before(() => {
      from = inFolder({ "compose.yaml": compose }, (folder) =>
        checked(importCompose(join(folder, "compose.yaml"))),
      );
    });

    it("are shared by their names", () => {
      assert.deepEqual(volumesOf(from, "web"), {
        uploads: { mountPath: "/srv/uploads" },
        cache: { mountPath: "/cache", readOnly: true },
      });
      assert.deepEqual(volumesOf(from, "mail"), {
        uploads: { mountPath: "/mails", readOnly: true },
      });
    });

    it("are two where their names differ in what config's do not have", () => {
      const text = `services:
  web: { build: ., volumes: ["my_data:/srv/"] }
  mail: { build: ., volumes: ["my-data:/srv"] }
`;
      const two = inFolder({ "compose.yaml": text }, (folder) =>
        checked(importCompose(join(folder, "compose.yaml"))),
      );
      assert.deepEqual(volumesOf(two, "web"), { "my-data": { mountPath: "/srv" } });
      assert.deepEqual(volumesOf(two, "mail"), { "my-data-2": { mountPath: "/srv" } });
    });

    it("are in memory where they have no name", () => {
      const tmp = { path: "/tmp", sizeMiB: 100 };
      assert.deepEqual(serviceOf(from, "web")?.writablePaths, ["/run", tmp, "/anonymous"]);
    });

    it("lose folders of the machine", () => {
      assert.deepEqual(became(from, "services.web.volumes[0]"), ["7: other way"]);
      assert.deepEqual(became(from, "services.web.volumes[1]"), ["8: lost"]);
      assert.deepEqual(became(from, "services.web.volumes[3]"), ["10: other way"]);
      assert.deepEqual(became(from, "volumes.cache.driver"), ["14: other way"]);
      assert.deepEqual(became(from, "volumes.cache.driver_opts.type"), ["14: lost"]);
    });
  });
});
