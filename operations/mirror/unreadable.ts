import { repositoryOfReference, type ImageReference } from "../../contract/imageReference";
import { DeliveryError } from "../../delivery/errors";

/** Why an image of a registry cannot be read, by what the tool said; what is no refusal of it stays what it is. */
export function unreadable(error: unknown, reference: ImageReference): unknown {
  if (!(error instanceof DeliveryError) || error.details.length === 0) return error;
  const named = repositoryOfReference(reference);
  const version = reference.digest ? `@${reference.digest}` : `:${reference.tag}`;
  return new DeliveryError(
    `${named}${version} cannot be read; nothing was copied. ${fixOf(error.details.join(" "), reference)}`,
    [error.message, ...error.details],
  );
}

function fixOf(told: string, { registry, path }: ImageReference): string {
  const isHub = registry === "docker.io";
  if (/toomanyrequests|too many requests|\b429\b/i.test(told)) {
    const official = isHub && /^library\/[^/]+$/.test(path);
    const other = official ? `, or name AWS's copy: public.ecr.aws/docker/${path}` : "";
    return (
      `${registry} takes no more requests from this address for now. Log in there, which has a limit of your own ` +
      `(docker login${isHub ? "" : ` ${registry}`}, or skopeo login ${registry})${other}; or wait`
    );
  }
  if (/manifest unknown|name unknown|not found|\b404\b/i.test(told)) {
    return "There is none of that name and version: check both";
  }
  if (/unauthorized|denied|authentication required|\b40[13]\b/i.test(told)) {
    return (
      "There is none of that name, or it is private: check the name, or log in at its registry " +
      `(docker login${isHub ? "" : ` ${registry}`}, or skopeo login ${registry})`
    );
  }
  return "Check its name and version, and that its registry can be reached from here";
}
