package main

import (
	"sort"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
)

// aligner derives from the SDK's own declarations what pulumi-aws keeps by hand: the properties which it names in the
// singular and takes one object for, where Terraform has a list. What no rule finds is left to overrides.go.
type aligner struct {
	types map[string]properties
	// unmatched are the properties of either side that have no partner, as path and side.
	unmatched map[string]string
}

// fields gives the overrides of a resource or a nested object: given ones are kept and completed.
func (a *aligner) fields(path string, attributes shim.SchemaMap, sdk properties, given fields) fields {
	out := fields{}
	for name, info := range given {
		out[name] = info
	}
	taken := map[string]bool{}
	attributes.Range(func(name string, schema shim.Schema) bool {
		info := a.field(path, attributes, name, schema, sdk, out[name])
		if info != nil {
			out[name] = info
		}
		property := tfbridge.TerraformToPulumiNameV2(name, attributes, out)
		taken[property] = true
		if _, ok := sdk[property]; !ok {
			a.note(path+"."+name, onlyTerraform)
		}
		return true
	})
	for property := range sdk {
		if !taken[property] {
			a.note(path+"."+property, onlySDK)
		}
	}
	return out
}

func (a *aligner) field(
	path string, attributes shim.SchemaMap, name string, schema shim.Schema, sdk properties, given *tfbridge.SchemaInfo,
) *tfbridge.SchemaInfo {
	info := tfbridge.SchemaInfo{}
	if given != nil {
		info = *given
	}
	list := schema.Type() == shim.TypeList || schema.Type() == shim.TypeSet
	if list && info.Name == "" && info.MaxItemsOne == nil {
		one := propertyName(attributes, name, true)
		if many := plural(sdk, propertyName(attributes, name, false), one); many != "" {
			info.MaxItemsOne, info.Name = maxItemsOne(false), many
		} else if has(sdk, one) {
			info.MaxItemsOne = maxItemsOne(true)
		}
		if info.MaxItemsOne != nil && *info.MaxItemsOne == (schema.MaxItems() == 1) {
			info.MaxItemsOne = nil
		}
		unnamed := fields{name: {MaxItemsOne: info.MaxItemsOne}}
		if info.Name == tfbridge.TerraformToPulumiNameV2(name, attributes, unnamed) {
			info.Name = ""
		}
	}
	if nested, ok := schema.Elem().(shim.Resource); ok {
		property := tfbridge.TerraformToPulumiNameV2(name, attributes, fields{name: &info})
		if object, ok := a.types[objectType(sdk[property])]; ok {
			a.nest(&info, path+"."+name, nested.Schema(), object, list)
		}
	}
	if given == nil && info.Name == "" && info.MaxItemsOne == nil && info.Elem == nil && info.Fields == nil {
		return nil
	}
	return &info
}

// nest completes the overrides of an object's own properties: those of a list's elements hang on Elem.
func (a *aligner) nest(
	info *tfbridge.SchemaInfo, path string, attributes shim.SchemaMap, sdk properties, list bool,
) {
	var given fields
	if info.Elem != nil {
		given = info.Elem.Fields
	} else if !list {
		given = info.Fields
	}
	found := a.fields(path, attributes, sdk, given)
	switch {
	case len(found) == 0:
	case list:
		elem := tfbridge.SchemaInfo{}
		if info.Elem != nil {
			elem = *info.Elem
		}
		elem.Fields = found
		info.Elem = &elem
	default:
		info.Fields = found
	}
}

// propertyName is the name of a list as a property that takes one object or many.
func propertyName(attributes shim.SchemaMap, name string, one bool) string {
	return tfbridge.TerraformToPulumiNameV2(name, attributes, fields{name: {MaxItemsOne: maxItemsOne(one)}})
}

// plural finds the SDK's list among the plurals in use: the bridge's ("indices"), pulumi-aws's ("indexes"), and none at
// all ("data").
func plural(sdk properties, bridges, one string) string {
	for _, name := range []string{bridges, one + "s", one + "es", one} {
		if isList(sdk[name]) {
			return name
		}
	}
	return ""
}

func maxItemsOne(one bool) *bool { return &one }

func has(p properties, name string) bool {
	_, ok := p[name]
	return ok
}

func (a *aligner) note(path, side string) {
	if a.unmatched != nil {
		a.unmatched[path] = side
	}
}

func attributeNames(attributes shim.SchemaMap) []string {
	var names []string
	attributes.Range(func(name string, _ shim.Schema) bool {
		names = append(names, name)
		return true
	})
	return names
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
