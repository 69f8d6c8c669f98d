/** Which files a `.dockerignore` leaves out of the build's context. */
export interface IgnoreFile {
  /** Whether a file or folder, by its path with `/` from the context's root, is left out. */
  excludes(path: string): boolean;
  /** Whether something below an excluded folder may be in the context nevertheless. */
  mayIncludeBelow(folder: string): boolean;
}

interface Rule {
  readonly pattern: string;
  readonly matches: RegExp;
  readonly exception: boolean;
}

const nothingExcluded: IgnoreFile = { excludes: () => false, mayIncludeBelow: () => true };

/**
 * Reads a `.dockerignore`: one pattern a line, `#` begins a comment, `!` an exception, the last rule that matches counts;
 * `*`, `?` and `[a-z]` match within a name, `**` any number of folders, and what matches a folder matches all below it.
 * A file with a pattern whose meaning is not certain excludes nothing: a file too many in a hash costs a build, one too
 * few would pass an old image off as the new one.
 */
export function parseIgnoreFile(text: string): IgnoreFile {
  const rules: Rule[] = [];
  for (const line of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    if (line.startsWith("#")) continue;
    const trimmed = line.trim();
    if (trimmed === "") continue;
    const exception = trimmed.startsWith("!");
    const pattern = cleaned(exception ? trimmed.slice(1).trim() : trimmed);
    if (pattern === undefined) return nothingExcluded;
    if (pattern === "") continue;
    const matches = asRegExp(pattern);
    if (matches === undefined) return nothingExcluded;
    rules.push({ pattern, matches, exception });
  }
  const exceptions = rules.filter(({ exception }) => exception);
  return {
    excludes: (path) => {
      const paths = withParents(path);
      const last = rules.findLast(({ matches }) => paths.some((each) => matches.test(each)));
      return last !== undefined && !last.exception;
    },
    mayIncludeBelow: (folder) =>
      exceptions.some(({ pattern }) => /[*?[\\]/.test(pattern) || pattern.startsWith(`${folder}/`)),
  };
}

/** Without what is of no meaning: `./` and `/` in front, `/` at the end, doubled slashes. Undefined where it climbs. */
function cleaned(pattern: string): string | undefined {
  const parts = pattern.split("/").filter((part) => part !== "" && part !== ".");
  return parts.includes("..") ? undefined : parts.join("/");
}

function withParents(path: string): string[] {
  const parts = path.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

function asRegExp(pattern: string): RegExp | undefined {
  let source = "";
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i];
    if (pattern.startsWith("**", i)) {
      // `**/x` is also `x`. Within a name builders do not agree on what it is.
      const [before, after] = [pattern.at(i - 1), pattern.at(i + 2)];
      if ((i > 0 && before !== "/") || (after !== undefined && after !== "/")) return undefined;
      source += after === "/" ? "(?:.*/)?" : ".*";
      i += after === "/" ? 2 : 1;
    } else if (character === "*") {
      source += "[^/]*";
    } else if (character === "?") {
      source += "[^/]";
    } else if (character === "[" || character === "\\" || character === "]") {
      const found = special(pattern.slice(i));
      if (found === undefined) return undefined;
      source += found.source;
      i += found.length - 1;
    } else {
      source += character.replace(/[.+^${}()|]/, "\\$&");
    }
  }
  return new RegExp(`^${source}$`, "su");
}

/** A class of plain characters and ranges, or an escaped character; undefined for anything else. */
function special(rest: string): { source: string; length: number } | undefined {
  const escaped = /^\\([^A-Za-z0-9/])/.exec(rest);
  if (escaped) {
    return { source: escaped[1].replace(/[.*+?^${}()|[\]\\/-]/, "\\$&"), length: 2 };
  }
  const characters = /^\[(\^?)((?:[A-Za-z0-9_.](?:-[A-Za-z0-9])?)+)\]/.exec(rest);
  if (!characters) return undefined;
  const [whole, negated, inside] = characters;
  const descending = [...inside.matchAll(/(.)-(.)/g)].some(([, from, to]) => from > to);
  return descending
    ? undefined
    : { source: `${negated ? "[^/" : "["}${inside}]`, length: whole.length };
}
