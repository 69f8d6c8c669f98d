import type { Check } from "./checks";
import { text } from "./fields";

const keyArn = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/;

/** In place of an ARN: nothing has a key but AWS's own. */
export const awsKeys = "aws";

/** An alias may lead to another key tomorrow, while what is encrypted stays with the one of today. */
export function encryptionKeySchema() {
  return text(
    `the ARN of a KMS key such as arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef, or ${awsKeys} for AWS's own keys`,
    (given) => {
      if (given === awsKeys || keyArn.test(given)) return undefined;
      const [alias] = /alias\/[\w/-]+$/.exec(given) ?? [];
      const id = alias ?? (/^[A-Za-z0-9-]+$/.test(given) ? given : "<its id or alias>");
      return `write what this says: aws kms describe-key --key-id ${id} --query KeyMetadata.Arn`;
    },
  );
}

/** Of which account the key may be, only AWS knows: `foreignArns.ts`. */
export const checkEncryptionKey: Check = ({ encryptionKeyArn, region }, report) => {
  const place = encryptionKeyArn?.split(":")[3];
  if (place === undefined || region === undefined || place === region) return;
  report({
    path: ["encryptionKeyArn"],
    given: `a key in ${place}`,
    allowed: `a key in ${region}, where what it encrypts is: AWS's services use keys of their own region`,
    fix: `make a key in ${region}, or a replica there of one that has several regions (its id begins with mrk-), and give its ARN`,
  });
};
