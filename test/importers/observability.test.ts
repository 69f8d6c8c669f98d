import assert from "node:assert/strict";
import { importCopilot } from "../../importers/copilot/import";
import { became, checked, inFolder } from "./support";

type Service = Readonly<Record<string, unknown>>;

const imported = (more: string) =>
  inFolder(
    {
      "copilot/web/manifest.yml": `name: web
type: Backend Service
image: { location: "acme/web:1.4.2" }
memory: 1024
cpu: 512
${more}`,
    },
    (folder) => checked(importCopilot(folder)),
  );

function web(from: ReturnType<typeof imported>): Service {
  return (from.drafts[0].values().services as Record<string, Service>).web;
}

describe("logs and traces of a Copilot manifest", () => {
  it("become the sidecars that are known", () => {
    const from = imported(`observability: { tracing: awsxray }
logging:
  retention: 30
  image: public.ecr.aws/aws-observability/aws-for-fluent-bit:2.34.3
  destination: { Name: datadog, TLS: on, Retry_Limit: 3 }
  secretOptions: { api-key: /shop/datadog }
  configFilePath: /shop.conf
  enableMetadata: true
  variables: { STAGE: test }
`);
    assert.deepEqual(web(from).sidecars, {
      otel: "openTelemetry",
      router: {
        kind: "fireLens",
        image: "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.34.3",
        options: { Name: "datadog", TLS: "on", Retry_Limit: "3", "api-key": "${API_KEY}" },
        secrets: { API_KEY: "/shop/datadog" },
        configFile: "/shop.conf",
        environment: { STAGE: "test" },
      },
    });
    for (const field of ["destination.Name", "secretOptions.api-key", "image", "variables.STAGE"]) {
      assert.match(became(from, `logging.${field}`).join(), /same$/, field);
    }
    assert.match(became(from, "observability.tracing").join(), /other way$/);
  });

  it("leave sidecars of the manifest alone that are called as theirs would be", () => {
    const from = imported(`observability: { tracing: awsxray }
logging: { destination: { Name: datadog } }
sidecars:
  otel: { image: "acme/otel:1.0" }
  router: { image: "acme/router:1.0", port: 8080 }
`);
    const of = (image: string) => ({ readonlyRootFilesystem: false, image });
    assert.deepEqual(web(from).sidecars, {
      otel: of("acme/otel:1.0"),
      router: { ...of("acme/router:1.0"), port: 8080 },
      "otel-collector": "openTelemetry",
      "log-router": { kind: "fireLens", options: { Name: "datadog" } },
    });
  });

  it("have no output but the file's where the manifest names none", () => {
    const from = imported("logging: { configFilePath: /shop.conf, enableMetadata: false }\n");
    assert.deepEqual(web(from).sidecars, {
      router: { kind: "fireLens", configFile: "/shop.conf", options: {} },
    });
    assert.match(became(from, "logging.enableMetadata").join(), /lost$/);
  });

  it("need no sidecar for how long logs are kept", () => {
    assert.ok(!("sidecars" in web(imported("logging: { retention: 30 }\n"))));
  });

  it("know the collector of AWS where it is a sidecar", () => {
    const from = imported(`sidecars:
  traces:
    image: "public.ecr.aws/aws-observability/aws-otel-collector:v0.48.0"
    secrets: { AOT_CONFIG_CONTENT: /shop/collector }
`);
    assert.deepEqual(web(from).sidecars, {
      traces: {
        kind: "openTelemetry",
        image: "public.ecr.aws/aws-observability/aws-otel-collector:v0.48.0",
        secrets: { AOT_CONFIG_CONTENT: "/shop/collector" },
        readonlyRootFilesystem: false,
      },
    });
    assert.match(became(from, "sidecars.traces.image").join(), /other way$/);
  });
});
