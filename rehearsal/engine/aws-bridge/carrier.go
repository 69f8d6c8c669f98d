package main

import (
	"context"
	"fmt"

	"github.com/hashicorp/go-cty/cty"
	ctyjson "github.com/hashicorp/go-cty/cty/json"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/tfplugin5/proto"
	"google.golang.org/grpc"
)

// carrier is the Terraform provider with the carried blocks. It plans them itself, hands the provider what that one knows,
// and has the provider's own requests completed and answers read on their way to ECS (ecsEndpoint): a request more would
// start a deployment more.
type carrier struct {
	proto.ProviderClient
	ecs *ecsEndpoint

	block        *proto.Schema_Block
	known, whole cty.Type
}

func (c *carrier) GetSchema(
	ctx context.Context, in *proto.GetProviderSchema_Request, opts ...grpc.CallOption,
) (*proto.GetProviderSchema_Response, error) {
	resp, err := c.ProviderClient.GetSchema(ctx, in, opts...)
	if err != nil || resp.ResourceSchemas[carriedType] == nil {
		return resp, err
	}
	schema := resp.ResourceSchemas[carriedType]
	c.block = extended(schema.Block, "")
	c.known, c.whole = blockType(schema.Block), blockType(c.block)
	resp.ResourceSchemas[carriedType] = &proto.Schema{Version: schema.Version, Block: c.block}
	return resp, nil
}

func (c *carrier) ValidateResourceTypeConfig(
	ctx context.Context, in *proto.ValidateResourceTypeConfig_Request, opts ...grpc.CallOption,
) (*proto.ValidateResourceTypeConfig_Response, error) {
	if in.TypeName != carriedType {
		return c.ProviderClient.ValidateResourceTypeConfig(ctx, in, opts...)
	}
	config, err := c.narrow(&in.Config)
	if err != nil {
		return nil, err
	}
	resp, err := c.ProviderClient.ValidateResourceTypeConfig(ctx, in, opts...)
	if err == nil {
		resp.Diagnostics = append(resp.Diagnostics, c.faults(config)...)
	}
	return resp, err
}

func (c *carrier) UpgradeResourceState(
	ctx context.Context, in *proto.UpgradeResourceState_Request, opts ...grpc.CallOption,
) (*proto.UpgradeResourceState_Response, error) {
	resp, err := c.ProviderClient.UpgradeResourceState(ctx, in, opts...)
	if err != nil || in.TypeName != carriedType || resp.UpgradedState == nil {
		return resp, err
	}
	stored, err := ctyjson.Unmarshal(in.RawState.Json, c.whole)
	if err != nil { // a state of an older version, which has nothing carried
		stored = cty.NullVal(c.whole)
	}
	return resp, c.widen(&resp.UpgradedState, stored)
}

func (c *carrier) PlanResourceChange(
	ctx context.Context, in *proto.PlanResourceChange_Request, opts ...grpc.CallOption,
) (*proto.PlanResourceChange_Response, error) {
	if in.TypeName != carriedType {
		return c.ProviderClient.PlanResourceChange(ctx, in, opts...)
	}
	prior, err := c.narrow(&in.PriorState)
	if err != nil {
		return nil, err
	}
	if _, err = c.narrow(&in.Config); err != nil {
		return nil, err
	}
	proposed, err := c.narrow(&in.ProposedNewState)
	if err != nil {
		return nil, err
	}
	resp, err := c.ProviderClient.PlanResourceChange(ctx, in, opts...)
	if err != nil || resp.PlannedState == nil {
		return resp, err
	}
	own := &proto.Schema_Block{BlockTypes: carried[""]}
	return resp, c.widen(&resp.PlannedState, wanted(own, prior, proposed))
}

