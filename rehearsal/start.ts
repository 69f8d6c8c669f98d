import { rehearsalCommand } from "../cli/rehearse";
import { main } from "../cli/main";
import { rehearse } from "./index";

/** `npm start`: this repository rehearses itself, with the rehearsal that lies beside. */
const command = rehearsalCommand("npm start --", "npm start --", () => ({ rehearse }));

void main(process.argv.slice(2), command).then((code) => (process.exitCode = code));
