package main

import (
	"github.com/hashicorp/go-cty/cty"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/tfplugin5/proto"
)

// filled puts an empty collection wherever one inside a value is null; the value itself, and the attributes of a
// resource, stay as they are.
func filled(v cty.Value) cty.Value {
	if v.IsNull() || !v.IsKnown() {
		return v
	}
	ty := v.Type()
	switch {
	case ty.IsObjectType():
		out := v.AsValueMap()
		if len(out) == 0 {
			return v
		}
		for name, el := range out {
			out[name] = filled(el)
		}
		return cty.ObjectVal(out)
	case ty.IsMapType() && v.LengthInt() > 0:
		out := v.AsValueMap()
		for key, el := range out {
			out[key] = filledElement(el)
		}
		return cty.MapVal(out)
	case (ty.IsListType() || ty.IsSetType()) && v.LengthInt() > 0:
		els := v.AsValueSlice()
		for i, el := range els {
			els[i] = filledElement(el)
		}
		if ty.IsSetType() {
			return cty.SetVal(els)
		}
		return cty.ListVal(els)
	}
	return v
}

// filledElement is filled for an element of a collection, where the collections directly inside count too.
func filledElement(v cty.Value) cty.Value {
	v = filled(v)
	if v.IsNull() || !v.IsKnown() || !v.Type().IsObjectType() {
		return v
	}
	out := v.AsValueMap()
	if len(out) == 0 {
		return v
	}
	for name, el := range out {
		out[name] = emptyForNull(el)
	}
	return cty.ObjectVal(out)
}

func emptyForNull(v cty.Value) cty.Value {
	if !v.IsNull() {
		return v
	}
	switch ty := v.Type(); {
	case ty.IsSetType():
		return cty.SetValEmpty(ty.ElementType())
	case ty.IsListType():
		return cty.ListValEmpty(ty.ElementType())
	case ty.IsMapType():
		return cty.MapValEmpty(ty.ElementType())
	}
	return v
}

func stateOf(resourceType string) string { return resourceType + "/state" }

func planOf(resourceType string) string { return resourceType + "/plan" }

// forShim is a value as the shim may see it. The shim compares states element by element and panics ("value is null")
// at an element that goes and has a null collection inside, as the elements of a Pulumi state have, which keeps no empty
// ones. What the provider said instead is remembered for asProvided.
// The key is stateOf or planOf the resource's type.
func (c *client) forShim(key string, v cty.Value, ty cty.Type) (*proto.DynamicValue, error) {
	provided, err := encode(v, ty)
	if err != nil {
		return nil, err
	}
	shown, err := encode(filled(v), ty)
	if err != nil {
		return nil, err
	}
	key += "/" + string(shown.Msgpack)
	if string(shown.Msgpack) == string(provided.Msgpack) {
		c.provided.Delete(key)
	} else {
		c.provided.Store(key, provided)
	}
	return shown, nil
}

// asProvided is what the provider said where the shim hands back what forShim made of it, else the value itself: to some
// providers a null collection is another than an empty one.
func (c *client) asProvided(key string, v *proto.DynamicValue) *proto.DynamicValue {
	if v == nil {
		return v
	}
	if provided, ok := c.provided.Load(key + "/" + string(v.Msgpack)); ok {
		return provided.(*proto.DynamicValue)
	}
	return v
}
