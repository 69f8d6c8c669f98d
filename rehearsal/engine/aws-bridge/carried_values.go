package main

import (
	"encoding/json"

	"github.com/hashicorp/go-cty/cty"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/tfplugin5/proto"
)

// narrowed is a value without what the given type does not have.
func narrowed(v cty.Value, ty cty.Type) cty.Value {
	switch {
	case v.Type().Equals(ty):
		return v
	case v.IsNull():
		return cty.NullVal(ty)
	case !v.IsKnown():
		return cty.UnknownVal(ty)
	case ty.IsObjectType():
		out := map[string]cty.Value{}
		for name, inside := range ty.AttributeTypes() {
			out[name] = narrowed(v.GetAttr(name), inside)
		}
		return cty.ObjectVal(out)
	}
	els := v.AsValueSlice()
	for i, el := range els {
		els[i] = narrowed(el, ty.ElementType())
	}
	return collectionOf(ty, els)
}

// widened is a value of a provider in the given larger type, with what that one has besides taken from another value.
func widened(v cty.Value, ty cty.Type, from cty.Value) cty.Value {
	switch {
	case v.Type().Equals(ty):
		return v
	case v.IsNull():
		return cty.NullVal(ty)
	case !v.IsKnown():
		return cty.UnknownVal(ty)
	case ty.IsObjectType():
		out := map[string]cty.Value{}
		for name, inside := range ty.AttributeTypes() {
			other := cty.NullVal(inside)
			if !from.IsNull() && from.IsKnown() {
				other = from.GetAttr(name)
			}
			if v.Type().HasAttribute(name) {
				out[name] = widened(v.GetAttr(name), inside, other)
			} else {
				out[name] = emptyForNull(other)
			}
		}
		return cty.ObjectVal(out)
	}
	els := v.AsValueSlice()
	others := partners(els, from, ty.IsSetType())
	for i, el := range els {
		other := cty.NullVal(ty.ElementType())
		if others[i] != nil {
			other = *others[i]
		}
		els[i] = widened(el, ty.ElementType(), other)
	}
	return collectionOf(ty, els)
}

// partners finds for each element the one of another collection that stands for the same thing: the one at its place or,
// since sets have none, the one which is alike.
func partners(els []cty.Value, from cty.Value, set bool) []*cty.Value {
	found := make([]*cty.Value, len(els))
	if from.IsNull() || !from.IsKnown() {
		return found
	}
	others := from.AsValueSlice()
	used := map[int]bool{}
	for i, el := range els {
		for j := range others {
			if !used[j] && (!set && i == j || set && alike(el, others[j])) {
				found[i], used[j] = &others[j], true
				break
			}
		}
	}
	return found
}

// alike says whether two objects have the same scalars. Providers on Terraform's older SDK spell an absent one as its zero.
func alike(a, b cty.Value) bool {
	if a.IsNull() || b.IsNull() || !a.IsKnown() || !b.IsKnown() {
		return false
	}
	for name, ty := range a.Type().AttributeTypes() {
		if x, y := a.GetAttr(name), b.GetAttr(name); ty.IsPrimitiveType() && !zeroForNull(x).RawEquals(zeroForNull(y)) {
			return false
		}
	}
	return true
}

func zeroForNull(v cty.Value) cty.Value {
	if !v.IsNull() {
		return v
	}
	switch v.Type() {
	case cty.String:
		return cty.StringVal("")
	case cty.Number:
		return cty.NumberIntVal(0)
	case cty.Bool:
		return cty.False
	}
	return v
}

func collectionOf(ty cty.Type, els []cty.Value) cty.Value {
	switch {
	case len(els) == 0:
		return emptyForNull(cty.NullVal(ty))
	case ty.IsSetType():
		return cty.SetVal(els)
	}
	return cty.ListVal(els)
}

// wanted is the proposed value of a carried block as provider 6 plans it: what is computed and not set stays what it was,
// and is known after the change where it was nothing yet.
func wanted(b *proto.Schema_Block, prior, v cty.Value) cty.Value {
	if v.IsNull() || !v.IsKnown() {
		return v
	}
	out := v.AsValueMap()
	for _, a := range b.Attributes {
		if a.Computed && out[a.Name].IsNull() {
			out[a.Name] = priorOrUnknown(prior, out[a.Name].Type(), a.Name)
		}
	}
	for _, n := range b.BlockTypes {
		switch list := out[n.TypeName]; {
		case n.TypeName == "lifecycle_hook":
			out[n.TypeName] = collection(n, list, func(_ int, hook cty.Value) cty.Value { return explicit(hook) })
		case isEmpty(list) && isComputed(n):
			out[n.TypeName] = priorOrUnknown(prior, list.Type(), n.TypeName)
		case isComputed(n):
			before := first(prior, n.TypeName)
			out[n.TypeName] = collection(n, list, func(_ int, el cty.Value) cty.Value { return wanted(n.Block, before, el) })
		}
	}
	return cty.ObjectVal(out)
}

// isComputed are the blocks that ECS answers for services which do not set them. The protocol has no word for it.
func isComputed(n *proto.Schema_NestedBlock) bool {
	switch n.TypeName {
	case "deployment_configuration", "canary_configuration", "linear_configuration":
		return true
	}
	return false
}

func priorOrUnknown(prior cty.Value, ty cty.Type, name string) cty.Value {
	if prior.IsNull() || !prior.IsKnown() {
		return cty.UnknownVal(ty)
	}
	return prior.GetAttr(name)
}

func isEmpty(v cty.Value) bool { return v.IsNull() || v.IsKnown() && v.LengthInt() == 0 }

// first is the object of a block that there is one of, else null.
func first(v cty.Value, name string) cty.Value {
	inside := v.Type().AttributeType(name)
	if v.IsNull() || !v.IsKnown() || !v.GetAttr(name).IsKnown() || isEmpty(v.GetAttr(name)) {
		return cty.NullVal(inside.ElementType())
	}
	return v.GetAttr(name).AsValueSlice()[0]
}

// explicit spells a lifecycle hook out as ECS answers it: with the defaults of API_DeploymentLifecycleHook and of
// API_DeploymentLifecycleHookTimeoutConfiguration, and its details as compact JSON.
func explicit(hook cty.Value) cty.Value {
	if hook.IsNull() || !hook.IsKnown() {
		return hook
	}
	out := hook.AsValueMap()
	out["target_type"] = orText(out["target_type"], "AWS_LAMBDA")
	if details := out["hook_details"]; !details.IsNull() && details.IsKnown() {
		out["hook_details"] = cty.StringVal(compact(details.AsString()))
	}
	if kind := out["target_type"]; kind.IsKnown() && kind.AsString() == "PAUSE" && out["timeout_configuration"].IsKnown() {
		timeout := first(hook, "timeout_configuration")
		out["timeout_configuration"] = cty.ListVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{
			"action":             orText(attribute(timeout, "action"), "ROLLBACK"),
			"timeout_in_minutes": orText(attribute(timeout, "timeout_in_minutes"), "1440"),
		})})
	}
	return cty.ObjectVal(out)
}

func attribute(v cty.Value, name string) cty.Value {
	if v.IsNull() {
		return cty.NullVal(v.Type().AttributeType(name))
	}
	return v.GetAttr(name)
}

func orText(v cty.Value, text string) cty.Value {
	if v.IsNull() || v.IsKnown() && v.AsString() == "" {
		return cty.StringVal(text)
	}
	return v
}

func compact(text string) string {
	var v interface{}
	if json.Unmarshal([]byte(text), &v) != nil {
		return text
	}
	out, _ := json.Marshal(v)
	return string(out)
}
