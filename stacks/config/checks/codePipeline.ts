import { regionsWithoutCodePipeline } from "../aws/regions";
import type { Check, Report } from "../checks";
import { cited, limits } from "../limits";
import type { PipelineConfig } from "../types";

/** Where CodePipeline is, and what its triggers take. */
export const checkCodePipeline: Check = ({ pipeline, region }, report) => {
  if (pipeline === undefined) return;
  if (region !== undefined && regionsWithoutCodePipeline.includes(region)) {
    report({
      path: ["pipeline"],
      given: `a pipeline in ${region}`,
      allowed: "a region with CodePipeline; that one has none",
      fix: "choose another aws:region, or remove gantry:pipeline and deliver by other means",
    });
  }
  checkFilePaths(pipeline, report);
};

function checkFilePaths({ source }: PipelineConfig, report: Report) {
  if (source?.type !== "github" || source.filePaths === undefined) return;
  const { filePathsPerTrigger } = limits;
  const count = source.filePaths.length;
  if (count >= 1 && count <= filePathsPerTrigger.most) return;
  report({
    path: ["pipeline", "source", "filePaths"],
    given: `${count} patterns`,
    allowed: `1 to ${filePathsPerTrigger.most} ${cited(filePathsPerTrigger)}`,
    fix:
      count === 0 ? "remove it, to start for every commit" : "use wider patterns, such as app/**",
  });
}
