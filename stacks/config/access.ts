import {
  allowedSecretReference,
  parseSecretReference,
} from "../../components/service/secretReference";
import { isRecord } from "../../contract/record";
import { conditionsSchema } from "./conditions";
import { filledList, list, section, text } from "./fields";
import { either, isReference, ownReferenceSchema, ownSecretSchema } from "./own";

/** The reference of a secret, or `{ from: name }` of an own resource. */
export function secretSchema() {
  return either(isRecord, ownSecretSchema(), namedSecretSchema());
}

/** The text is never repeated. */
export function namedSecretSchema() {
  return text(allowedSecretReference, (given) => {
    try {
      parseSecretReference(given);
      return undefined;
    } catch {
      return "put the value into Secrets Manager or SSM and name it here; a secret that was pasted here must be replaced";
    }
  });
}

export const allowedAction = "an action such as s3:GetObject, without wildcards";

/** How to fix an action; undefined where it is right. */
export function actionFault(given: string): string | undefined {
  if (/^[a-z0-9-]+:[A-Za-z0-9]+$/.test(given)) return undefined;
  return /[*?]/.test(given)
    ? "name each action that the tasks need, such as s3:GetObject"
    : "write it as s3:GetObject";
}

export const allowedResource = "an ARN such as arn:aws:s3:::bucket/*";

/** How to fix a resource; undefined where it is right. Whether everything (`*`) may be meant is for others to say. */
export function resourceFault(given: string): string | undefined {
  const isArn =
    given === "*" ||
    /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*\*?:(\d{12}|aws|\*)?:\S*[^\s*]\S*$/.test(given);
  return isArn
    ? undefined
    : "write it as arn:aws:s3:::bucket/* or arn:aws:sqs:eu-west-1:123456789012:queue";
}

/** One statement of the task role, or `{ from: name }` of an own resource. */
export function permissionSchema() {
  // What is left of a reference whose name is faulty and was set aside is no statement either.
  const isOther = (given: unknown) => isRecord(given) && Object.keys(given).length === 0;
  return either(
    (given) => isReference(given) || isOther(given),
    ownReferenceSchema(),
    statementSchema(),
  );
}

/** Ids of security groups that exist in the environment's VPC. */
export function securityGroupIdsSchema() {
  const id = text(
    "an id such as sg-0a1b2c3d4e5f60718",
    /^sg-[0-9a-f]{8}([0-9a-f]{9})?$/,
    "write the id that the VPC console shows, sg- and 17 hexadecimal digits",
  );
  return list(id, "ids such as sg-0a1b2c3d4e5f60718");
}

function statementSchema() {
  return section({
    /** Actions by their whole names, such as s3:GetObject. */
    actions: filledList(text(allowedAction, actionFault), "actions such as s3:GetObject"),
    /** ARNs of what they are allowed on. */
    resources: filledList(text(allowedResource, resourceFault), "ARNs"),
    /** When it holds: `{ operator: { key: value } }`, in IAM's own words. Default: always. */
    conditions: conditionsSchema().optional(),
    /** Why it must be as wide as it is: needed for every resource (`*`) where AWS has narrower ones, and for what could make tasks mightier. */
    because: text("why the tasks need it", /\S/).optional(),
  });
}
