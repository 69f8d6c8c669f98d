import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { allow, policyDocument, serviceTrust } from "../../../components/shared/iam";
import { valueOf } from "../../support/record";

const json = async (document: pulumi.Output<string>): Promise<unknown> =>
  JSON.parse(await valueOf(document));

describe("allow", () => {
  it("is a statement of these actions on these resources, and of nothing else", () => {
    assert.deepEqual(allow(["s3:GetObject"], ["arn:aws:s3:::shop/*"]), {
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: ["arn:aws:s3:::shop/*"],
    });
  });

  it("holds under its condition", () => {
    const condition = { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } };
    assert.deepEqual(allow(["iam:PassRole"], "arn:aws:iam::123456789012:role/task", condition), {
      Effect: "Allow",
      Action: ["iam:PassRole"],
      Resource: "arn:aws:iam::123456789012:role/task",
      Condition: condition,
    });
  });
});

describe("policyDocument", () => {
  it("is JSON of all statements, with what is known only later", async () => {
    const arn = pulumi.output("arn:aws:s3:::shop/*");
    const document = policyDocument(allow(["s3:GetObject"], [arn]), {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: arn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
    assert.deepEqual(await json(document), {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::shop/*"] },
        {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: "arn:aws:s3:::shop/*",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });
});

describe("serviceTrust", () => {
  const trust = (condition: unknown) => ({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "codebuild.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: condition,
      },
    ],
  });

  it("is for resources of the account alone", async () => {
    const document = serviceTrust("codebuild.amazonaws.com", { accountId: "123456789012" });
    const account = { StringEquals: { "aws:SourceAccount": "123456789012" } };
    assert.deepEqual(await json(document), trust(account));
  });

  it("is for the resources named, where they are", async () => {
    const sourceArn = "arn:aws:codebuild:eu-west-1:123456789012:project/build";
    const document = serviceTrust("codebuild.amazonaws.com", {
      accountId: pulumi.output("123456789012"),
      sourceArn,
    });
    assert.deepEqual(
      await json(document),
      trust({
        StringEquals: { "aws:SourceAccount": "123456789012" },
        ArnLike: { "aws:SourceArn": sourceArn },
      }),
    );
  });
});
