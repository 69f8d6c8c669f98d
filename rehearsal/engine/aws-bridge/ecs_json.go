package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hashicorp/go-cty/cty"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/tfplugin5/proto"
)

type jsonObject = map[string]interface{}

// ecsNames are those that do not follow from Terraform's.
var ecsNames = map[string]string{
	"client_alias": "clientAliases", "elb_name": "loadBalancerName", "lifecycle_hook": "lifecycleHooks",
	"load_balancer": "loadBalancers", "service": "services",
}

// ecsName is what ECS calls an attribute or a block: deployment_configuration as deploymentConfiguration.
func ecsName(name string) string {
	if known, ok := ecsNames[name]; ok {
		return known
	}
	words := strings.Split(name, "_")
	for i, word := range words[1:] {
		words[i+1] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}

// toECS is an object of a carried block as ECS takes it, without what is not set or not known.
func toECS(b *proto.Schema_Block, v cty.Value) jsonObject {
	out := jsonObject{}
	for _, a := range b.Attributes {
		if value := v.GetAttr(a.Name); !isUnsetScalar(value) {
			out[ecsName(a.Name)] = scalarToECS(a.Name, value)
		}
	}
	for _, n := range b.BlockTypes {
		els := v.GetAttr(n.TypeName)
		if !els.IsKnown() || isEmpty(els) {
			continue
		}
		var objects []interface{}
		for _, el := range els.AsValueSlice() {
			objects = append(objects, toECS(n.Block, el))
		}
		if n.MaxItems == 1 {
			out[ecsName(n.TypeName)] = objects[0]
		} else {
			out[ecsName(n.TypeName)] = objects
		}
	}
	return out
}

func isUnsetScalar(v cty.Value) bool {
	return v.IsNull() || !v.IsWhollyKnown() || v.RawEquals(cty.StringVal(""))
}

// scalarToECS knows the two attributes that are text in Terraform alone: numbers that can be absent, and any JSON.
func scalarToECS(name string, v cty.Value) interface{} {
	switch {
	case v.Type() == cty.Number:
		return json.Number(v.AsBigFloat().Text('f', -1))
	case v.Type().IsListType():
		return texts(v)
	case strings.HasSuffix(name, "_in_minutes"):
		return json.Number(v.AsString())
	case name == "hook_details":
		return json.RawMessage(v.AsString())
	}
	return v.AsString()
}

// fromECS is an object that ECS answered, as far as its attributes are texts, numbers and lists of texts: the carried ones
// are, and so are those which tell one element of a set from another.
func fromECS(b *proto.Schema_Block, object jsonObject) cty.Value {
	ty := blockType(b)
	if object == nil {
		return cty.NullVal(ty)
	}
	out := map[string]cty.Value{}
	for _, a := range b.Attributes {
		out[a.Name] = scalarFromECS(ty.AttributeType(a.Name), object[ecsName(a.Name)])
	}
	for _, n := range b.BlockTypes {
		var els []cty.Value
		for _, el := range objects(object[ecsName(n.TypeName)]) {
			value := fromECS(n.Block, el)
			if n.TypeName == "lifecycle_hook" {
				value = explicit(value)
			}
			els = append(els, value)
		}
		out[n.TypeName] = collectionOf(ty.AttributeType(n.TypeName), els)
	}
	return cty.ObjectVal(out)
}

func scalarFromECS(ty cty.Type, v interface{}) cty.Value {
	switch value := v.(type) {
	case nil:
	case []interface{}:
		if ty.Equals(cty.List(cty.String)) && len(value) > 0 {
			var els []cty.Value
			for _, el := range value {
				els = append(els, cty.StringVal(fmt.Sprint(el)))
			}
			return cty.ListVal(els)
		}
	case string, json.Number:
		if ty == cty.String {
			return cty.StringVal(fmt.Sprint(value))
		}
		if n, err := cty.ParseNumberVal(fmt.Sprint(value)); ty == cty.Number && err == nil {
			return n
		}
	case jsonObject:
		if ty == cty.String {
			encoded, _ := json.Marshal(value)
			return cty.StringVal(string(encoded))
		}
	}
	return cty.NullVal(ty)
}

// texts are the strings of a list, or the one that a value is.
func texts(v cty.Value) []string {
	var out []string
	switch {
	case v.Type() == cty.String:
		return []string{v.AsString()}
	case v.Type().IsListType():
		for _, el := range v.AsValueSlice() {
			out = append(out, el.AsString())
		}
	}
	return out
}

func objects(v interface{}) []jsonObject {
	switch value := v.(type) {
	case jsonObject:
		return []jsonObject{value}
	case []interface{}:
		var out []jsonObject
		for _, el := range value {
			if object, ok := el.(jsonObject); ok {
				out = append(out, object)
			}
		}
		return out
	}
	return nil
}

// serviceFromECS is a service of DescribeServices in the shape of the resource, with the carried blocks and what they hang
// on. What a service says of Service Connect is in its primary deployment.
func serviceFromECS(b *proto.Schema_Block, service jsonObject) cty.Value {
	if service == nil {
		return cty.NullVal(blockType(b))
	}
	shown := jsonObject{
		"deploymentConfiguration": service["deploymentConfiguration"], "loadBalancers": service["loadBalancers"],
	}
	for _, deployment := range objects(service["deployments"]) {
		if deployment["status"] == "PRIMARY" {
			shown["serviceConnectConfiguration"] = deployment["serviceConnectConfiguration"]
		}
	}
	v := fromECS(b, shown)
	if configuration := first(v, "deployment_configuration"); !configuration.IsNull() && isUnset(configuration) {
		out := v.AsValueMap() // percentages and a circuit breaker alone are attributes of their own
		out["deployment_configuration"] = emptyForNull(cty.NullVal(out["deployment_configuration"].Type()))
		return cty.ObjectVal(out)
	}
	return v
}

func isUnset(v cty.Value) bool {
	for _, el := range v.AsValueMap() {
		if !el.IsNull() && (el.Type().IsPrimitiveType() || !isEmpty(el)) {
			return false
		}
	}
	return true
}
