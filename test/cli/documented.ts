/** A command as a document writes it. */
export interface Documented {
  /** Document and line. */
  readonly where: string;
  /** What follows `gantry`. */
  readonly words: readonly string[];
  /** Whether it is in a block of code, to be typed as it stands; inside of a sentence its arguments may be left out. */
  readonly isWhole: boolean;
}

const fence = /^\s*```/;

/** The calls of `gantry` in a document of Markdown: those of its blocks of code for a shell, and those between backticks. */
export function documentedCommands(document: string, text: string): Documented[] {
  const found: Documented[] = [];
  let language: string | undefined;
  const lines = text.split("\n");
  for (let index = 0; index < lines.length; index += 1) {
    const where = `${document}:${index + 1}`;
    if (fence.test(lines[index])) {
      language = language === undefined ? lines[index].replace(fence, "").trim() : undefined;
    } else if (language === "bash" || language === "sh") {
      let line = lines[index];
      while (line.endsWith("\\")) line = line.slice(0, -1) + lines[(index += 1)].trim();
      for (const words of callsOf(line)) found.push({ where, words, isWhole: true });
    } else if (language === undefined) {
      // A span of code may go on in the next line.
      const paragraph = `${lines[index]}\n${lines[index + 1] ?? ""}`;
      for (const { 1: code, index: at } of paragraph.matchAll(/`([^`]+)`/g)) {
        if (at >= lines[index].length) continue;
        for (const words of callsOf(code.replace("\n", " "))) {
          found.push({ where, words, isWhole: false });
        }
      }
    }
  }
  return found;
}

function callsOf(line: string): string[][] {
  return shellCommands(line).flatMap((words) => {
    const text = words.findIndex((word) => word === "gantry");
    const before = words.slice(0, text);
    const isCall = text >= 0 && before.every((word) => word === "npx" || /^\w+=|^--/.test(word));
    return isCall && words.length > text + 1 ? [words.slice(text + 1)] : [];
  });
}

/** The words of each command of a line, without quotes, comment, redirection and the brackets of what may be left out. */
function shellCommands(line: string): string[][] {
  const commands: string[][] = [[]];
  const token = /\s+|#.*$|\d?>{1,2}\s*\S+|&&|\|\|?|;|((?:"[^"]*"|'[^']*'|<[^<>]*>|[^\s"';|&>])+)/gy;
  for (const [all, word] of line.matchAll(token)) {
    if (word !== undefined) commands.at(-1)?.push(word.replace(/["']|^\[|\]$/g, ""));
    else if (/^(&&|\|\|?|;)$/.test(all)) commands.push([]);
  }
  return commands;
}
