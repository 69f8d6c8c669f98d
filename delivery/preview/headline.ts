import { kinds, type PreviewReport } from "./report";

/** What follows the stack's name: `3 changed, 1 replaced; rights change ⚠`. */
export function headline(report: PreviewReport): string {
  if (report.error !== undefined) return "the preview failed ✗";
  const { resources, warnings, rights, exposure, images, unknownImages } = report;
  if (resources.length === 0) return "no changes";
  const counts = kinds.flatMap((kind) => {
    const count = resources.filter((resource) => resource.kind === kind).length;
    return count > 0 ? [`${count} ${kind}`] : [];
  });
  const touched = [
    ...(rights.length > 0 ? ["rights"] : []),
    ...(exposure.length > 0 ? ["exposure"] : []),
    ...(images.length > 0 ? ["images"] : []),
  ];
  const changed = touched.length > 0 ? `; ${touched.join(", ")} change` : "";
  const unknown = unknownImages.length > 0 ? "; images are known after the update" : "";
  return `${counts.join(", ")}${changed}${unknown}${warnings.length > 0 ? " ⚠" : ""}`;
}
