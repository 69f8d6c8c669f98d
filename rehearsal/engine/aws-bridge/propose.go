package main

import (
	"github.com/hashicorp/go-cty/cty"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/tfplugin5/proto"
)

// propose is what Terraform core calls the proposed new value: config, with prior's value wherever the provider
// computes what config leaves unset.
func propose(b *proto.Schema_Block, prior, config cty.Value) cty.Value {
	if config.IsNull() || !config.IsKnown() {
		return config
	}
	hasPrior := !prior.IsNull() && prior.IsKnown()
	out := config.AsValueMap()
	for _, a := range b.Attributes {
		if a.Computed && out[a.Name].IsNull() {
			if hasPrior {
				out[a.Name] = prior.GetAttr(a.Name)
			} else if !a.Optional {
				out[a.Name] = cty.UnknownVal(out[a.Name].Type())
			}
		}
	}
	for _, n := range b.BlockTypes {
		n := n
		var priors []cty.Value
		if hasPrior {
			if p := prior.GetAttr(n.TypeName); p.IsKnown() && !p.IsNull() {
				switch n.Nesting {
				case proto.Schema_NestedBlock_SINGLE, proto.Schema_NestedBlock_GROUP:
					priors = []cty.Value{p}
				default:
					for it := p.ElementIterator(); it.Next(); {
						_, e := it.Element()
						priors = append(priors, e)
					}
				}
			}
		}
		used := map[int]bool{}
		out[n.TypeName] = collection(n, out[n.TypeName], func(i int, el cty.Value) cty.Value {
			if n.Nesting != proto.Schema_NestedBlock_SET {
				if i < len(priors) {
					return propose(n.Block, priors[i], el)
				}
				return propose(n.Block, cty.NullVal(el.Type()), el)
			}
			for j, p := range priors {
				if !used[j] && agrees(n.Block, p, el) {
					used[j] = true
					return propose(n.Block, p, el)
				}
			}
			return propose(n.Block, cty.NullVal(el.Type()), el)
		})
	}
	return cty.ObjectVal(out)
}

// agrees reports whether a set element of the prior state is the one that config describes: equal in all that
// config sets.
func agrees(b *proto.Schema_Block, prior, config cty.Value) bool {
	if config.IsNull() || !config.IsKnown() || prior.IsNull() {
		return false
	}
	for _, a := range b.Attributes {
		c := config.GetAttr(a.Name)
		if a.Computed && c.IsNull() {
			continue
		}
		if !c.IsWhollyKnown() || !c.RawEquals(prior.GetAttr(a.Name)) {
			return false
		}
	}
	return true
}

// withComputed restores the empty collections that a Pulumi state does not keep: a computed collection, or one inside
// it, is never null once the provider has answered.
func withComputed(b *proto.Schema_Block, v cty.Value) cty.Value {
	if v.IsNull() || !v.IsKnown() {
		return v
	}
	out := v.AsValueMap()
	for _, a := range b.Attributes {
		if a.Computed {
			out[a.Name] = filled(emptyForNull(out[a.Name]))
		}
	}
	return cty.ObjectVal(out)
}

// existing turns the shim's spelling of "no prior state", an object of nothing but nulls, into null.
func existing(v cty.Value) cty.Value {
	if v.IsNull() || !v.IsKnown() {
		return v
	}
	for it := v.ElementIterator(); it.Next(); {
		if _, e := it.Element(); !e.IsNull() {
			return v
		}
	}
	return cty.NullVal(v.Type())
}
