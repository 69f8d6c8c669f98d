/**
 * The prefix of actions and condition keys for a connection. The service had another name, and who asks for a connection that was
 * made then asks by that: "the service prefix needs to match that of the resource" ("Identity and access management for AWS
 * CodeStar Notifications and AWS CodeConnections", Developer Tools console user guide).
 * @returns `codeconnections`, or `codestar-connections`.
 */
export function connectionPrefix(connectionArn: string): string {
  return connectionArn.split(":")[2];
}
