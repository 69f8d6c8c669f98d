import type { Check } from "../checks";

/** What there is on one capacity alone. */
export const checkTaskResources: Check = ({ cluster, services }, report) => {
  const isFargate = cluster.capacity !== "ec2";
  for (const [name, { ephemeralStorageGiB, shmSizeMiB }] of Object.entries(services)) {
    const reads = [["cluster", "capacity"]];
    if (!isFargate && ephemeralStorageGiB !== undefined) {
      report({
        path: ["services", name, "ephemeralStorageGiB"],
        allowed: "nothing with cluster.capacity: ec2, where tasks share the disk of their host",
        fix: "remove ephemeralStorageGiB, or set cluster.capacity: fargate",
        reads,
      });
    }
    if (isFargate && shmSizeMiB !== undefined) {
      report({
        path: ["services", name, "shmSizeMiB"],
        allowed: "nothing on Fargate, which takes no size of /dev/shm",
        fix: "remove shmSizeMiB, and have the program keep its large files elsewhere (Chromium: --disable-dev-shm-usage), or set cluster.capacity: ec2",
        reads,
      });
    }
  }
};
