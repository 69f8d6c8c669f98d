import { counted } from "../../contract/counted";
import { shortType } from "../../delivery/engine/changes";
import { deletedOf, type Destruction } from "../../delivery/engine/destroy";
import { DeliveryError } from "../../delivery/errors";
import { lossesOf } from "../../delivery/preview/risks";
import type { Target } from "../../delivery/target";

/** What is of a bucket or a key that is told itself: it costs nothing, and is in the way of nobody. */
const part = /^aws:s3\/bucket(?!V2:)\w|^aws:kms\/keyPolicy:/;

/** How many names are told of each kind. */
const mostNames = 8;

/** Config says that it is not to be destroyed. */
export function isProtected({ stack, config }: Target): DeliveryError {
  const why =
    config.kind === "production"
      ? ", and gantry:posture to { relaxed: { protection: <why> } }"
      : "";
  return new DeliveryError(
    `${stack} is protected (gantry:protection). Nothing was deleted. To destroy it, set in Pulumi.${stack}.yaml gantry:protection to false${why}; ` +
      `then pulumi up --stack ${stack}, then the same again`,
  );
}

/** The state says so, whatever config says. */
export function isStillProtected({ stack }: Target, protects: readonly string[]): DeliveryError {
  return new DeliveryError(
    `Pulumi protects ${counted(protects.length, "resource")} of ${stack}. Nothing was deleted. Where config has taken protection off, apply that ` +
      `(pulumi up --stack ${stack}), and then the same again. Resources of your own lose it with protect: false in the program`,
    shortened(protects, 12),
  );
}

/**
 * Nothing that the state has is of the account. Providers take for deleted what they do not find, so that the state would forget what stays in AWS.
 * @returns undefined where something is, or nobody knows.
 */
export function isOfAnother(
  { stack }: Pick<Target, "stack">,
  { ids }: Pick<Destruction, "ids">,
  account: string,
): DeliveryError | undefined {
  const accounts = Object.values(ids).flatMap(
    (id) => /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(id)?.[1] ?? [],
  );
  if (accounts.length === 0 || accounts.includes(account)) return undefined;
  return new DeliveryError(
    `what Pulumi's state has of ${stack} is in account ${accounts[0]}, and these credentials are of ${account}. Nothing was deleted. ` +
      "Use those of its account: AWS_PROFILE, or AWS_ACCESS_KEY_ID and its companions",
  );
}

/** What is about to be destroyed, and what is lost with it. */
export function actLines(
  { stack, project, region }: Target,
  destruction: Destruction,
  account: string,
  left: readonly string[],
): string[] {
  const deleted = deletedOf(destruction);
  const losses = new Map<string, string[]>();
  for (const change of deleted) {
    for (const loss of lossesOf(change))
      losses.set(loss, [...(losses.get(loss) ?? []), change.name]);
  }
  return [
    `${stack} of ${project}, in account ${account}, ${region}: ${counted(deleted.length, "resource")} will be deleted, and nothing brings them back.`,
    ...[...losses].map(([loss, names]) => `  ${loss}: ${shortened(names, mostNames).join(", ")}`),
    ...left,
  ];
}

/**
 * What is in AWS afterwards, as the state says.
 * @param pointer name of the parameter that names the release; undefined where there is none.
 */
export function leftLines(
  { region }: Target,
  { changes, ids }: Destruction,
  pointer: string | undefined,
): string[] {
  const retained = changes
    .filter(({ isComponent, isRetained, type }) => !isComponent && isRetained && !part.test(type))
    .map(({ type, name, urn }) => `${shortType(type)} ${name} (${ids[urn] ?? "no id"})`);
  const snapshots = changes.flatMap(({ name, type, oldInputs }) =>
    typeof oldInputs.finalSnapshotIdentifier === "string" && oldInputs.skipFinalSnapshot !== true
      ? [`final snapshot ${oldInputs.finalSnapshotIdentifier} of ${shortType(type)} ${name}`]
      : [],
  );
  const parameter =
    pointer === undefined
      ? []
      : [
          `the release pointer ${pointer}; an environment that comes back asks for its end first: ` +
            `aws ssm delete-parameter --name ${pointer} --region ${region}`,
        ];
  const lines = [...retained, ...snapshots, ...parameter];
  if (lines.length === 0) return ["Nothing stays in AWS that Pulumi knows of."];
  return ["What stays in AWS, and may cost:", ...lines.map((line) => `  ${line}`)];
}

function shortened(names: readonly string[], most: number): string[] {
  const more = names.length - most;
  return more > 0 ? [...names.slice(0, most), `and ${more} more`] : [...names];
}
