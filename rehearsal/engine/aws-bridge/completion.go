package main

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/hashicorp/go-cty/cty"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/tfplugin5/proto"
)

// completion is what the provider's request to create or update a service lacks.
type completion struct {
	block   *proto.Schema_Block
	planned cty.Value
	// configures says that the request gets a deployment configuration: one that did not change is not sent.
	configures bool
	// carries says that there is anything which only the completion brings.
	carries bool
	creates bool
	sent    bool
}

func newCompletion(b *proto.Schema_Block, prior, planned cty.Value) *completion {
	c := &completion{block: b, planned: planned, creates: prior.IsNull()}
	for _, name := range []string{"deployment_configuration", "load_balancer", "service_connect_configuration"} {
		before := cty.NullVal(planned.GetAttr(name).Type())
		if !prior.IsNull() {
			before = prior.GetAttr(name)
		}
		if differ(before, planned.GetAttr(name)) {
			c.configures = c.configures || name == "deployment_configuration"
			c.carries = c.carries || hasCarried(planned, name)
		}
	}
	return c
}

// hasCarried says whether there is anything carried in a property.
func hasCarried(v cty.Value, name string) bool {
	if name == "deployment_configuration" {
		return len(elements(v, name)) > 0
	}
	path := name
	if name == "service_connect_configuration" {
		path = aliases
	}
	return slices.ContainsFunc(holders(v, path), func(holder cty.Value) bool {
		return len(elements(holder, carried[path][0].TypeName)) > 0
	})
}

func differ(a, b cty.Value) bool { return !emptyForNull(a).RawEquals(emptyForNull(b)) }

// key is how a request names the service: by its id if there is one, else by cluster and name.
func (c *completion) key() string {
	if id := c.planned.GetAttr("id"); id.IsKnown() && !id.IsNull() {
		return id.AsString()
	}
	return textOf(c.planned, "cluster") + "/" + textOf(c.planned, "name")
}

func textOf(v cty.Value, name string) string {
	if value := v.GetAttr(name); value.IsKnown() && !value.IsNull() {
		return value.AsString()
	}
	return ""
}

// into completes a request.
func (c *completion) into(request jsonObject) {
	c.sent = true
	own := first(c.planned, "deployment_configuration")
	if c.configures && !own.IsNull() {
		c.configure(request, toECS(carried[""][0].Block, own))
	}
	balancers := blockOf(c.block, "load_balancer")
	for _, balancer := range objects(request["loadBalancers"]) {
		asked := fromECS(balancers, balancer)
		for _, el := range elements(c.planned, "load_balancer") {
			if alike(asked, el) {
				merge(balancer, toECS(&proto.Schema_Block{BlockTypes: carried["load_balancer"]}, el))
			}
		}
	}
	connect, _ := request["serviceConnectConfiguration"].(jsonObject)
	planned := first(c.planned, "service_connect_configuration")
	for i, service := range objects(connect["services"]) {
		for j, alias := range objects(service["clientAliases"]) {
			if els := elements(at(elements(planned, "service"), i), "client_alias"); j < len(els) {
				merge(alias, toECS(&proto.Schema_Block{BlockTypes: carried[aliases]}, els[j]))
			}
		}
	}
}

// steps are the parts that one strategy has, with their numbers: provider 6 sends those that are not set as 0, and leaves
// ECS's defaults to services without the part.
var steps = []struct {
	part, strategy string
	numbers        []string
}{
	{"canaryConfiguration", "CANARY", []string{"canaryPercent", "canaryBakeTimeInMinutes"}},
	{"linearConfiguration", "LINEAR", []string{"stepPercent", "stepBakeTimeInMinutes"}},
}

// configure sends of a deployment configuration what provider 6 does: of the strategies' own parts the one that is meant, as
// the other may still be there from before, and without a strategy no more than the hooks of a service that is there.
func (c *completion) configure(request, own jsonObject) {
	for _, s := range steps {
		part, ok := own[s.part].(jsonObject)
		if own["strategy"] != s.strategy {
			delete(own, s.part)
		} else if ok {
			for _, number := range s.numbers {
				part[number] = orZero(part[number])
			}
		}
	}
	if own["strategy"] == nil {
		delete(own, "bakeTimeInMinutes")
		if c.creates {
			delete(own, "lifecycleHooks")
		}
	}
	configuration, ok := request["deploymentConfiguration"].(jsonObject)
	if !ok {
		configuration = jsonObject{}
		request["deploymentConfiguration"] = configuration
	}
	merge(configuration, own)
}

func orZero(v interface{}) interface{} {
	if v == nil {
		return json.Number("0")
	}
	return v
}

func merge(into, from jsonObject) {
	for name, value := range from {
		into[name] = value
	}
}

// changedFrom is a prior state for a provider that would see no change where only something carried does: without what
// hangs on a block that changes, so that the block is sent; and with another wait_for_steady_state, which makes it send a
// request and is not in it, where the deployment configuration does.
func changedFrom(prior, planned cty.Value, known cty.Type) cty.Value {
	out := narrowed(prior, known).AsValueMap()
	for _, name := range []string{"load_balancer", "service_connect_configuration"} {
		after := planned.GetAttr(name)
		if differ(prior.GetAttr(name), after) && !differ(out[name], narrowed(after, known.AttributeType(name))) {
			out[name] = emptyForNull(cty.NullVal(out[name].Type()))
		}
	}
	if differ(prior.GetAttr("deployment_configuration"), planned.GetAttr("deployment_configuration")) {
		out["wait_for_steady_state"] = cty.BoolVal(!zeroForNull(planned.GetAttr("wait_for_steady_state")).True())
	}
	return cty.ObjectVal(out)
}

func blockOf(b *proto.Schema_Block, name string) *proto.Schema_Block {
	for _, n := range b.BlockTypes {
		if n.TypeName == name {
			return n.Block
		}
	}
	panic(fmt.Sprintf("no block %s in %s", name, carriedType))
}

func at(els []cty.Value, i int) cty.Value {
	if i < len(els) {
		return els[i]
	}
	return cty.NilVal
}

// elements are the objects of a block, none if it is not there.
func elements(v cty.Value, name string) []cty.Value {
	if v == cty.NilVal || v.IsNull() || !v.IsKnown() || v.GetAttr(name).IsNull() || !v.GetAttr(name).IsKnown() {
		return nil
	}
	return v.GetAttr(name).AsValueSlice()
}
