import { posix } from "node:path";
import { lost, otherWay, same } from "../outcome";
import { becomes, isLost, type At, type Table } from "../rules";
import { architecture, number, place, words } from "../values";
import { fromAddon } from "./addons";
import { fromWorkspace } from "./folder";

const ownValue = "make it in resources.ts, and take it by { from: name }";

/** The image, its size and what it is told: the same in every kind of manifest that runs a container. */
export const containerTable: Table = {
  "image.build": (at) => {
    if (typeof at.value !== "string") return undefined;
    const dockerfile = placeOf(at) ?? "Dockerfile";
    // Without a context of its own, Copilot builds in the Dockerfile's folder.
    if (posix.basename(dockerfile) !== "Dockerfile") {
      at.set(["build", "dockerfile"], posix.basename(dockerfile));
    }
    return at.set(["build", "context"], posix.dirname(dockerfile));
  },
  "image.build.dockerfile": (at) => {
    const { draft, service, set } = at;
    const dockerfile = placeOf(at) ?? "Dockerfile";
    if (draft.has(["services", service, "build", "context"])) {
      const context = String(contextOf(draft, service));
      return set(["build", "dockerfile"], posix.relative(context, dockerfile));
    }
    set(["build", "context"], posix.dirname(dockerfile));
    return set(["build", "dockerfile"], posix.basename(dockerfile));
  },
  "image.build.context": (at) => {
    const { draft, service, node } = at;
    const context = placeOf(at) ?? ".";
    const before = draft.assignments.find(
      ({ path }) => path.join() === ["services", service, "build", "dockerfile"].join(),
    );
    if (before !== undefined) {
      const whole = posix.join(String(contextOf(draft, service)), String(before.value));
      draft.set(before.path, posix.relative(context, whole), before.from);
    }
    // The Dockerfile, too, says where it is.
    draft.extend(["services", service, "build", "context"], context, node);
    return same(`services.${service}.build.context`);
  },
  "image.build.target": becomes("build.target", String),
  "image.build.args.*": ({ value, names: [name], set }) =>
    set(["build", "args", name], String(value)),
  "image.location": becomes("image", (value) => (typeof value === "string" ? value : undefined)),
  cpu: becomes("cpu", number),
  memory: becomes("memoryMiB", number),
  platform: ({ value, set, leaveOut }) => {
    if (typeof value !== "string") return undefined;
    if (/windows/i.test(value)) return leaveOut("it runs on Windows", "keep it where it is");
    const wanted = architecture(value);
    return wanted === undefined
      ? lost("neither linux/amd64 nor linux/arm64", "set architecture yourself")
      : set(["architecture"], wanted);
  },
  "platform.osfamily": ({ value, leaveOut }) =>
    /windows/i.test(String(value))
      ? leaveOut("it runs on Windows", "keep it where it is")
      : otherWay("tasks run Linux, always"),
  "platform.architecture": becomes("architecture", architecture),
  exec: becomes("exec"),
  entrypoint: becomes("entrypoint", words),
  command: becomes("command", words),
  "variables.*": ({ value, names: [name], set }) =>
    typeof value === "object"
      ? undefined
      : set(["environment", name], `${value as string | number | boolean}`),
  "variables.*.from_cfn": fromAddon(isLost("exports of CloudFormation are not read", ownValue)),
  env_file: isLost(
    "config reads no file of variables",
    "write them under environment, and what is secret under secrets",
  ),
  "secrets.*": ({ value, names: [name], set }) => {
    if (typeof value !== "string") return undefined;
    if (value.startsWith("arn:") || value.startsWith("/")) return set(["secrets", name], value);
    return lost(
      "a parameter whose name does not begin with /",
      `copy it to one that does, such as /shop/${name.toLowerCase()}, and name that under secrets`,
    );
  },
  // `name:key::` is ECS's own notation: key, version's stage and id.
  "secrets.*.secretsmanager": ({ value, names: [name], set }) =>
    set(["secrets", name], String(value).replace(/^(?!arn:)(.*?):+$/, "$1")),
  "secrets.*.from_cfn": fromAddon(isLost("exports of CloudFormation are not read", ownValue)),
  "storage.readonly_fs": becomes("readonlyRootFilesystem"),
  "storage.ephemeral": (at) =>
    number(at.value) === 20
      ? otherWay("the 20 GiB that every task has")
      : becomes("ephemeralStorageGiB", number)(at),
};

/** A path of the manifest, as config has it. */
function placeOf({ node, value }: At): string | undefined {
  const bare = place(value);
  return bare === undefined ? undefined : fromWorkspace(node, bare);
}

function contextOf(draft: At["draft"], service: string): unknown {
  return draft.get(["services", service, "build", "context"]) ?? ".";
}
