package main

import (
	"regexp"
	"strings"

	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
)

// terraformNames are those that do not follow from the token.
var terraformNames = map[string]string{
	"aws:autoscaling/getAmiIds:getAmiIds":                 "aws_autoscaling_groups",
	"aws:cloudtrail/trail:Trail":                          "aws_cloudtrail",
	"aws:codepipeline/pipeline:Pipeline":                  "aws_codepipeline",
	"aws:iam/openIdConnectProvider:OpenIdConnectProvider": "aws_iam_openid_connect_provider",
	"aws:lb/getLoadBalancer:getLoadBalancer":              "aws_lb",
	"aws:lb/loadBalancer:LoadBalancer":                    "aws_lb",
	"aws:rds/instance:Instance":                           "aws_db_instance",
	"aws:rds/parameterGroup:ParameterGroup":               "aws_db_parameter_group",
	"aws:rds/subnetGroup:SubnetGroup":                     "aws_db_subnet_group",
	"aws:s3/bucketObjectv2:BucketObjectv2":                "aws_s3_object",
}

// modules are those which pulumi-aws spells otherwise than Terraform's resource names.
var modules = map[string]string{"servicediscovery": "service_discovery"}

var hump = regexp.MustCompile(`([a-z0-9])([A-Z])`)

func snake(s string) string { return strings.ToLower(hump.ReplaceAllString(s, "${1}_${2}")) }

// candidates are the Terraform names that a token may stand for, the likeliest first.
func candidates(token string) []string {
	if name, ok := terraformNames[token]; ok {
		return []string{name}
	}
	parts := strings.Split(token, ":")
	module := strings.ToLower(strings.Split(parts[1], "/")[0])
	name := snake(strings.TrimPrefix(parts[2], "get"))
	if module == "index" {
		return []string{"aws_" + name}
	}
	if m, ok := modules[module]; ok {
		module = m
	}
	return []string{"aws_" + module + "_" + name, "aws_" + name}
}

// terraformFor pairs tokens with Terraform names. A name that says its module goes to that module before any other
// token may have it by its last part alone: aws_regions is aws.getRegions, not aws.account.getRegions.
func terraformFor(m shim.ResourceMap, all []string) map[string]string {
	found, taken := map[string]string{}, map[string]bool{}
	for rank := 0; rank < 2; rank++ {
		for _, token := range all {
			names := candidates(token)
			if found[token] != "" || rank >= len(names) || taken[names[rank]] {
				continue
			}
			if _, ok := m.GetOk(names[rank]); ok {
				found[token], taken[names[rank]] = names[rank], true
			}
		}
	}
	return found
}
