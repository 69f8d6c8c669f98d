package main

import (
	"errors"
	"strings"

	"github.com/hashicorp/go-cty/cty"
	ctyjson "github.com/hashicorp/go-cty/cty/json"
	"github.com/hashicorp/go-cty/cty/msgpack"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/tfplugin5/proto"
)

func decode(v *proto.DynamicValue, ty cty.Type) (cty.Value, error) {
	if v == nil || len(v.Msgpack) == 0 {
		return cty.NullVal(ty), nil
	}
	return msgpack.Unmarshal(v.Msgpack, ty)
}

func encode(v cty.Value, ty cty.Type) (*proto.DynamicValue, error) {
	b, err := msgpack.Marshal(v, ty)
	return &proto.DynamicValue{Msgpack: b}, err
}

func failure(ds []*proto.Diagnostic) error {
	var msgs []string
	for _, d := range ds {
		if d.Severity == proto.Diagnostic_ERROR {
			msgs = append(msgs, strings.TrimSpace(d.Summary+" "+d.Detail))
		}
	}
	if len(msgs) == 0 {
		return nil
	}
	return errors.New(strings.Join(msgs, "; "))
}

func blockType(b *proto.Schema_Block) cty.Type {
	attrs := map[string]cty.Type{}
	for _, a := range b.Attributes {
		ty, err := ctyjson.UnmarshalType(a.Type)
		if err != nil {
			panic(err)
		}
		attrs[a.Name] = ty
	}
	for _, n := range b.BlockTypes {
		attrs[n.TypeName] = nestedType(n)
	}
	return cty.Object(attrs)
}

func nestedType(n *proto.Schema_NestedBlock) cty.Type {
	el := blockType(n.Block)
	switch n.Nesting {
	case proto.Schema_NestedBlock_LIST:
		return cty.List(el)
	case proto.Schema_NestedBlock_SET:
		return cty.Set(el)
	case proto.Schema_NestedBlock_MAP:
		return cty.Map(el)
	}
	return el
}

func withBlocks(b *proto.Schema_Block, v cty.Value) cty.Value {
	if v.IsNull() || !v.IsKnown() || len(b.BlockTypes) == 0 {
		return v
	}
	out := v.AsValueMap()
	for _, n := range b.BlockTypes {
		out[n.TypeName] = collection(n, out[n.TypeName], func(_ int, el cty.Value) cty.Value {
			return withBlocks(n.Block, el)
		})
	}
	return cty.ObjectVal(out)
}

// collection rebuilds a nested block's value with f applied to each of its objects.
func collection(n *proto.Schema_NestedBlock, v cty.Value, f func(i int, el cty.Value) cty.Value) cty.Value {
	el := blockType(n.Block)
	if !v.IsKnown() {
		return v
	}
	var els []cty.Value
	byKey := map[string]cty.Value{}
	if !v.IsNull() && n.Nesting != proto.Schema_NestedBlock_SINGLE && n.Nesting != proto.Schema_NestedBlock_GROUP {
		i := 0
		for it := v.ElementIterator(); it.Next(); i++ {
			k, e := it.Element()
			e = f(i, e)
			els = append(els, e)
			if n.Nesting == proto.Schema_NestedBlock_MAP {
				byKey[k.AsString()] = e
			}
		}
	}
	switch n.Nesting {
	case proto.Schema_NestedBlock_LIST:
		if len(els) == 0 {
			return cty.ListValEmpty(el)
		}
		return cty.ListVal(els)
	case proto.Schema_NestedBlock_SET:
		if len(els) == 0 {
			return cty.SetValEmpty(el)
		}
		return cty.SetVal(els)
	case proto.Schema_NestedBlock_MAP:
		if len(byKey) == 0 {
			return cty.MapValEmpty(el)
		}
		return cty.MapVal(byKey)
	}
	if v.IsNull() {
		return v
	}
	return f(0, v)
}
