package main

import (
	"context"
	"encoding/json"
	"sync"

	ctyjson "github.com/hashicorp/go-cty/cty/json"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/tfplugin5/proto"
	"google.golang.org/grpc"
)

// client stands between the bridge's tfplugin5 shim and the Terraform provider. Terraform core prepares the values
// that a provider is handed in two ways which the shim leaves out: an absent nested block is an empty collection
// and never null, and the proposed new state of a plan carries the prior value of every computed attribute that
// the configuration leaves unset.
type client struct {
	proto.ProviderClient
	schemas  map[string]*proto.Schema
	upgraded sync.Map
	provided sync.Map
}

func (c *client) GetSchema(
	ctx context.Context, in *proto.GetProviderSchema_Request, opts ...grpc.CallOption,
) (*proto.GetProviderSchema_Response, error) {
	opts = append(opts, grpc.MaxCallRecvMsgSize(256<<20))
	resp, err := c.ProviderClient.GetSchema(ctx, in, opts...)
	if err == nil {
		c.schemas = resp.ResourceSchemas
	}
	return resp, err
}

func (c *client) ValidateResourceTypeConfig(
	ctx context.Context, in *proto.ValidateResourceTypeConfig_Request, opts ...grpc.CallOption,
) (*proto.ValidateResourceTypeConfig_Response, error) {
	var err error
	if in.Config, err = c.normalise(in.TypeName, in.Config); err != nil {
		return nil, err
	}
	return c.ProviderClient.ValidateResourceTypeConfig(ctx, in, opts...)
}

func (c *client) PlanResourceChange(
	ctx context.Context, in *proto.PlanResourceChange_Request, opts ...grpc.CallOption,
) (*proto.PlanResourceChange_Response, error) {
	block := c.schemas[in.TypeName].Block
	ty := blockType(block)
	prior, err := decode(c.asProvided(stateOf(in.TypeName), in.PriorState), ty)
	if err != nil {
		return nil, err
	}
	config, err := decode(in.Config, ty)
	if err != nil {
		return nil, err
	}
	prior = existing(prior)
	prior, config = withComputed(block, withBlocks(block, prior)), withBlocks(block, config)
	if config, err = keepIgnored(ctx, block, prior, config); err != nil {
		return nil, err
	}
	proposed := config
	if !config.IsNull() {
		proposed = propose(block, prior, config)
	}
	if in.PriorState, err = encode(prior, ty); err != nil {
		return nil, err
	}
	if in.Config, err = encode(config, ty); err != nil {
		return nil, err
	}
	if in.ProposedNewState, err = encode(proposed, ty); err != nil {
		return nil, err
	}
	resp, err := c.ProviderClient.PlanResourceChange(ctx, in, opts...)
	if err != nil {
		return nil, err
	}
	if err := failure(resp.Diagnostics); err != nil {
		return nil, err
	}
	if len(resp.PlannedPrivate) == 0 {
		resp.PlannedPrivate = []byte("{}")
	}
	planned, err := decode(resp.PlannedState, ty)
	if err != nil {
		return nil, err
	}
	resp.PlannedState, err = c.forShim(planOf(in.TypeName), planned, ty)
	return resp, err
}

func (c *client) ApplyResourceChange(
	ctx context.Context, in *proto.ApplyResourceChange_Request, opts ...grpc.CallOption,
) (*proto.ApplyResourceChange_Response, error) {
	ty := blockType(c.schemas[in.TypeName].Block)
	prior, err := decode(c.asProvided(stateOf(in.TypeName), in.PriorState), ty)
	if err != nil {
		return nil, err
	}
	in.PlannedState = c.asProvided(planOf(in.TypeName), in.PlannedState)
	if in.PriorState, err = encode(existing(prior), ty); err != nil {
		return nil, err
	}
	for _, v := range []**proto.DynamicValue{&in.PriorState, &in.PlannedState, &in.Config} {
		if *v, err = c.normalise(in.TypeName, *v); err != nil {
			return nil, err
		}
	}
	resp, err := c.ProviderClient.ApplyResourceChange(ctx, in, opts...)
	if err != nil {
		return nil, err
	}
	if fail := failure(resp.Diagnostics); fail != nil {
		// A create that failed before the provider had an id leaves nothing to keep.
		v, err := decode(resp.NewState, ty)
		if err != nil || v.IsNull() || v.GetAttr("id").IsNull() || !v.GetAttr("id").IsKnown() {
			return nil, fail
		}
	}
	return resp, nil
}

