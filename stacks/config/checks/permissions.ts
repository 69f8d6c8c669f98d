import { takesNoResource } from "../aws/actionsWithoutResources";
import type { Check } from "../checks";
import { isOwn } from "../own";
import type { PermissionConfig } from "../types";

/** Actions by which whoever has them can become mightier: roles, policies, keys, and the roles of others. */
const escalates =
  /^iam:(?:Add|Attach|Create|Deactivate|Delete|Detach|Put|Remove|Set|Tag|Untag|Update|Upload)|^organizations:|^sts:AssumeRoot$/i;

/** Actions by which whoever has them lets others in, opens sessions elsewhere, or stops what records it. */
const opens =
  /^(?:s3:(?:Put|Delete)BucketPolicy|s3:Put(?:BucketAcl|BucketPublicAccessBlock|AccountPublicAccessBlock)|kms:(?:PutKeyPolicy|CreateGrant)|ecr:SetRepositoryPolicy|elasticfilesystem:PutFileSystemPolicy|\w+:(?:PutResourcePolicy|AddPermission|AddLayerVersionPermission)|ecs:ExecuteCommand|ssm:(?:StartSession|SendCommand)|cloudtrail:(?:StopLogging|DeleteTrail|UpdateTrail|PutEventSelectors))$/i;

/** Actions that are safe on one role, and hand out the account on a pattern of roles. */
const ofRoles = /^(?:iam:PassRole|sts:AssumeRole\w*)$/i;

/** Permissions that are wider than most tasks need: they must be said aloud, with a reason. */
export const checkPermissions: Check = ({ services }, report) => {
  for (const [name, { permissions }] of Object.entries(services)) {
    permissions.forEach((permission, index) => {
      const risk = isOwn(permission) ? undefined : riskOf(permission);
      if (!risk) return;
      const { at, allowed, fix } = risk;
      report({ path: ["services", name, "permissions", index, ...at], allowed, fix });
    });
  }
};

/** What makes a permission wider than most tasks need, and where in it. */
export interface Risk {
  readonly at: readonly ["actions" | "resources", number];
  readonly allowed: string;
  readonly fix: string;
}

/** The risk of a permission for which nobody gives a reason; undefined where it has none. */
export function riskOf(permission: PermissionConfig): Risk | undefined {
  if (permission.because !== undefined) return undefined;
  const action = permission.actions.findIndex((each) => isMighty(each, permission));
  if (action >= 0) {
    return {
      at: ["actions", action],
      allowed: "what keeps tasks within their own role; PassRole and AssumeRole on named roles",
      fix: "name the one role by its ARN, or leave the action out; where it must be, add because: and why",
    };
  }
  const kind = permission.resources.findIndex(isWholeKind);
  if (kind >= 0) {
    return {
      at: ["resources", kind],
      allowed: "ARNs of what the tasks need: this one is everything of its kind",
      fix: "write the name, or how it begins, in place of *; where it must be every one, add because: and why",
    };
  }
  const resource = permission.resources.indexOf("*");
  const narrower = permission.actions.find((each) => !takesNoResource(each));
  if (resource < 0 || narrower === undefined) return undefined;
  return {
    at: ["resources", resource],
    allowed: "ARNs such as arn:aws:s3:::bucket/*, and * of actions that take no resource",
    fix: `name the resources of ${narrower} by ARN; where it must be every one, add because: and why`,
  };
}

/** Whether an ARN has a kind and no name: `table/*`, `secret:*`. Objects of S3 and methods of an API come after their bucket's or API's. */
function isWholeKind(resource: string): boolean {
  const [, , service, , , ...rest] = resource.split(":");
  const parts = rest.join(":").split(/[/:]/);
  const isStar = (part: string) => /^\*+$/.test(part);
  if (["s3", "execute-api"].includes(service)) return isStar(parts[0]);
  return parts.length > 1 && parts.slice(1).every(isStar);
}

function isMighty(action: string, { resources }: PermissionConfig): boolean {
  return (
    escalates.test(action) ||
    opens.test(action) ||
    (ofRoles.test(action) && resources.some((resource) => /[*?]/.test(resource)))
  );
}
