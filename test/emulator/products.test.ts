import { askedAfterVerification, refusesAfterVerification } from "./afterVerification";
import { leavesNoSecret, personsVariables, plantSecrets } from "./plantedSecrets";
import { isRehearsed, type Rehearsed } from "./rehearsed";

const products: readonly Rehearsed[] = [
  {
    name: "helloworld",
    services: ["helloworld"],
    content: { helloworld: ["/", /^Hello World$/m] },
    says: /node:carbon: Node .* on Debian/,
  },
  {
    name: "helloworld",
    services: ["helloworld"],
    content: { helloworld: ["/", /^Hello World$/m] },
    builder: "none",
    // Its production asks after the verification, so that an approval given and one refused are rehearsed.
    adapt: askedAfterVerification,
    kept: refusesAfterVerification,
    says: /images are not built but simulated/,
  },
  {
    name: "mailroom",
    services: ["board", "inbox", "sender", "sorter"],
    content: { inbox: ["/letters", /^\{"letters":\d+,"key":/] },
    imageOf: { board: "inbox", sender: "inbox" },
    verifies: /board: task [\w-]+: GET http:\/\/[\d.]+:8080\/ready: 200/,
    builder: "buildah",
    // With secrets wherever teams have them.
    adapt: plantSecrets,
    variables: personsVariables,
    kept: (clone, _env, finished) => leavesNoSecret(clone, finished),
    says: /node:22-alpine: Node .* on busybox; debian:bookworm-slim: Debian/,
  },
];

products.forEach(isRehearsed);
