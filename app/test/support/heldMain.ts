// The service with one more route, `/held`, which answers when something arrives on stdin: for
// tests of a process that is stopped with a request in flight.
import { once } from "node:events";
import { json } from "../../src/routes";
import { start } from "../../src/start";

start(process.env, {
  "/held": {
    GET: async () => {
      process.stdout.write(`${JSON.stringify({ message: "held request received" })}\n`);
      await once(process.stdin, "data");
      return json(200, { held: true });
    },
  },
});
