package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"testing"

	"github.com/hashicorp/go-cty/cty"
	ctyjson "github.com/hashicorp/go-cty/cty/json"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/tfplugin5"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/tfplugin5/proto"
	"google.golang.org/grpc"
)

// serviceProvider is a provider of line 5 as far as its services go: it knows nothing that is carried, and asks ECS for
// what changes.
type serviceProvider struct {
	proto.ProviderClient
	endpoint string
}

var service = &proto.Schema_Block{
	Attributes: []*proto.Schema_Attribute{
		{Name: "id", Type: []byte(stringType), Computed: true}, required("name", stringType), required("cluster", stringType),
		optional("desired_count", numberType), optional("task_definition", stringType), optional("launch_type", stringType),
		optional("wait_for_steady_state", `"bool"`),
	},
	BlockTypes: []*proto.Schema_NestedBlock{
		{TypeName: "load_balancer", Nesting: proto.Schema_NestedBlock_SET, Block: &proto.Schema_Block{
			Attributes: []*proto.Schema_Attribute{
				required("container_name", stringType), required("container_port", numberType),
				optional("elb_name", stringType), optional("target_group_arn", stringType),
			},
		}},
		nested("service_connect_configuration", 1, &proto.Schema_Block{
			Attributes: []*proto.Schema_Attribute{required("enabled", stringType), optional("namespace", stringType)},
			BlockTypes: []*proto.Schema_NestedBlock{nested("service", 0, &proto.Schema_Block{
				Attributes: []*proto.Schema_Attribute{required("port_name", stringType), optional("discovery_name", stringType)},
				BlockTypes: []*proto.Schema_NestedBlock{nested("client_alias", 0, &proto.Schema_Block{
					Attributes: []*proto.Schema_Attribute{required("port", numberType), optional("dns_name", stringType)},
				})},
			})},
		}),
		nested("network_configuration", 1, &proto.Schema_Block{
			Attributes: []*proto.Schema_Attribute{optional("subnets", `["set","string"]`)},
		}),
	},
}

// lineFive is the provider that TERRAFORM_AWS_PROVIDER names, or the fake one.
func lineFive(t *testing.T, ecs *ecsEndpoint) shim.Provider {
	t.Helper()
	if executable := os.Getenv("TERRAFORM_AWS_PROVIDER"); executable != "" {
		provider, err := start(executable)
		if err != nil {
			t.Fatal(err)
		}
		return provider
	}
	fake := &carrier{ProviderClient: &serviceProvider{endpoint: ecs.url}, ecs: ecs}
	provider, err := tfplugin5.NewProvider(context.Background(), &client{ProviderClient: fake}, "1.11.4")
	if err != nil {
		t.Fatal(err)
	}
	return ignoring{provider}
}

func (*serviceProvider) GetSchema(
	context.Context, *proto.GetProviderSchema_Request, ...grpc.CallOption,
) (*proto.GetProviderSchema_Response, error) {
	return &proto.GetProviderSchema_Response{
		Provider:        &proto.Schema{Block: &proto.Schema_Block{}},
		ResourceSchemas: map[string]*proto.Schema{carriedType: {Block: service}},
	}, nil
}

func (*serviceProvider) ValidateResourceTypeConfig(
	_ context.Context, in *proto.ValidateResourceTypeConfig_Request, _ ...grpc.CallOption,
) (*proto.ValidateResourceTypeConfig_Response, error) {
	_, err := decode(in.Config, blockType(service))
	return &proto.ValidateResourceTypeConfig_Response{}, err
}

func (*serviceProvider) UpgradeResourceState(
	_ context.Context, in *proto.UpgradeResourceState_Request, _ ...grpc.CallOption,
) (*proto.UpgradeResourceState_Response, error) {
	whole := blockType(extended(service, ""))
	v, err := ctyjson.Unmarshal(in.RawState.Json, whole)
	if err != nil {
		return nil, err
	}
	state, err := encode(narrowed(v, blockType(service)), blockType(service))
	return &proto.UpgradeResourceState_Response{UpgradedState: state}, err
}

func (*serviceProvider) PlanResourceChange(
	_ context.Context, in *proto.PlanResourceChange_Request, _ ...grpc.CallOption,
) (*proto.PlanResourceChange_Response, error) {
	return &proto.PlanResourceChange_Response{PlannedState: in.ProposedNewState}, nil
}

