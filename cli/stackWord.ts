import { variables } from "../contract/variables";
import { noStackText } from "../delivery/projectFolder";
import { nearest } from "../stacks/config/nearest";

/** What was typed after a command's name, and what may be meant by it. */
export interface Typed {
  /** Without options and their values. */
  readonly words: readonly string[];
  /** How many of them stand before `--`: of those behind it, none is a stack. */
  readonly before: number;
  /** The project's, and its stacks. */
  readonly folder: string;
  readonly stacks: readonly string[];
  /** How many words the command itself needs, and how many it takes. */
  readonly needs: number;
  readonly takes: number;
  /** Whether it takes several stacks. */
  readonly several: boolean;
  /** Whether `--stack` was typed. */
  readonly isGiven: boolean;
  /** The variable that names a stack, where it is set. */
  readonly variable?: string;
}

export interface Understood {
  readonly stacks: readonly string[];
  /** The command's own. */
  readonly words: readonly string[];
  /** What cannot be meant: the command is not run. */
  readonly fault?: string;
}

/**
 * The grammar of stacks, of every command: the first word is the stack where there is a stack of that name, `--stack` was not
 * typed and the word does not stand behind `--`. Where the variable names a stack, a command that needs the word keeps it
 * (`gantry diff production`), and else both must be the same.
 */
export function stackWord(typed: Typed): Understood {
  const { words, stacks, isGiven, variable } = typed;
  const found: string[] = [];
  if (!isGiven && (!variable || words.length > typed.needs)) {
    const most = Math.min(typed.before, typed.several ? Infinity : 1);
    while (found.length < most && stacks.includes(words[found.length])) {
      found.push(words[found.length]);
    }
  }
  const own = words.slice(found.length);
  const fault = faultOf(typed, found, own);
  return { stacks: found, words: own, ...(fault === undefined ? {} : { fault }) };
}

function faultOf(
  { folder, stacks, takes, several, isGiven, variable }: Typed,
  found: readonly string[],
  own: readonly string[],
): string | undefined {
  const other = found.find((one) => variable && one !== variable);
  if (other !== undefined) {
    return `${variables.stack} is ${variable}, and ${other} was typed: say which is meant by --stack <stack>`;
  }
  const [first] = own;
  // The command itself says that there are too many.
  if (own.length <= takes || (found.length > 0 && !several)) return undefined;
  const behind = isGiven ? undefined : stackBehind(own, stacks);
  if (behind !== undefined) return behind;
  if (isGiven) {
    return stacks.includes(first)
      ? `the stack is given twice: as ${first}, and by --stack`
      : undefined;
  }
  const isMeant = takes === 0 || nearest(first, stacks) !== undefined;
  return isMeant ? noStackText(folder, first, stacks) : undefined;
}

/** What is said of a stack that stands behind the command's own words. */
function stackBehind(words: readonly string[], stacks: readonly string[]): string | undefined {
  const stack = words.slice(1).find((word) => stacks.includes(word));
  if (stack === undefined) return undefined;
  const others = words.filter((word) => word !== stack);
  return `the stack comes first: ${[stack, ...others].join(" ")}, or ${others.join(" ")} --stack ${stack}`;
}

/** What there is where no stack was named. */
export interface LeftOut extends Pick<Typed, "folder" | "stacks" | "words"> {
  /** Asks a person. Undefined where nobody is there. */
  readonly choose?: (question: string, choices: readonly string[]) => Promise<string>;
}

/** The stack where none was named, or why that must be done. @throws what `choose` throws. */
export async function stackLeftOut({
  folder,
  stacks,
  words,
  choose,
}: LeftOut): Promise<{ readonly stack: string } | { readonly fault: string }> {
  const [first] = words;
  if (stacks.length === 1) return { stack: stacks[0] };
  if (stacks.length === 0) {
    return { fault: `${folder} has no stack yet (a stack has a file Pulumi.<stack>.yaml there)` };
  }
  const behind = stackBehind(words, stacks);
  if (behind !== undefined) return { fault: behind };
  const isSlip = first !== undefined && !stacks.includes(first);
  const meant = isSlip ? nearest(first, stacks) : undefined;
  if (choose && meant === undefined) return { stack: await choose("Which stack?", stacks) };
  const hint = meant === undefined ? "" : `. Is ${meant} meant by ${first}?`;
  return { fault: `no stack is named, and ${folder} has ${stacks.join(", ")}${hint}` };
}
