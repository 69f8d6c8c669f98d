import { DeliveryError } from "../delivery/errors";
import { largestSecret, usable, valueOfInput } from "../operations/secrets/value";
import { passOn } from "./command";

/** What a person types into. */
export type HiddenInput = Pick<
  NodeJS.ReadStream,
  "setRawMode" | "setEncoding" | "on" | "off" | "resume" | "pause"
>;

/**
 * The value of a secret: what is piped in, or typed where nobody sees it.
 * @throws DeliveryError where none comes. No message has a part of it.
 */
export async function secretValue(
  name: string,
  input: NodeJS.ReadStream = process.stdin,
): Promise<string> {
  if (input.isTTY) return hiddenAnswer(`Value of ${name} (not shown): `, input);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk as Uint8Array);
    chunks.push(bytes);
    size += bytes.length;
    // With the newline that is taken off.
    if (size > largestSecret.secretsManager + 2) {
      throw new DeliveryError(
        `what came has more than the ${largestSecret.secretsManager} bytes that a secret can have. Nothing was set.`,
      );
    }
  }
  return valueOfInput(Buffer.concat(chunks));
}

/** In which the rest of what was pasted comes: a terminal hands long texts over in pieces. */
const pasteMs = 150;

/**
 * Asks for a line that is not shown.
 * @throws DeliveryError where nothing is typed, or more than a line: the rest would answer the next question, and be seen.
 */
export async function hiddenAnswer(
  question: string,
  input: HiddenInput,
  say: (text: string) => void = passOn,
): Promise<string> {
  say(question);
  let typed = "";
  let isOver = false;
  let more = "";
  let interrupted = false;
  input.setRawMode(true);
  input.setEncoding("utf8");
  try {
    await new Promise<void>((answered) => {
      const take = (text: string) => {
        for (const sign of controlled(text)) {
          if (isOver) more += sign;
          else if (sign === "\u0003" || (sign === "\u0004" && typed === "")) {
            interrupted = true;
            end();
          } else if (sign === "\r" || sign === "\n") {
            isOver = true;
            setTimeout(end, pasteMs);
          } else if (sign === "\u007f" || sign === "\b") typed = [...typed].slice(0, -1).join("");
          else if (sign === "\u0015") typed = "";
          else if (sign >= " " || sign === "\t") typed += sign;
        }
      };
      const end = () => {
        input.off("data", take);
        input.off("end", end);
        answered();
      };
      input.on("data", take);
      input.on("end", end);
      input.resume();
    });
  } finally {
    input.pause();
    input.setRawMode(false);
    say("\n");
  }
  if (interrupted) throw new DeliveryError("no value was given, so nothing was set");
  if (more.replace(/[\r\n]/g, "") !== "") {
    throw new DeliveryError(
      "more than one line was given: keep a value of several lines in a file, and pipe it in (... < file). Nothing was set.",
    );
  }
  return usable(typed);
}

/** Without what arrow keys and pasting programs send beside the text. */
function controlled(text: string): string {
  return text.replace(/\u001b(?:\[[0-9;?]*[ -/]*[@-~]|O.)/g, "");
}
