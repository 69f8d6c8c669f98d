import type { Check } from "../checks";

/** Previews by CodeBuild run what the pipeline's actions run, and find the state where they do. */
export const checkPullRequests: Check = ({ pullRequests, pipeline }, report) => {
  if (!pullRequests?.codeBuild) return;
  if (!pipeline) {
    report({
      path: ["pullRequests", "codeBuild"],
      given: "set, without gantry:pipeline",
      allowed: "only in a stack that has a pipeline, whose command and state it takes",
      fix: "add gantry:pipeline, or remove codeBuild and preview by GitHub Actions",
      reads: [["pipeline"]],
    });
  }
  if (pullRequests.provider !== undefined) {
    report({
      path: ["pullRequests", "provider"],
      allowed: "only without codeBuild: CodeBuild takes on its role by itself",
      fix: "remove provider, or codeBuild",
    });
  }
  const plain = pullRequests.repository.replace(/@\d+/g, "");
  if (plain !== pullRequests.repository) {
    report({
      path: ["pullRequests", "repository"],
      allowed: "owner/name, with codeBuild: it is the repository's address",
      fix: `write ${plain}`,
    });
  }
};
