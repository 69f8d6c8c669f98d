import assert from "node:assert/strict";
import { readDockerfile, type DockerfileFacts } from "../../../cli/init/dockerfile";

describe("what a Dockerfile says of its service", () => {
  const cases: [string, string[], Partial<DockerfileFacts>][] = [
    ["the first port of EXPOSE", ["FROM node:22", "EXPOSE 8080 9090"], { port: 8080 }],
    ["a TCP port", ["FROM node:22", "EXPOSE 53/udp 8080/tcp"], { port: 8080 }],
    ["the first of a range", ["FROM node:22", "EXPOSE 8000-8010"], { port: 8000 }],
    ["a port by its variable", ["FROM node:22", "ENV PORT=5000", "EXPOSE $PORT"], { port: 5000 }],
    ["a port by an argument", ["FROM a", "ARG P=81", "EXPOSE ${P}"], { port: 81 }],
    ["that a port is a variable without a value", ["FROM a", "EXPOSE $P/tcp"], { hidesPort: true }],
    ["no port of UDP", ["FROM a", "EXPOSE 53/udp"], {}],
    [
      "the port of its command",
      ["FROM a", 'CMD ["uvicorn", "main:app", "--port", "8000"]'],
      { port: 8000 },
    ],
    ["an address of its command", ["FROM a", "CMD gunicorn -b 0.0.0.0:8001 app"], { port: 8001 }],
    ["any address", ["FROM a", "CMD ./manage.py runserver 0.0.0.0:8002"], { port: 8002 }],
    ["no number of its command that is none", ["FROM a", "CMD run --workers 8000 a:9"], {}],
    ["the variable PORT", ["FROM node:22", "ENV PORT 5000"], { port: 5000 }],
    [
      "what its health check asks",
      ["FROM a", "HEALTHCHECK --interval=5s CMD curl -f http://localhost:4000/healthz || exit 1"],
      { port: 4000, healthPath: "/healthz" },
    ],
    [
      "what its health check asks, in words",
      ["FROM a", "EXPOSE 80", 'HEALTHCHECK CMD ["wget", "-qO-", "http://127.0.0.1/up"]'],
      { port: 80, healthPath: "/up" },
    ],
    [
      "a health check that looks at nothing by HTTP",
      ["FROM a", "EXPOSE 80", "HEALTHCHECK CMD pg_isready"],
      { port: 80 },
    ],
    [
      "nothing of another stage",
      ["FROM a AS build", "EXPOSE 9229", "FROM b:1", "EXPOSE 80"],
      { port: 80, image: "b:1" },
    ],
    [
      "what the stages have that it is built on",
      ["FROM a:1 AS base", "EXPOSE 80", "FROM base AS deps", "FROM base"],
      { port: 80, image: "a:1" },
    ],
    ["nothing", ["FROM scratch", 'CMD ["/worker"]'], { image: "scratch", starts: ["CMD"] }],
    ["nothing where it is empty", [""], { image: "" }],
    [
      "what it copies from its context",
      [
        "FROM a AS build",
        "COPY --chown=node:node package.json package-lock.json ./",
        'ADD ["packages/shared", "x"]',
        "ADD https://example.com/tool /tool",
        "FROM b",
        "COPY --from=build /x /x",
        "COPY <<EOF /etc/motd",
        "hello",
        "EOF",
      ],
      { copied: ["package.json", "package-lock.json", "packages/shared"] },
    ],
  ];
  for (const [what, lines, wanted] of cases) {
    it(what, () => {
      const { copied, image, starts, hidesPort, ...facts } = readDockerfile(lines.join("\n"));
      const { copied: wantedCopied = copied, image: wantedImage = image, ...rest } = wanted;
      const { starts: wantedStarts = starts, hidesPort: wantedHidden = false, ...others } = rest;
      assert.deepEqual(facts, others);
      assert.deepEqual([copied, image, starts], [wantedCopied, wantedImage, wantedStarts]);
      assert.equal(hidesPort, wantedHidden);
    });
  }

  it("of the stage that is built, where that is not the last one", () => {
    const text = "FROM a AS runtime\nEXPOSE 80\nFROM b AS debug\nEXPOSE 9229\n";
    assert.equal(readDockerfile(text, "runtime").port, 80);
    assert.equal(readDockerfile(text).port, 9229);
  });
});
