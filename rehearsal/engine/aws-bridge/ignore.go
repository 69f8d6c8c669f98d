package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/go-cty/cty"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/tfplugin5/proto"
)

// ignoring adds the resource option ignoreChanges, which the tfplugin5 shim refuses. The names of the attributes travel
// in the context, since the plan in which they count is made behind the shim.
type ignoring struct{ shim.Provider }

type ignoredAttributes struct{}

func (p ignoring) Diff(
	ctx context.Context, t string, s shim.InstanceState, c shim.ResourceConfig, opts shim.DiffOptions,
) (shim.InstanceDiff, error) {
	if opts.IgnoreChanges != nil {
		ctx = context.WithValue(ctx, ignoredAttributes{}, opts.IgnoreChanges())
		opts.IgnoreChanges = nil
	}
	return p.Provider.Diff(ctx, t, s, c, opts)
}

// keepIgnored gives config the prior values of the attributes that the program ignores changes of. The engine itself
// only compares what the program says with what it said before: a count that autoscaling has moved since is kept here.
func keepIgnored(ctx context.Context, b *proto.Schema_Block, prior, config cty.Value) (cty.Value, error) {
	ignored, _ := ctx.Value(ignoredAttributes{}).(map[string]struct{})
	if len(ignored) == 0 || prior.IsNull() || !prior.IsKnown() || config.IsNull() || !config.IsKnown() {
		return config, nil
	}
	out := config.AsValueMap()
	for key := range ignored {
		name := strings.TrimSuffix(strings.TrimSuffix(key, ".#"), ".%")
		if whole := strings.TrimSuffix(name, ".0"); isSingle(b, whole) {
			name = whole
		}
		if _, ok := out[name]; !ok {
			return config, fmt.Errorf("ignoreChanges of %q: this plugin ignores whole properties of a resource only", key)
		}
		if v := prior.GetAttr(name); !v.IsNull() {
			out[name] = v
		}
	}
	return cty.ObjectVal(out), nil
}

// isSingle are the blocks that Pulumi takes one object for: the shim names them by their only element.
func isSingle(b *proto.Schema_Block, name string) bool {
	for _, n := range b.BlockTypes {
		if n.TypeName == name {
			return n.MaxItems == 1
		}
	}
	return false
}
