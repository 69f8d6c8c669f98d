import { sizeOf } from "../../../components/service/writablePaths";
import type { Check } from "../checks";

/** Folders in memory, each mounted once and within the task's memory. */
export const checkWritablePaths: Check = ({ services }, report) => {
  for (const [name, { writablePaths, volumes, memoryMiB }] of Object.entries(services)) {
    const at = ["services", name, "writablePaths"];
    const taken = new Set(Object.values(volumes).map(({ mountPath }) => mountPath));
    writablePaths.forEach(({ path }, index) => {
      if (taken.has(path)) {
        report({
          path: [...at, index],
          given: path,
          allowed: "a folder that nothing else is mounted in",
          fix: "remove it here, or choose another folder",
        });
      }
      taken.add(path);
    });
    const whole = sizeOf(writablePaths);
    if (writablePaths.length === 0 || whole < memoryMiB) continue;
    report({
      path: at,
      given: `${whole} MiB together`,
      allowed: `less than ${memoryMiB}, the task's memory, which they are part of`,
      fix: "lower sizeMiB, or raise memoryMiB",
      reads: [["services", name, "memoryMiB"]],
      whole: true,
    });
  }
};
