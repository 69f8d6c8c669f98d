// Runs in the container whose network a build has: leads ports of its loopback interface to sockets.
// Argument: JSON of [[address, port, file of the socket], ...].
import { connect, createServer } from "node:net";

const ways = JSON.parse(process.argv[2]);
await Promise.all(
  ways.map(
    ([address, port, file]) =>
      new Promise((resolve) => {
        createServer((client) => {
          const target = connect(file);
          client.on("error", () => target.destroy());
          target.on("error", () => client.destroy());
          client.pipe(target).pipe(client);
        }).listen(port, address, resolve);
      }),
  ),
);
console.log("listening");
