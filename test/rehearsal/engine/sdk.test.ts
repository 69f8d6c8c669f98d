import assert from "node:assert/strict";
import { readSdkShape } from "../../../rehearsal/engine/sdk";
import { folderWith, removeFolders } from "./support";
import { awsPackage } from "./awsPackage";

describe("what is read from @pulumi/aws", () => {
  afterEach(removeFolders);

  it("are resources, functions, object types and the version", () => {
    assert.deepEqual(readSdkShape(folderWith(awsPackage)), {
      version: "7.48.0",
      provider: { region: "", endpoints: "[]ProviderEndpoint" },
      resources: {
        "aws:ecs/cluster:Cluster": {
          arn: "",
          configuration: "ecs.ClusterConfiguration",
          settings: "[]ecs.ClusterSetting",
          tags: "",
          mode: "",
        },
      },
      functions: {
        "aws:ec2/getSubnets:getSubnets": {
          args: { filters: "[]ec2.GetSubnetsFilter" },
          result: { filters: "[]ec2.GetSubnetsFilter", ids: "[]" },
        },
      },
      inputs: {
        "ec2.GetSubnetsFilter": { name: "", values: "[]" },
        "ecs.ClusterConfiguration": { log: "ecs.ClusterLog" },
        "ecs.ClusterLog": { s3: "" },
        "ecs.ClusterSetting": { name: "", value: "" },
      },
      outputs: { "ec2.GetSubnetsFilter": { name: "", values: "[]" } },
    });
  });
});
