import { keptCapabilities } from "../../../components/service/capabilities";
import { parseImageReference } from "../../../contract/imageReference";
import { literals } from "../own";
import type { Path } from "../path";
import { ofContainers, ofServices, type Container, type Rule } from "./rule";

/** Variables that take the proof of who answers away from TLS, by what they are then. */
const untrusted: Readonly<Record<string, RegExp>> = {
  NODE_TLS_REJECT_UNAUTHORIZED: /^0$/,
  PYTHONHTTPSVERIFY: /^0$/,
  GIT_SSL_NO_VERIFY: /^(1|true)$/i,
  PGSSLMODE: /^(disable|allow|prefer)$/i,
};

/** The same within an address of a database. */
const plainDatabase =
  /^[a-z][a-z0-9+]*:\/\/\S*[?&](?:sslmode=(?:disable|allow|prefer)|useSSL=false|tls=skip-verify)\b/i;

/** Variables by which frameworks show their inside to users, by what they are then. */
const debugging: Readonly<Record<string, RegExp>> = {
  APP_DEBUG: /^(1|true)$/i,
  APP_ENV: /^(dev|development|local)$/i,
  DJANGO_DEBUG: /^(1|true)$/i,
  FLASK_DEBUG: /^(1|true)$/i,
  FLASK_ENV: /^development$/i,
  NODE_ENV: /^development$/i,
  RACK_ENV: /^development$/i,
  RAILS_ENV: /^development$/i,
};

/** A user, with its group or without one, that is root; so is nobody at all, in an image. */
export function isRoot(user: string): boolean {
  return /^(root|0*)(:|$)/.test(user);
}

/** Of config alone: an image that is root by itself is told where images are known (delivery/preflight/danger.ts). */
export const root: Rule = {
  id: "root",
  key: "services.<name>.user",
  danger: "`root`, or 0",
  why: "whoever takes the process over owns the container",
  safe: "name a user of the image's own, such as node",
  production: "refused",
  staging: "told",
  find: ofContainers(({ user }) => [user !== undefined && isRoot(user) && ["user"]]),
};

/** What runs in the containers of a service, its own one and sidecars, and as whom. */
export const containerRules: readonly Rule[] = [
  root,
  {
    id: "writable-root",
    key: "services.<name>.readonlyRootFilesystem",
    danger: "`false`",
    why: "whoever takes the process over can change the program, and leave something behind",
    safe: "remove it, and name the folders that the program writes to as writablePaths",
    production: "told",
    find: ofContainers(({ readonlyRootFilesystem }) => [
      readonlyRootFilesystem === false && ["readonlyRootFilesystem"],
    ]),
  },
  {
    id: "more-capabilities",
    key: "services.<name>.capabilities",
    danger: "one that is not there by default, as `NET_RAW` or `MKNOD`",
    why: "whoever takes the process over can forge packets of its network, make devices or change its root",
    safe: "remove those that the program does not fail without",
    production: "told",
    find: ofContainers(({ capabilities = [] }) => [
      capabilities.some((name) => !keptCapabilities.includes(name)) && ["capabilities"],
    ]),
  },
  {
    id: "latest",
    key: "services.<name>.image",
    danger: "the tag `latest`",
    why: "a commit that changes nothing may bring another major version",
    safe: "name a version, or a digest",
    production: "told",
    staging: "told",
    find: ofContainers((container, service) => {
      const isOthers = container.path.length === 0 && service.imageOf !== undefined;
      const reference = parseImageReference(container.image ?? "");
      const isMoving = reference?.tag === "latest" && reference.digest === undefined;
      return [!isOthers && isMoving && ["image"]];
    }),
  },
  {
    id: "service-without-scan-gate",
    key: "services.<name>.scan.severity",
    danger: "`NONE`",
    why: "no finding of a scan stops a release of it, however severe",
    safe: "remove severity, and accept single findings by pipeline.scan.allow",
    production: "refused",
    staging: "told",
    find: ofServices(["scan", "severity"], ({ scan }) => scan.severity === "NONE"),
  },
  {
    id: "unscanned",
    key: "services.<name>.scan.unsupported",
    danger: "`pass`",
    why: "images that ECR has no scan for are released, and nobody is told what is in them",
    safe: "set unsupported: stop, and turn enhanced scanning on for the account",
    production: "refused",
    staging: "told",
    find: ofServices(
      ["scan", "unsupported"],
      ({ scan }) => scan.unsupported === "pass" && scan.severity !== "NONE",
    ),
  },
  {
    id: "tls-without-proof",
    key: "services.<name>.environment",
    danger:
      "a value that turns the proof off, as `NODE_TLS_REJECT_UNAUTHORIZED: 0` or `sslmode=disable`",
    why: "whoever is between can answer in the other's place, and read what is sent",
    safe: "remove it, and give the program the other's certificate authority",
    production: "refused",
    find: ofContainers((container) =>
      variables(
        container,
        (name, value) => untrusted[name]?.test(value) || plainDatabase.test(value),
      ),
    ),
  },
  {
    id: "debugging",
    key: "services.<name>.environment",
    danger: "a framework's development, as `NODE_ENV: development` or `APP_DEBUG: true`",
    why: "errors show users code, variables and secrets",
    safe: "set it to production, or remove it",
    production: "told",
    find: ofContainers((container) =>
      variables(container, (name, value) => debugging[name]?.test(value)),
    ),
  },
  {
    id: "plain-log",
    key: "services.<name>.sidecars.<name>.options",
    danger: "`tls` or `tls.verify` off",
    why: "whoever is between can read the log on its way",
    safe: "remove it, or set tls: on",
    production: "refused",
    find: ofContainers(({ options = {} }) =>
      Object.entries(options)
        .filter(([name, value]) => /^tls(\.verify)?$/i.test(name) && isOff(value))
        .map(([name]): Path => ["options", name]),
    ),
  },
];

function isOff(value: string): boolean {
  return /^(off|false|no|0)$/i.test(value);
}

/** The variables in plain text of which something holds. */
function variables(
  { environment }: Container,
  isSo: (name: string, value: string) => boolean | undefined,
): Path[] {
  return Object.entries(literals(environment))
    .filter(([name, value]) => isSo(name, value))
    .map(([name]) => ["environment", name]);
}
