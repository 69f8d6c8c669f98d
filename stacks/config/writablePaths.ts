import { allowedMountPath, isMountPath } from "../../components/service/volumes";
import { defaultSizeMiB } from "../../components/service/writablePaths";
import { list, section, text, textOr, wholeNumber } from "./fields";

/** Folders that the container may write to beside a read-only root: `/tmp`, or `{ path: /tmp, sizeMiB: 256 }`. */
export function writablePathsSchema() {
  const path = text(allowedMountPath, (given) =>
    isMountPath(given) ? undefined : "write it as /tmp",
  );
  return list(
    textOr(
      path.transform((folder) => ({ path: folder, sizeMiB: defaultSizeMiB })),
      section({
        path,
        /** The most that it holds, of the task's memory. Default: 64. */
        sizeMiB: wholeNumber(1, 1_048_576).default(defaultSizeMiB),
      }),
      "/tmp, or { path: /tmp, sizeMiB: 256 }",
    ),
    "folders such as /tmp",
  );
}
