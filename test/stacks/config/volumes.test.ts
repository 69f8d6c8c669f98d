import assert from "node:assert/strict";
import { volumesOf } from "../../../stacks/config/volumes";
import { checkFaults, parse, web, type Values } from "./support";

const uploads = { mountPath: "/srv/uploads" };
const one = (volume: object, name = "uploads"): Values => ({ volumes: { [name]: volume } });

describe("volumes of services", () => {
  checkFaults("gantry:services.web", web, [
    [
      "a folder is missing",
      one({}),
      "volumes.uploads.mountPath",
      "add mountPath: an absolute folder such as /srv/uploads, not / nor in /proc, /sys or /dev, nor /var/lib/amazon or /var/log/amazon, where sessions write",
    ],
    [
      "a folder is relative",
      one({ mountPath: "uploads" }),
      "volumes.uploads.mountPath",
      "write it as /srv/uploads",
    ],
    ["a name is none", one(uploads, "Up"), "volumes.Up", "call it as uploads"],
    [
      "a file system is none",
      one({ ...uploads, fileSystem: "nfs" }),
      "volumes.uploads.fileSystem",
      "write create, or the id that the EFS console shows, fs- and 17 hexadecimal digits",
    ],
    [
      "a file system is misspelt",
      one({ ...uploads, fileSystem: "creat" }),
      "volumes.uploads.fileSystem",
      "write create",
    ],
    [
      "an access point is none",
      one({ ...uploads, accessPoint: "ap-1" }),
      "volumes.uploads.accessPoint",
      "write the id that the EFS console shows, fsap- and 17 hexadecimal digits",
    ],
    [
      "an access point is of nothing",
      one({ ...uploads, accessPoint: "fsap-0a1b2c3d" }),
      "volumes.uploads.accessPoint",
      "name fileSystem: fs-..., or remove accessPoint",
    ],
    [
      "an access point has its own user",
      one({ ...uploads, fileSystem: "fs-0a1b2c3d", accessPoint: "fsap-0a1b2c3d", uid: 33 }),
      "volumes.uploads.uid",
      "remove uid, or accessPoint",
    ],
    [
      "a path climbs",
      one({ ...uploads, path: "/../a" }),
      "volumes.uploads.path",
      "write it as /uploads",
    ],
    [
      "two are in one folder",
      { volumes: { a: uploads, b: uploads } },
      "volumes.b.mountPath",
      "choose a folder of its own",
    ],
  ]);

  const assets = { ephemeral: true };
  const shares = (mounts: object, more: object = {}): Values => ({
    volumes: { assets: { ...assets, ...more } },
    sidecars: { nginx: { image: "nginx:1.29", volumes: { assets: mounts } } },
  });

  checkFaults("gantry:services.web", web, [
    [
      "one is mounted where nothing can be made",
      {
        volumes: {
          ...{ a: { ephemeral: true, mountPath: "/a", readOnly: true } },
          b: { mountPath: "/a/b" },
        },
        sidecars: { init: { image: "busybox:1", volumes: { a: { mountPath: "/out" } } } },
      },
      "volumes.b.mountPath",
      "choose a folder that is not in /a",
    ],
    [
      "a folder in memory is in a volume that is read-only",
      { volumes: { a: { mountPath: "/a", readOnly: true } }, writablePaths: ["/a/tmp"] },
      "writablePaths[0]",
      "choose a folder that is not in /a",
    ],
    [
      "a sidecar mounts one where nothing can be made",
      {
        volumes: { a: { mountPath: "/a" }, b: { mountPath: "/b" } },
        sidecars: {
          nginx: {
            image: "nginx:1.29",
            volumes: { a: { mountPath: "/www", readOnly: true }, b: { mountPath: "/www/b" } },
          },
        },
      },
      "sidecars.nginx.volumes.b.mountPath",
      "choose a folder that is not in /www",
    ],
    [
      "one is where sessions write",
      one({ ...uploads, mountPath: "/var/lib/amazon" }),
      "volumes.uploads.mountPath",
      "write it as /srv/uploads",
    ],
    [
      "an ephemeral one has no right path, of which nothing else is said",
      one({ ephemeral: true, mountPath: "/a/" }),
      "volumes.uploads.mountPath",
      "write it as /srv/uploads",
    ],
    [
      "an ephemeral one is neither yes nor no",
      one({ ...uploads, ephemeral: "yes" }),
      "volumes.uploads.ephemeral",
      "set ephemeral: true",
    ],
    [
      "an ephemeral one is of a file system",
      one({ ...uploads, ephemeral: true, fileSystem: "create" }),
      "volumes.uploads.fileSystem",
      "remove fileSystem, or set ephemeral: false",
    ],
    [
      "nobody mounts an ephemeral one",
      { volumes: { assets } },
      "volumes.assets",
      "set its mountPath, or name it in a sidecar's volumes, or remove assets",
    ],
    [
      "nobody writes to an ephemeral one",
      shares({ mountPath: "/www", readOnly: true }),
      "volumes.assets",
      "remove readOnly of the container that fills it",
    ],
    [
      "an ephemeral one is where another one is",
      {
        volumes: {
          uploads,
          assets: { ...assets, ...uploads },
        },
      },
      "volumes.assets.mountPath",
      "choose a folder of its own",
    ],
    [
      "an ephemeral one is where a folder in memory is",
      { volumes: { assets: { ...assets, mountPath: "/tmp" } }, writablePaths: ["/tmp"] },
      "writablePaths[0]",
      "remove it here, or choose another folder",
    ],
    [
      "a sidecar says that a volume is ephemeral",
      shares({ mountPath: "/www", ephemeral: true }, uploads),
      "sidecars.nginx.volumes.assets.ephemeral",
      "remove ephemeral, or set it in the service's volumes",
    ],
  ]);

  it("are each container's to write where they are ephemeral", () => {
    const { services } = parse(web(shares({ mountPath: "/www" }, { ...uploads, readOnly: true })));
    assert.deepEqual(services.web.volumes, {
      assets: { ephemeral: true, mountPath: "/srv/uploads", readOnly: true },
    });
    assert.deepEqual(volumesOf(services), {});
  });

  const shared = (ofJobs: object): Values => ({
    services: {
      web: { volumes: { uploads: { ...uploads, uid: 33 } } },
      jobs: { kind: "worker", volumes: { uploads: { ...uploads, ...ofJobs } } },
    },
  });

  checkFaults("gantry:services", shared, [
    [
      "services do not agree on one that they share",
      { uid: 34 },
      "jobs.volumes.uploads.uid",
      "remove uid here, or call the volume otherwise where it is another one",
    ],
    [
      "a name is of files that outlive tasks and of a folder that does not",
      { ephemeral: true },
      "jobs.volumes.uploads.ephemeral",
      "call one of them otherwise",
    ],
  ]);

  it("are one where services name the same, whoever says what it is", () => {
    const { services } = parse(shared({ readOnly: true, gid: 0, uid: 33 }));
    assert.deepEqual(volumesOf(services), { uploads: { uid: 33, gid: 0 } });
    const { mountPath, readOnly } = services.web.volumes.uploads;
    assert.deepEqual([mountPath, readOnly], ["/srv/uploads", false]);
  });

  it("may be called what every object has", () => {
    const { services } = parse(web(one(uploads, "constructor")));
    assert.deepEqual(Object.keys(volumesOf(services)), ["constructor"]);
  });
});
