const filter = `export declare namespace ec2 {
    interface GetSubnetsFilter {
        /**
         * Name of the field.
         */
        name: string;
        values: string[];
    }
}
`;

/** A very small @pulumi/aws, in the form in which the real one is generated. */
export const awsPackage: Record<string, string> = {
  "package.json": '{ "name": "@pulumi/aws", "version": "7.48.0" }',
  "types/input.d.ts": `${filter}export declare namespace ecs {
    interface ClusterConfiguration {
        log?: pulumi.Input<inputs.ecs.ClusterLog | undefined>;
    }
    interface ClusterLog {
        s3?: pulumi.Input<string | undefined>;
    }
    interface ClusterSetting {
        name: pulumi.Input<string>;
        value: pulumi.Input<string>;
    }
    interface Unused {
        x: pulumi.Input<string>;
    }
}
`,
  "types/output.d.ts": filter,
  "provider.d.ts": `export interface ProviderArgs {
    region?: pulumi.Input<string | undefined>;
    endpoints?: pulumi.Input<pulumi.Input<inputs.ProviderEndpoint>[] | undefined>;
}
`,
  "ecs/cluster.js": "Cluster.__pulumiType = 'aws:ecs/cluster:Cluster';\n",
  "ecs/cluster.d.ts": `export declare class Cluster extends pulumi.CustomResource {
    readonly arn: pulumi.Output<string>;
}
export interface ClusterState {
    arn?: pulumi.Input<string | undefined>;
    configuration?: pulumi.Input<inputs.ecs.ClusterConfiguration | undefined>;
    settings?: pulumi.Input<pulumi.Input<inputs.ecs.ClusterSetting>[] | undefined>;
    tags?: pulumi.Input<{
        [key: string]: pulumi.Input<string>;
    } | undefined>;
    mode?: pulumi.Input<string | enums.ecs.Mode | undefined>;
}
export interface ClusterArgs {
    configuration?: pulumi.Input<inputs.ecs.ClusterConfiguration | undefined>;
}
`,
  "ec2/getSubnets.js": 'return pulumi.runtime.invoke("aws:ec2/getSubnets:getSubnets", {});\n',
  "ec2/getSubnets.d.ts": `export interface GetSubnetsArgs {
    filters?: inputs.ec2.GetSubnetsFilter[];
}
export interface GetSubnetsResult {
    readonly filters?: outputs.ec2.GetSubnetsFilter[];
    readonly ids: string[];
}
`,
};
