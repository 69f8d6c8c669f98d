package main

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/go-cty/cty"
	ctyjson "github.com/hashicorp/go-cty/cty/json"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/tfplugin5"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/tfplugin5/proto"
	"google.golang.org/grpc"
)

// group has what security groups and tables have: a computed set of rules with lists inside, and a set of blocks with a
// set inside.
var group = &proto.Schema_Block{
	Attributes: []*proto.Schema_Attribute{
		{Name: "id", Type: []byte(`"string"`), Computed: true},
		{Name: "tags", Type: []byte(`["map","string"]`), Optional: true},
		{
			Name: "rule", Optional: true, Computed: true,
			Type: []byte(`["set",["object",{"port":"number","ranges":["list","string"]}]]`),
		},
	},
	BlockTypes: []*proto.Schema_NestedBlock{{
		TypeName: "index", Nesting: proto.Schema_NestedBlock_SET,
		Block: &proto.Schema_Block{Attributes: []*proto.Schema_Attribute{
			{Name: "name", Type: []byte(`"string"`), Required: true},
			{Name: "keys", Type: []byte(`["set","string"]`), Optional: true},
		}},
	}},
}

// fakeProvider plans with plan what it is proposed, and keeps what it is shown.
type fakeProvider struct {
	proto.ProviderClient
	plan                  func(cty.Value) cty.Value
	prior, planned, asked cty.Value
}

func (*fakeProvider) GetSchema(
	context.Context, *proto.GetProviderSchema_Request, ...grpc.CallOption,
) (*proto.GetProviderSchema_Response, error) {
	return &proto.GetProviderSchema_Response{
		Provider:        &proto.Schema{Block: &proto.Schema_Block{}},
		ResourceSchemas: map[string]*proto.Schema{"aws_group": {Block: group}},
	}, nil
}

func (*fakeProvider) UpgradeResourceState(
	_ context.Context, in *proto.UpgradeResourceState_Request, _ ...grpc.CallOption,
) (*proto.UpgradeResourceState_Response, error) {
	v, err := ctyjson.Unmarshal(in.RawState.Json, blockType(group))
	if err != nil {
		return nil, err
	}
	state, err := encode(v, blockType(group))
	return &proto.UpgradeResourceState_Response{UpgradedState: state}, err
}

func (p *fakeProvider) PlanResourceChange(
	_ context.Context, in *proto.PlanResourceChange_Request, _ ...grpc.CallOption,
) (*proto.PlanResourceChange_Response, error) {
	proposed, err := decode(in.ProposedNewState, blockType(group))
	if err != nil {
		return nil, err
	}
	if p.prior, err = decode(in.PriorState, blockType(group)); err != nil {
		return nil, err
	}
	p.planned = p.plan(proposed)
	planned, err := encode(p.planned, blockType(group))
	return &proto.PlanResourceChange_Response{PlannedState: planned}, err
}

func (p *fakeProvider) ApplyResourceChange(
	_ context.Context, in *proto.ApplyResourceChange_Request, _ ...grpc.CallOption,
) (*proto.ApplyResourceChange_Response, error) {
	var err error
	p.asked, err = decode(in.PlannedState, blockType(group))
	return &proto.ApplyResourceChange_Response{NewState: in.PlannedState}, err
}

// state is one as Pulumi keeps it: without the empty lists and sets that the provider answered.
var state = map[string]interface{}{
	"id":   "g",
	"tags": map[string]interface{}{"k": "1"},
	"rule": []interface{}{map[string]interface{}{"port": 80.0, "ranges": nil}},
	"index": []interface{}{
		map[string]interface{}{"name": "a", "keys": nil}, map[string]interface{}{"name": "b", "keys": nil},
	},
}

func plan(
	t *testing.T, p *fakeProvider, config map[string]interface{},
) (shim.Provider, shim.InstanceState, shim.InstanceDiff) {
	t.Helper()
	ctx := context.Background()
	provider, err := tfplugin5.NewProvider(ctx, &client{ProviderClient: p}, "1.11.4")
	if err != nil {
		t.Fatal(err)
	}
	before, err := provider.ResourcesMap().Get("aws_group").InstanceState("g", state, nil)
	if err != nil {
		t.Fatal(err)
	}
	diff, err := provider.Diff(ctx, "aws_group", before, provider.NewResourceConfig(ctx, config), shim.DiffOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return provider, before, diff
}

// changed are the attributes of a diff, which has no way to list them.
func changed(diff shim.InstanceDiff) string {
	top := map[string]bool{}
	for _, path := range reflect.ValueOf(diff).Elem().FieldByName("attributes").MapKeys() {
		top[strings.SplitN(path.String(), ".", 2)[0]] = true
	}
	return strings.Join(sortedKeys(top), " ")
}

func index(names ...string) []interface{} {
	var out []interface{}
	for _, name := range names {
		out = append(out, map[string]interface{}{"name": name})
	}
	return out
}

func TestChangesBesideSetsWithListsInside(t *testing.T) {
	plans := map[string]func(cty.Value) cty.Value{
		"a provider that answers empty lists": filled,
		"a provider that answers null":        func(v cty.Value) cty.Value { return v },
	}
	tags := map[string]interface{}{"k": "2"}
	for name, f := range plans {
		t.Run(name, func(t *testing.T) {
			p := &fakeProvider{plan: f}
			provider, before, diff := plan(t, p, map[string]interface{}{"tags": tags, "index": index("a", "b")})
			if got := changed(diff); got != "tags" {
				t.Errorf("changed: %s", got)
			}
			for _, rule := range p.prior.GetAttr("rule").AsValueSlice() {
				if rule.GetAttr("ranges").IsNull() {
					t.Error("a list in a computed set came back as null")
				}
			}
			for _, el := range p.prior.GetAttr("index").AsValueSlice() {
				if !el.GetAttr("keys").IsNull() {
					t.Error("a set that nobody computes was not left to the provider")
				}
			}
			if _, err := provider.Apply(context.Background(), "aws_group", before, diff); err != nil {
				t.Fatal(err)
			}
			if !p.asked.RawEquals(p.planned) {
				t.Errorf("planned %#v, asked for %#v", p.planned, p.asked)
			}
		})
	}
}

func TestAnElementWithASetInsideGoes(t *testing.T) {
	p := &fakeProvider{plan: func(v cty.Value) cty.Value { return v }}
	tags := map[string]interface{}{"k": "1"}
	_, _, diff := plan(t, p, map[string]interface{}{"tags": tags, "index": index("a")})
	if got := changed(diff); got != "index" {
		t.Errorf("changed: %s", got)
	}
}

func TestFilledLeavesWhatIsUnknown(t *testing.T) {
	list := cty.List(cty.String)
	element := map[string]cty.Value{
		"known": cty.NullVal(list), "later": cty.UnknownVal(list), "text": cty.NullVal(cty.String),
	}
	v := cty.ObjectVal(map[string]cty.Value{
		"top":  cty.NullVal(list),
		"list": cty.ListVal([]cty.Value{cty.ObjectVal(element)}),
	})
	got := filled(v)
	if !got.GetAttr("top").IsNull() {
		t.Error("an attribute of the resource itself was filled")
	}
	in := got.GetAttr("list").AsValueSlice()[0]
	if in.GetAttr("known").IsNull() || in.GetAttr("later").IsKnown() || !in.GetAttr("text").IsNull() {
		t.Errorf("got %#v", in)
	}
}