func (p *serviceProvider) ApplyResourceChange(
	_ context.Context, in *proto.ApplyResourceChange_Request, _ ...grpc.CallOption,
) (*proto.ApplyResourceChange_Response, error) {
	prior, err := decode(in.PriorState, blockType(service))
	if err != nil {
		return nil, err
	}
	planned, err := decode(in.PlannedState, blockType(service))
	if err != nil {
		return nil, err
	}
	if planned.IsNull() {
		return &proto.ApplyResourceChange_Response{NewState: in.PlannedState}, p.ask("DeleteService", jsonObject{})
	}
	action, request := "CreateService", jsonObject{"cluster": "acme", "serviceName": "web", "deploymentConfiguration": jsonObject{}}
	if !prior.IsNull() {
		action, request = "UpdateService", jsonObject{"cluster": "acme", "service": prior.GetAttr("id").AsString()}
	}
	for name := range planned.Type().AttributeTypes() {
		if before := attribute(prior, name); differ(before, planned.GetAttr(name)) && name != "wait_for_steady_state" {
			fill(request, name, planned.GetAttr(name))
		}
	}
	if prior.IsNull() || differ(prior, planned) {
		if err := p.ask(action, request); err != nil {
			refusal := &proto.Diagnostic{Severity: proto.Diagnostic_ERROR, Summary: err.Error()}
			return &proto.ApplyResourceChange_Response{NewState: in.PriorState, Diagnostics: []*proto.Diagnostic{refusal}}, nil
		}
	}
	out := planned.AsValueMap()
	out["id"] = cty.StringVal(webARN)
	state, err := encode(cty.ObjectVal(out), blockType(service))
	return &proto.ApplyResourceChange_Response{NewState: state}, err
}

func fill(request jsonObject, name string, v cty.Value) {
	switch name {
	case "desired_count":
		request["desiredCount"] = scalarToECS(name, v)
	case "load_balancer", "service_connect_configuration":
		nestedBlock := &proto.Schema_Block{BlockTypes: []*proto.Schema_NestedBlock{{TypeName: name, Block: blockOf(service, name)}}}
		for key, value := range toECS(nestedBlock, cty.ObjectVal(map[string]cty.Value{name: v})) {
			request[key] = value
			if name == "service_connect_configuration" {
				request[key] = value.([]interface{})[0]
			}
		}
	}
}

// ask sends a request and describes the service, as the provider does after each.
func (p *serviceProvider) ask(action string, request jsonObject) error {
	for _, name := range []string{action, "DescribeServices"} {
		body, _ := json.Marshal(request)
		call, err := http.NewRequest(http.MethodPost, p.endpoint, bytes.NewReader(body))
		if err != nil {
			return err
		}
		call.Header.Set("X-Amz-Target", "AmazonEC2ContainerServiceV20141113."+name)
		answer, err := http.DefaultClient.Do(call)
		if err != nil {
			return err
		}
		var said jsonObject
		_ = json.NewDecoder(answer.Body).Decode(&said)
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			return fmt.Errorf("%s: %v", action, said["message"])
		}
	}
	return nil
}

func (p *serviceProvider) ReadResource(
	_ context.Context, in *proto.ReadResource_Request, _ ...grpc.CallOption,
) (*proto.ReadResource_Response, error) {
	if _, err := decode(in.CurrentState, blockType(service)); err != nil {
		return nil, err
	}
	return &proto.ReadResource_Response{NewState: in.CurrentState}, p.ask("DescribeServices", jsonObject{})
}

func (*serviceProvider) ImportResourceState(
	context.Context, *proto.ImportResourceState_Request, ...grpc.CallOption,
) (*proto.ImportResourceState_Response, error) {
	v := map[string]cty.Value{}
	for name, ty := range blockType(service).AttributeTypes() {
		v[name] = cty.NullVal(ty)
	}
	v["id"], v["name"], v["cluster"] = cty.StringVal(webARN), cty.StringVal("web"), cty.StringVal("acme")
	v["load_balancer"] = cty.SetVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{
		"container_name": cty.StringVal("web"), "container_port": cty.NumberIntVal(80), "elb_name": cty.StringVal(""),
		"target_group_arn": cty.StringVal(groups + "blue/1"),
	})})
	state, err := encode(cty.ObjectVal(v), blockType(service))
	return &proto.ImportResourceState_Response{ImportedResources: []*proto.ImportResourceState_ImportedResource{
		{TypeName: carriedType, State: state, Private: []byte("{}")},
	}}, err
}
