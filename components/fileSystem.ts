import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fileSystemFaults } from "./fileSystem/validate";
import type { VolumeSource } from "./service/volumes";
import { tellOtherKey } from "./shared/otherKey";
import { policyDocument } from "./shared/iam";
import { named, type Tags } from "./shared/tags";
import { refuse } from "./shared/validation";

interface CommonFileSystemArgs {
  /** The folder in the file system that is its root to whoever mounts it, made where it is not there. Without it, `/files`. */
  readonly path?: string;
  /** User that every access counts as, and that owns the folder as it is made. Without it, 1000. */
  readonly uid?: number;
  /** Group of the same. Without it, 1000. */
  readonly gid?: number;
  readonly tags?: Tags;
}

export interface CreateFileSystemArgs extends CommonFileSystemArgs {
  readonly mode: "create";
  readonly vpcId: pulumi.Input<string>;
  /** Where it is reached: one subnet in each zone that tasks run in, which all reach it from there. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Whether it goes, files and all, when it is removed. Without it, it stays in AWS, and Pulumi forgets it. */
  readonly forceDelete?: boolean;
  /** The KMS key of its files, for good: EFS changes none. Without it, AWS's own for EFS. */
  readonly keyArn?: pulumi.Input<string>;
}

export interface ExistingFileSystemArgs extends CommonFileSystemArgs {
  readonly mode: "existing";
  /** As `fs-0a1b2c3d4e5f60718`, of the same account and region. Its own security groups must let the tasks in. */
  readonly fileSystemId: pulumi.Input<string>;
}

export type FileSystemArgs = CreateFileSystemArgs | ExistingFileSystemArgs;

/** Days without access after which a file moves to the storage class for what is rarely read. */
const daysToInfrequentAccess = 30;

/**
 * Files that tasks share and that outlive them: an EFS file system, encrypted, backed up every day (AWS Backup keeps each for
 * 35 days), spoken to with TLS alone, with a security group that lets in whom it is told to; and an access point, through which
 * whoever mounts it is one user in one folder. Of one that exists, the access point alone.
 *
 * Without `forceDelete` it outlives its removal, with its policy and its backups.
 *
 * It costs 0.30 USD a GB and month, 0.016 of what nobody has read for 30 days, 0.05 of backups; 0.03 USD a GB read and 0.06
 * written (us-east-1, "Amazon EFS pricing", 2026). Empty, it costs nothing.
 *
 * @example
 * new FileSystem("uploads", { mode: "existing", fileSystemId: "fs-0a1b2c3d4e5f60718" });
 * @example
 * new FileSystem("uploads", { mode: "create", vpcId: network.vpcId, subnetIds: ["subnet-0a1b2c3d", "subnet-4e5f6071"],
 *   path: "/uploads", uid: 33, gid: 33, forceDelete: false,
 *   keyArn: "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef", tags: { team: "shop" } });
 */
export class FileSystem extends pulumi.ComponentResource implements VolumeSource {
  readonly fileSystemId: pulumi.Output<string>;
  readonly fileSystemArn: pulumi.Output<string>;
  readonly accessPointId: pulumi.Output<string>;
  readonly accessPointArn: pulumi.Output<string>;
  /** Of the mount targets; undefined of one that exists. */
  readonly securityGroupId?: pulumi.Output<string>;
  /** The mount targets. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: FileSystemArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gantry:index:FileSystem", name, {}, opts);
    refuse(this, "FileSystem", fileSystemFaults(args));
    const made = args.mode === "create" ? this.create(name, args) : undefined;
    const accessPoint = this.accessPoint(
      name,
      made?.fileSystem.id ?? (args as ExistingFileSystemArgs).fileSystemId,
      args,
    );
    this.fileSystemId = accessPoint.fileSystemId;
    this.fileSystemArn = accessPoint.fileSystemArn;
    this.accessPointId = accessPoint.id;
    this.accessPointArn = accessPoint.arn;
    this.securityGroupId = made?.securityGroup.id;
    this.ready = made?.mountTargets ?? [];
    this.registerOutputs({
      fileSystemId: this.fileSystemId,
      accessPointId: this.accessPointId,
    });
  }

  private create(name: string, args: CreateFileSystemArgs) {
    const { vpcId, keyArn, tags } = args;
    const fileSystem = new aws.efs.FileSystem(
      `${name}-files`,
      {
        encrypted: true,
        kmsKeyId: keyArn,
        throughputMode: "elastic",
        lifecyclePolicies: [
          { transitionToIa: `AFTER_${daysToInfrequentAccess}_DAYS` },
          { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" },
        ],
        tags: named(name, tags),
      },
      // EFS encrypts with another key in another file system alone, and the files are in this one.
      { ...this.kept(args), ignoreChanges: ["kmsKeyId"] },
    );
    tellOtherKey(fileSystem, fileSystem.kmsKeyId, keyArn);
    this.guard(name, fileSystem, args);
    const securityGroup = new aws.ec2.SecurityGroup(
      `${name}-mounts`,
      { vpcId, description: `NFS of ${name}`, tags: named(`${name}-mounts`, tags) },
      { parent: this },
    );
    const mountTargets = args.subnetIds.map(
      (subnetId, index) =>
        new aws.efs.MountTarget(
          `${name}-mount${index}`,
          { fileSystemId: fileSystem.id, subnetId, securityGroups: [securityGroup.id] },
          // A zone has one: a new one finds no place until the old one is gone.
          { parent: this, deleteBeforeReplace: true },
        ),
    );
    return { fileSystem, securityGroup, mountTargets };
  }

  /** What keeps files from being lost and read by others goes with them, and stays with them. */
  private guard(name: string, fileSystem: aws.efs.FileSystem, args: CreateFileSystemArgs): void {
    new aws.efs.BackupPolicy(
      `${name}-backup`,
      { fileSystemId: fileSystem.id, backupPolicy: { status: "ENABLED" } },
      this.kept(args),
    );
    new aws.efs.FileSystemPolicy(
      `${name}-policy`,
      {
        fileSystemId: fileSystem.id,
        // Where there is a policy, clients without a role that may are refused as well.
        policy: policyDocument({
          ...{ Sid: "TlsOnly", Effect: "Deny", Principal: { AWS: "*" } },
          Action: [
            "elasticfilesystem:ClientMount",
            "elasticfilesystem:ClientRootAccess",
            "elasticfilesystem:ClientWrite",
          ],
          Resource: fileSystem.arn,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        }),
      },
      this.kept(args),
    );
  }

  private kept({ forceDelete = false }: CreateFileSystemArgs): pulumi.CustomResourceOptions {
    return { parent: this, retainOnDelete: !forceDelete };
  }

  private accessPoint(name: string, fileSystemId: pulumi.Input<string>, args: FileSystemArgs) {
    const { path = "/files", uid = 1000, gid = 1000, tags } = args;
    return new aws.efs.AccessPoint(
      `${name}-access`,
      {
        fileSystemId,
        posixUser: { uid, gid },
        rootDirectory: {
          path,
          creationInfo: { ownerUid: uid, ownerGid: gid, permissions: "0755" },
        },
        tags: named(name, tags),
      },
      { parent: this },
    );
  }
}
