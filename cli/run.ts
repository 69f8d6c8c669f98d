import { main } from "./main";
import { letReadersLeave } from "./readers";

// On Node 20 the SDK warns at each start, in eight lines that bury what the command has to say.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

/** What is still open then (idle connections, a watcher) must not keep a finished command alive. */
const endMs = 2_000;

/** The process of the command: its arguments, its exit code. */
export function run(): void {
  letReadersLeave([process.stdout, process.stderr]);
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
    setTimeout(() => process.exit(code), endMs).unref();
  });
}
