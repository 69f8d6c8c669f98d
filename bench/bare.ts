import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** What Pulumi itself takes: as many of the plainest resources as Gantry's services have, and nothing else. */
const resourcesOfService = 20;
const services = Number(process.env.GANTRY_BENCH_SERVICES);

for (let service = 0; service < services; service += 1) {
  const parent = new pulumi.ComponentResource("bench:index:Service", `service-${service}`, {}, {});
  for (let child = 1; child < resourcesOfService; child += 1) {
    new aws.ssm.Parameter(`${service}-${child}`, { type: "String", value: "x" }, { parent });
  }
}
