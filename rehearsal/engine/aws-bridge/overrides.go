package main

import (
	"context"
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

type fields = map[string]*tfbridge.SchemaInfo

// overrides are the properties whose partner no rule finds, since pulumi-aws gave them names of its own, and the names
// that it makes up with other limits than 255 characters.
var overrides = map[string]fields{
	"aws_batch_compute_environment":          {"compute_environment_name": tfbridge.AutoName("name", 128, "-")},
	"aws_cloudwatch_log_subscription_filter": {"log_group_name": {Name: "logGroup"}},
	"aws_cloudwatch_metric_alarm":            {"alarm_name": tfbridge.AutoName("name", 255, "-")},
	"aws_codebuild_project":                  {"name": tfbridge.AutoName("name", 150, "-")},
	"aws_codepipeline":                       {"name": tfbridge.AutoName("name", 100, "-")},
	"aws_ecr_repository":                     {"name": tfbridge.AutoNameTransform("name", 256, strings.ToLower)},
	"aws_iam_instance_profile":               {"name": tfbridge.AutoName("name", 128, "-")},
	"aws_iam_policy":                         {"name": tfbridge.AutoName("name", 128, "-")},
	"aws_iam_role":                           {"name": tfbridge.AutoName("name", 64, "-")},
	"aws_kms_alias":                          {"name": prefixed("alias/")},
	"aws_lambda_function": {
		"function_name": tfbridge.AutoName("name", 64, "-"),
		"filename":      {Name: "code", Asset: &tfbridge.AssetTranslation{Kind: tfbridge.FileArchive}},
	},
	"aws_lambda_layer_version": {
		"filename": {Name: "code", Asset: &tfbridge.AssetTranslation{Kind: tfbridge.FileArchive}},
	},
	"aws_lambda_permission":               {"function_name": {Name: "function"}},
	"aws_launch_template":                 {"name": tfbridge.AutoName("name", 125, "-")},
	"aws_lb":                              {"name": tfbridge.AutoName("name", 32, "-")},
	"aws_lb_target_group":                 {"name": tfbridge.AutoName("name", 32, "-")},
	"aws_s3_bucket":                       {"bucket": tfbridge.AutoNameTransform("bucket", 63, strings.ToLower)},
	"aws_s3_object":                       {"source": {Asset: &tfbridge.AssetTranslation{Kind: tfbridge.FileAsset}}},
	"aws_s3_bucket_website_configuration": {"routing_rule": {Name: "routingRuleDetails"}},
	"aws_sns_topic_subscription":          {"topic_arn": {Name: "topic"}},
	"aws_sqs_queue":                       {"name": tfbridge.AutoName("name", 80, "-")},
}

func prefixed(prefix string) *tfbridge.SchemaInfo {
	return tfbridge.AutoNameWithCustomOptions("name", tfbridge.AutoNameOptions{
		Separator: "-", Maxlen: 255 - len(prefix), Randlen: 7,
		Transform: func(name string) string { return prefix + name },
	})
}

// copies are outputs that providers of line 6, which @pulumi/aws 7 follows, have and those of line 5 have under another
// name: new name to old.
var copies = map[string]map[string]string{
	"aws_ecs_service": {"arn": "id"},
	"aws_s3_bucket":   {"bucketRegion": "region"},
}

func copied(names map[string]string) tfbridge.PropertyTransform {
	if names == nil {
		return nil
	}
	return func(_ context.Context, outputs resource.PropertyMap) (resource.PropertyMap, error) {
		out := outputs.Copy()
		for to, from := range names {
			if value, ok := outputs[resource.PropertyKey(from)]; ok {
				out[resource.PropertyKey(to)] = value
			}
		}
		return out, nil
	}
}
