import { secretIn } from "../../stacks/config/secretValues";
import { when, type Rule } from "../rule";
import { at, isAbsent, isOff, isOn, items, notKnown, textOf } from "../values";

const instances = ["aws:ec2/instance:Instance"];
const templates = ["aws:ec2/launchTemplate:LaunchTemplate"];
const volumes = ["aws:ebs/volume:Volume"];
const functions = ["aws:lambda/function:Function"];

export const instanceRules: readonly Rule[] = [
  {
    name: "ec2-metadata-v2",
    severity: "high",
    because:
      "With version 1 of the metadata service whoever makes a server fetch an address gets its role's keys.",
    fix: "set metadataOptions.httpTokens to required",
    types: [...instances, ...templates],
    check: ({ properties }) => {
      const tokens = at(properties, "metadataOptions", "httpTokens");
      return when(tokens !== notKnown && tokens !== "required", "tokens are not required");
    },
  },
  {
    name: "ec2-encrypted-disks",
    severity: "high",
    because: "A snapshot of a disk that is not encrypted can be read by whoever it is shared with.",
    fix: "set encrypted to true",
    types: [...instances, ...templates, ...volumes],
    check: ({ type, properties }) => {
      const disks = volumes.includes(type)
        ? [properties]
        : [
            ...items(properties.rootBlockDevice),
            ...items(properties.ebsBlockDevices),
            ...items(properties.blockDeviceMappings).flatMap((each) => items(at(each, "ebs"))),
          ];
      return when(
        disks.some((disk) => isOff(at(disk, "encrypted")) && isAbsent(at(disk, "snapshotId"))),
        "a disk is not encrypted",
      );
    },
  },
  {
    name: "ec2-public-address",
    severity: "medium",
    because: "A machine with a public address is one open port away from the internet.",
    fix: "leave associatePublicIpAddress out, and lead requests through a load balancer",
    types: [...instances, ...templates],
    check: ({ properties }) =>
      when(
        [properties, ...items(properties.networkInterfaces)].some((each) =>
          isOn(at(each, "associatePublicIpAddress")),
        ),
        "it has a public address",
      ),
  },
  {
    name: "ec2-secrets-in-user-data",
    severity: "high",
    because: "User data can be read by everything on a machine and by whoever may describe it.",
    fix: "read the secret from Secrets Manager or SSM when the machine starts",
    types: [...instances, ...templates],
    check: ({ properties: { userData, userDataBase64 } }) =>
      [userData, userDataBase64]
        .flatMap((text) => textOf(text) ?? [])
        .flatMap((text) => secretIn(text) ?? secretIn(Buffer.from(text, "base64").toString()) ?? [])
        .map((kind) => `user data has what looks like ${kind}`),
  },
  {
    name: "lambda-public-url",
    severity: "high",
    because: "A function URL without authorization runs, and bills, for everybody who finds it.",
    fix: "set authorizationType to AWS_IAM, or put a load balancer or CloudFront in front",
    types: ["aws:lambda/functionUrl:FunctionUrl"],
    check: ({ properties }) =>
      when(properties.authorizationType === "NONE", "authorizationType is NONE"),
  },
  {
    name: "lambda-tracing",
    severity: "low",
    because: "Without traces nobody sees which call of a function was slow.",
    fix: "set tracingConfig.mode to Active",
    types: functions,
    check: ({ properties }) => {
      const mode = at(properties, "tracingConfig", "mode");
      return when(mode !== notKnown && mode !== "Active", "calls are not traced");
    },
  },
];