// UpgradeResourceState hands back what the provider last answered for a resource when the shim calls it a second time
// with the state it was just given: by then the shim holds sets in a form that does not survive JSON.
func (c *client) UpgradeResourceState(
	ctx context.Context, in *proto.UpgradeResourceState_Request, opts ...grpc.CallOption,
) (*proto.UpgradeResourceState_Response, error) {
	block := c.schemas[in.TypeName].Block
	ty := blockType(block)
	var state struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(in.RawState.Json, &state)
	key := in.TypeName + "/" + state.ID
	in.RawState = &proto.RawState{Json: withoutCopies(in.RawState.Json, in.TypeName)}
	if _, err := ctyjson.Unmarshal(in.RawState.Json, ty); err != nil {
		if last, ok := c.upgraded.Load(key); ok {
			return &proto.UpgradeResourceState_Response{UpgradedState: last.(*proto.DynamicValue)}, nil
		}
	}
	resp, err := c.ProviderClient.UpgradeResourceState(ctx, in, opts...)
	if err != nil || resp.UpgradedState == nil {
		return resp, err
	}
	v, err := decode(resp.UpgradedState, ty)
	if err != nil {
		return nil, err
	}
	v = withComputed(block, withBlocks(block, v))
	if resp.UpgradedState, err = c.forShim(stateOf(in.TypeName), v, ty); err != nil {
		return nil, err
	}
	c.upgraded.Store(key, resp.UpgradedState)
	return resp, nil
}

// ImportResourceState remembers what it hands back, as UpgradeResourceState does: the shim reads it right after.
func (c *client) ImportResourceState(
	ctx context.Context, in *proto.ImportResourceState_Request, opts ...grpc.CallOption,
) (*proto.ImportResourceState_Response, error) {
	resp, err := c.ProviderClient.ImportResourceState(ctx, in, opts...)
	if err != nil {
		return nil, err
	}
	if err := failure(resp.Diagnostics); err != nil {
		return nil, err
	}
	for _, imported := range resp.ImportedResources {
		block := c.schemas[imported.TypeName].Block
		v, err := decode(imported.State, blockType(block))
		if err != nil {
			return nil, err
		}
		if id := v.GetAttr("id"); id.IsKnown() && !id.IsNull() {
			v = withComputed(block, withBlocks(block, v))
			if imported.State, err = c.forShim(stateOf(imported.TypeName), v, v.Type()); err != nil {
				return nil, err
			}
			c.upgraded.Store(imported.TypeName+"/"+id.AsString(), imported.State)
		}
	}
	return resp, nil
}

func (c *client) ReadResource(
	ctx context.Context, in *proto.ReadResource_Request, opts ...grpc.CallOption,
) (*proto.ReadResource_Response, error) {
	var err error
	current := c.asProvided(stateOf(in.TypeName), in.CurrentState)
	if in.CurrentState, err = c.normalise(in.TypeName, current); err != nil {
		return nil, err
	}
	return c.ProviderClient.ReadResource(ctx, in, opts...)
}

// ReadDataSource tells a refusal as an error: the shim would take the state that such an answer has not.
func (c *client) ReadDataSource(
	ctx context.Context, in *proto.ReadDataSource_Request, opts ...grpc.CallOption,
) (*proto.ReadDataSource_Response, error) {
	resp, err := c.ProviderClient.ReadDataSource(ctx, in, opts...)
	if err != nil {
		return nil, err
	}
	if err := failure(resp.Diagnostics); err != nil {
		return nil, err
	}
	return resp, nil
}

func (c *client) normalise(name string, v *proto.DynamicValue) (*proto.DynamicValue, error) {
	block := c.schemas[name].Block
	ty := blockType(block)
	val, err := decode(v, ty)
	if err != nil {
		return nil, err
	}
	return encode(withBlocks(block, val), ty)
}

// withoutCopies takes out of a stored state the outputs which the bridge made up and no provider of line 5 knows.
func withoutCopies(state []byte, resourceType string) []byte {
	var stored map[string]json.RawMessage
	if len(copies[resourceType]) == 0 || json.Unmarshal(state, &stored) != nil {
		return state
	}
	for property := range copies[resourceType] {
		delete(stored, snake(property))
	}
	out, err := json.Marshal(stored)
	if err != nil {
		return state
	}
	return out
}
