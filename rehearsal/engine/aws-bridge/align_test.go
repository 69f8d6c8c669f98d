package main

import (
	"reflect"
	"testing"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/schema"
)

func list(elem interface{}) shim.Schema {
	return (&schema.Schema{Type: shim.TypeList, Optional: true, Elem: elem}).Shim()
}

func object(attributes schema.SchemaMap) shim.Resource {
	return (&schema.Resource{Schema: attributes}).Shim()
}

var text = (&schema.Schema{Type: shim.TypeString, Optional: true}).Shim()

func TestAlign(t *testing.T) {
	a := aligner{
		types: map[string]properties{
			"x.Rule":   {"name": "", "filter": "x.Filter", "tags": "[]"},
			"x.Filter": {"prefix": ""},
		},
		unmatched: map[string]string{},
	}
	attributes := schema.SchemaMap{
		"bucket": text,
		"gone":   text,
		"index":  list(text),
		"rule": list(object(schema.SchemaMap{
			"name":   text,
			"tag":    list(text),
			"filter": list(object(schema.SchemaMap{"prefix": text})),
		})),
	}
	sdk := properties{"bucketName": "", "indexes": "[]", "rules": "[]x.Rule", "new": ""}
	got := a.fields("t", attributes, sdk, fields{"bucket": {Name: "bucketName"}})
	one := true
	want := fields{
		"bucket": {Name: "bucketName"},
		"index":  {Name: "indexes"},
		"rule":   {Elem: &tfbridge.SchemaInfo{Fields: fields{"filter": {MaxItemsOne: &one}}}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", describe(got))
	}
	if want := map[string]string{"t.gone": onlyTerraform, "t.new": onlySDK}; !reflect.DeepEqual(a.unmatched, want) {
		t.Errorf("unmatched: %v", a.unmatched)
	}
}

func describe(f fields) map[string]tfbridge.SchemaInfo {
	out := map[string]tfbridge.SchemaInfo{}
	for name, info := range f {
		out[name] = *info
	}
	return out
}

func TestTerraformFor(t *testing.T) {
	resources := schema.ResourceMap{
		"aws_ecs_cluster": nil, "aws_vpc": nil, "aws_regions": nil, "aws_lb": nil,
		"aws_db_instance": nil, "aws_instance": nil,
	}
	got := terraformFor(resources, []string{
		"aws:account/getRegions:getRegions", "aws:ec2/vpc:Vpc", "aws:ecs/cluster:Cluster",
		"aws:index/getRegions:getRegions", "aws:lb/loadBalancer:LoadBalancer", "aws:x/new:New",
		"aws:rds/instance:Instance", "aws:ec2/instance:Instance",
	})
	want := map[string]string{
		"aws:ec2/vpc:Vpc": "aws_vpc", "aws:ecs/cluster:Cluster": "aws_ecs_cluster",
		"aws:index/getRegions:getRegions": "aws_regions", "aws:lb/loadBalancer:LoadBalancer": "aws_lb",
		"aws:rds/instance:Instance": "aws_db_instance", "aws:ec2/instance:Instance": "aws_instance",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
}
