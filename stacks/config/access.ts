import {
  allowedSecretReference,
  parseSecretReference,
} from "../../components/service/secretReference";
import { filledList, section, text } from "./fields";

/** The reference of a secret; its text is never repeated. */
export function secretSchema() {
  return text(allowedSecretReference, (given) => {
    try {
      parseSecretReference(given);
      return undefined;
    } catch {
      return "put the value into Secrets Manager or SSM and name it here; a secret that was pasted here must be replaced";
    }
  });
}

/** One statement of the task role. */
export function permissionSchema() {
  return section({
    /** Actions by their whole names, such as s3:GetObject. */
    actions: filledList(
      text("an action such as s3:GetObject, without wildcards", (given) => {
        if (/^[a-z0-9-]+:[A-Za-z0-9]+$/.test(given)) return undefined;
        return /[*?]/.test(given)
          ? "name each action that the tasks need, such as s3:GetObject"
          : "write it as s3:GetObject";
      }),
      "actions such as s3:GetObject",
    ),
    /** ARNs of what they are allowed on. */
    resources: filledList(
      text("an ARN such as arn:aws:s3:::bucket/*", (given) => {
        if (/^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*\*?:(\d{12}|aws|\*)?:\S*[^\s*]\S*$/.test(given)) {
          return undefined;
        }
        return given === "*"
          ? "name the resources that the tasks need, by ARN"
          : "write it as arn:aws:s3:::bucket/* or arn:aws:sqs:eu-west-1:123456789012:queue";
      }),
      "ARNs",
    ),
  });
}
