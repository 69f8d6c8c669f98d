import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/** The header by which requests reach new tasks that are verified. Whoever knows its value may ask them. */
export const testHeader = "X-Gantry-Test";

/**
 * The value of the header, of 32 hexadecimal digits. It is kept nowhere but in what leads requests by it.
 * @param arns that nobody guesses, since AWS has put random digits into them.
 */
export function testValue(...arns: readonly pulumi.Input<string>[]): pulumi.Output<string> {
  return pulumi
    .all([...arns])
    .apply((parts) => createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 32));
}
