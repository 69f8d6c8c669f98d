import { importCopilot } from "../../importers/copilot/import";
import type { Imported } from "../../importers/imported";
import { rowsOf } from "../../importers/rows";
import { assertTrue, checked, inFolder } from "./support";

export const cluster = `Parameters:
  App: { Type: String }
  Env: { Type: String }
  mainDBName: { Type: String, Default: shop }
Mappings:
  mainScaling:
    prod: { DBMinCapacity: 2, DBMaxCapacity: 16 }
    test: { DBMinCapacity: 0.5, DBMaxCapacity: 8 }
Resources:
  mainDBSubnetGroup: { Type: AWS::RDS::DBSubnetGroup }
  mainDBClusterSecurityGroup: { Type: AWS::EC2::SecurityGroup }
  mainAuroraSecret: { Type: AWS::SecretsManager::Secret }
  mainDBClusterParameterGroup: { Type: AWS::RDS::DBClusterParameterGroup }
  mainDBCluster:
    Type: AWS::RDS::DBCluster
    Properties:
      DatabaseName: !Ref mainDBName
      Engine: aurora-postgresql
      EngineVersion: "14.4"
      ServerlessV2ScalingConfiguration:
        MinCapacity: !FindInMap [mainScaling, !Ref Env, DBMinCapacity]
        MaxCapacity: !FindInMap [mainScaling, !Ref Env, DBMaxCapacity]
  mainDBWriterInstance:
    Type: AWS::RDS::DBInstance
    Properties: { DBInstanceClass: db.serverless, Engine: aurora-postgresql }
  mainSecretAuroraClusterAttachment: { Type: AWS::SecretsManager::SecretTargetAttachment }
Outputs:
  mainSecret: { Value: !Ref mainAuroraSecret, Export: { Name: !Sub "\${App}-\${Env}-mainAuroraSecret" } }
`;

export const redis = `Resources:
  Group: { Type: AWS::EC2::SecurityGroup }
  Subnets: { Type: AWS::ElastiCache::SubnetGroup }
  JobsReplicationGroup:
    Type: AWS::ElastiCache::ReplicationGroup
    Properties: { CacheNodeType: cache.t4g.small, Engine: redis, EngineVersion: "7.1", NumCacheClusters: 2 }
`;

export const files = `Resources:
  UploadsFileSystem: { Type: AWS::EFS::FileSystem }
  Target: { Type: AWS::EFS::MountTarget }
  Point: { Type: AWS::EFS::AccessPoint, Properties: { PosixUser: { Uid: "33", Gid: "34" } } }
Outputs:
  Id: { Value: !Ref UploadsFileSystem, Export: { Name: !Sub "\${App}-\${Env}-Uploads" } }
`;

export const bucket = `Resources:
  orderFilesBucket:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    Properties:
      BucketEncryption:
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: AES256 } }]
      LifecycleConfiguration:
        Rules:
          - Id: ExpireNonCurrentObjects
            Status: Enabled
            NoncurrentVersionExpiration: { NoncurrentDays: 14 }
  orderFilesBucketPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref orderFilesBucket
      PolicyDocument:
        Statement:
          - Effect: Deny
            Principal: "*"
            Action: "s3:*"
            Resource: [!Sub "\${orderFilesBucket.Arn}/*", !Sub "\${orderFilesBucket.Arn}"]
            Condition: { Bool: { "aws:SecureTransport": false } }
  orderFilesAccessPolicy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - { Effect: Allow, Action: ["s3:GetObject"], Resource: !Sub "\${ orderFilesBucket.Arn}/*" }
          - { Effect: Allow, Action: "s3:ListBucket", Resource: !GetAtt [orderFilesBucket, Arn] }
Outputs:
  orderFilesName: { Value: !Ref orderFilesBucket }
`;

const exported = "${COPILOT_APPLICATION_NAME}-${COPILOT_ENVIRONMENT_NAME}";
export const secret = `secrets: { DATABASE: { from_cfn: "${exported}-mainAuroraSecret" } }\n`;
export const mount = `storage: { volumes: { own: { path: /srv, efs: { id: { from_cfn: "${exported}-Uploads" } } } } }\n`;

export function imported(more: Readonly<Record<string, string>>, manifest = ""): Imported {
  const service = (name: string) =>
    `name: ${name}\ntype: Worker Service\nimage: { build: ${name}/Dockerfile }\n`;
  const all = {
    "copilot/.workspace": "application: shop\n",
    "copilot/web/manifest.yml": service("web") + manifest,
    "copilot/jobs/manifest.yml": service("jobs") + manifest,
    "copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n",
    "copilot/environments/prod/manifest.yml": "name: prod\ntype: Environment\n",
    ...more,
  };
  const from = inFolder(all, (folder) => checked(importCopilot(folder)));
  assertTrue(from);
  return from;
}

export interface Written {
  readonly buckets?: unknown;
  readonly databases?: unknown;
  readonly caches?: unknown;
  readonly services: Readonly<
    Record<string, { readonly uses?: unknown; readonly volumes?: unknown }>
  >;
}

export const written = ({ drafts }: Imported, stack = "staging") =>
  drafts.find((each) => each.stack === stack)?.values() as unknown as Written;

export const lostIn = (from: Imported) =>
  rowsOf(from).flatMap(({ node, outcomes }) =>
    outcomes.some(({ outcome }) => outcome.became === "lost") ? [node.path] : [],
  );