func (c *carrier) ApplyResourceChange(
	ctx context.Context, in *proto.ApplyResourceChange_Request, opts ...grpc.CallOption,
) (*proto.ApplyResourceChange_Response, error) {
	if in.TypeName != carriedType {
		return c.ProviderClient.ApplyResourceChange(ctx, in, opts...)
	}
	prior, err := c.narrow(&in.PriorState)
	if err != nil {
		return nil, err
	}
	planned, err := c.narrow(&in.PlannedState)
	if err != nil {
		return nil, err
	}
	if _, err = c.narrow(&in.Config); err != nil {
		return nil, err
	}
	missed := func() bool { return false }
	if !planned.IsNull() {
		missed = c.ecs.complete(newCompletion(c.block, prior, planned))
	}
	if !planned.IsNull() && !prior.IsNull() {
		if in.PriorState, err = encode(changedFrom(prior, planned, c.known), c.known); err != nil {
			return nil, err
		}
	}
	resp, err := c.ProviderClient.ApplyResourceChange(ctx, in, opts...)
	if missed() && err == nil && failure(resp.Diagnostics) == nil {
		resp.Diagnostics = append(resp.Diagnostics, fault("%s", notSent))
	}
	if err != nil || resp.NewState == nil {
		return resp, err
	}
	return resp, c.widenService(&resp.NewState, planned)
}

func (c *carrier) ReadResource(
	ctx context.Context, in *proto.ReadResource_Request, opts ...grpc.CallOption,
) (*proto.ReadResource_Response, error) {
	if in.TypeName != carriedType {
		return c.ProviderClient.ReadResource(ctx, in, opts...)
	}
	current, err := c.narrow(&in.CurrentState)
	if err != nil {
		return nil, err
	}
	resp, err := c.ProviderClient.ReadResource(ctx, in, opts...)
	if err != nil || resp.NewState == nil {
		return resp, err
	}
	return resp, c.widenService(&resp.NewState, current)
}

func (c *carrier) ImportResourceState(
	ctx context.Context, in *proto.ImportResourceState_Request, opts ...grpc.CallOption,
) (*proto.ImportResourceState_Response, error) {
	resp, err := c.ProviderClient.ImportResourceState(ctx, in, opts...)
	if err != nil || in.TypeName != carriedType {
		return resp, err
	}
	for _, imported := range resp.ImportedResources {
		if err := c.widen(&imported.State, cty.NullVal(c.whole)); err != nil {
			return nil, err
		}
	}
	return resp, nil
}

// narrow takes out of a message what the provider does not know, and hands back all of it.
func (c *carrier) narrow(message **proto.DynamicValue) (cty.Value, error) {
	v, err := decode(*message, c.whole)
	if err == nil {
		*message, err = encode(narrowed(v, c.known), c.known)
	}
	return v, err
}

// widen adds to a value in the provider's answer what it does not know, from another one.
func (c *carrier) widen(message **proto.DynamicValue, from cty.Value) error {
	v, err := decode(*message, c.known)
	if err == nil {
		*message, err = encode(widened(v, c.whole, from), c.whole)
	}
	return err
}

// widenService adds what ECS said last of the service, or without an answer of it what the given value has.
func (c *carrier) widenService(message **proto.DynamicValue, otherwise cty.Value) error {
	v, err := decode(*message, c.known)
	if err != nil || v.IsNull() {
		return c.widen(message, cty.NullVal(c.whole))
	}
	if service := c.ecs.described(v.GetAttr("id")); service != nil {
		return c.widen(message, serviceFromECS(c.block, service))
	}
	return c.widen(message, knownOnly(otherwise))
}

// knownOnly has null for what is not known.
func knownOnly(v cty.Value) cty.Value {
	out, _ := cty.Transform(v, func(_ cty.Path, v cty.Value) (cty.Value, error) {
		if !v.IsKnown() {
			return cty.NullVal(v.Type()), nil
		}
		return v, nil
	})
	return out
}

func fault(format string, args ...interface{}) *proto.Diagnostic {
	return &proto.Diagnostic{Severity: proto.Diagnostic_ERROR, Summary: fmt.Sprintf(format, args...)}
}
