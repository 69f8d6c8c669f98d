import assert from "node:assert/strict";
import { checkFaults, parse, services, web } from "./support";

const soft = (limit: object) => ({ ulimits: { nofile: limit } });

describe("what a task has beside CPU and memory", () => {
  it("is as Compose writes it", () => {
    const given = {
      ephemeralStorageGiB: 50,
      ulimits: { nofile: 65_536, memlock: -1, nproc: { soft: 512, hard: 1024 } },
      initProcess: false,
    };
    const { ephemeralStorageGiB, ulimits, initProcess } = parse(web(given)).services.web;
    assert.deepEqual(
      { ephemeralStorageGiB, ulimits, initProcess },
      {
        ephemeralStorageGiB: 50,
        ulimits: {
          nofile: { soft: 65_536, hard: 65_536 },
          memlock: { soft: -1, hard: -1 },
          nproc: { soft: 512, hard: 1024 },
        },
        initProcess: false,
      },
    );
  });

  it("is shared memory too on hosts", () => {
    const cluster = { capacity: "ec2" };
    const config = parse({ services: { web: { shmSizeMiB: 512 } }, cluster });
    assert.equal(config.services.web.shmSizeMiB, 512);
  });

  checkFaults("gantry:services.web", web, [
    [
      "storage is what every task has",
      { ephemeralStorageGiB: 20 },
      "ephemeralStorageGiB",
      "set ephemeralStorageGiB: 21",
    ],
    [
      "storage is more than Fargate has",
      { ephemeralStorageGiB: 201 },
      "ephemeralStorageGiB",
      "set ephemeralStorageGiB: 200",
    ],
    [
      "a limit is misspelt",
      { ulimits: { nofiles: 1024 } },
      "ulimits.nofiles",
      "did you mean nofile?",
    ],
    ["no file may be open", soft({ soft: 0, hard: 1024 }), "ulimits.nofile.soft", "set soft: 1"],
    [
      "one limit of two is missing",
      soft({ soft: 5 }),
      "ulimits.nofile.hard",
      "add hard: a whole number from 1 to 1048576",
    ],
    [
      "the soft limit is above the hard one",
      soft({ soft: 2048, hard: 1024 }),
      "ulimits.nofile",
      "set hard: 2048, or soft: 1024",
    ],
    [
      "the soft limit is none, and the hard one is one",
      { ulimits: { memlock: { soft: -1, hard: 64 } } },
      "ulimits.memlock",
      "set hard: -1, or soft: 64",
    ],
    [
      "a limit is in quotes",
      { ulimits: { nofile: "1024" } },
      "ulimits.nofile",
      "set nofile: 1024, without quotes",
    ],
    [
      "there is shared memory on Fargate",
      { shmSizeMiB: 512 },
      "shmSizeMiB",
      "remove shmSizeMiB, and have the program keep its large files elsewhere (Chromium: --disable-dev-shm-usage), or set cluster.capacity: ec2",
    ],
  ]);

  checkFaults("gantry", (values) => values, [
    [
      "a task on hosts has storage of its own",
      {
        services: { web: { ...services.web, ephemeralStorageGiB: 50 } },
        cluster: { capacity: "ec2" },
      },
      "services.web.ephemeralStorageGiB",
      "remove ephemeralStorageGiB, or set cluster.capacity: fargate",
    ],
  ]);
});
