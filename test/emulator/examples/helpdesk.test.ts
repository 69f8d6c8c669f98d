import { isDelivered } from "./delivery";

isDelivered({
  name: "helpdesk",
  services: ["scheduler", "web", "web.nginx", "worker"],
  imageOf: { web: "scheduler", worker: "scheduler" },
  content: { web: ["/health", /^\{"healthy": true\}$/] },
  says: /nginx:1\.29-alpine: nginx of \w+ \w+.*python:3\.13-slim: Python of|python:3\.13-slim: Python of \w+ \w+.*nginx:1\.29-alpine: nginx of/s,
});
