package main

import (
	"context"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

func TestDriftShowsAfterARefresh(t *testing.T) {
	d := deploy(t, web)
	d.ecs.service["deploymentConfiguration"].(jsonObject)["bakeTimeInMinutes"] = 99
	objects(d.ecs.service["loadBalancers"])[0]["advancedConfiguration"].(jsonObject)["roleArn"] = roles + "other"
	d.refresh()
	d.is(d.state, "deploymentConfiguration", strings.Replace(configuration, `"10"`, `"99"`, 1))
	if diff := d.diff(web); diff.Changes != pulumirpc.DiffResponse_DIFF_SOME || len(diff.Replaces) > 0 {
		t.Errorf("preview: %v", diff)
	}
	contains(t, encoded(d.state.AsMap()["loadBalancers"]), roles+"other")
	ignored := []string{"deploymentConfiguration", "loadBalancers"}
	if diff := d.diff(web, ignored...); diff.Changes != pulumirpc.DiffResponse_DIFF_NONE {
		t.Errorf("preview with ignoreChanges: %v", diff)
	}
}

func TestAServiceIsImportedWhole(t *testing.T) {
	d := deploy(t, web)
	resp, err := d.Read(context.Background(), &pulumirpc.ReadRequest{Id: "acme/web", Urn: urn})
	d.must(resp, err)
	d.is(resp.Properties, "deploymentConfiguration", configuration)
	contains(t, encoded(resp.Inputs.AsMap()["loadBalancers"]), `"alternateTargetGroupArn":"`+groups+`green/1"`)
}

func TestAServiceIsDeleted(t *testing.T) {
	d := deploy(t, web)
	d.must(d.Delete(context.Background(), &pulumirpc.DeleteRequest{Id: webARN, Urn: urn, Properties: d.state}))
	if d.ecs.service["status"] != "INACTIVE" {
		t.Error("it is still there")
	}
	for _, request := range d.ecs.requests[1:] { // the real provider drains it before
		if request["deploymentConfiguration"] != nil || request["loadBalancers"] != nil {
			t.Errorf("asked for %v", request)
		}
	}
}

func TestAPreviewOfWhatIsNotKnownYet(t *testing.T) {
	d := serving(t)
	inputs := d.checked(strings.NewReplacer(groups+"green/1", unknown, `"CANARY"`, `"`+unknown+`"`).Replace(web))
	resp, err := d.Create(context.Background(), &pulumirpc.CreateRequest{Urn: urn, Properties: inputs, Preview: true})
	d.must(resp, err)
	contains(t, encoded(resp.Properties.AsMap()["loadBalancers"]), `"alternateTargetGroupArn":"`+unknown+`"`)
	contains(t, encoded(resp.Properties.AsMap()["deploymentConfiguration"]), `"strategy":"`+unknown+`"`)
	if len(d.ecs.requests) > 0 {
		t.Errorf("a preview asked ECS: %v", d.ecs.requests)
	}
	created := deploy(t, web)
	unknownGroup := strings.Replace(web, groups+"green/1", unknown, 1)
	if diff := created.diff(unknownGroup); diff.Changes != pulumirpc.DiffResponse_DIFF_SOME || len(diff.Replaces) > 0 {
		t.Errorf("preview of a change: %v", diff)
	}
}

func TestFaultsOfWhatIsCarried(t *testing.T) {
	tests := map[string]struct{ old, new, reason string }{
		"a choice":       {`"CANARY"`, `"BLUE"`, "deploymentConfiguration.strategy is BLUE and must be one of ROLLING"},
		"a text":         {`"10"`, `"soon"`, "deploymentConfiguration.bakeTimeInMinutes is soon and must be a number from 0 to 1440"},
		"a number":       {`"canaryPercent": 5`, `"canaryPercent": 0`, "canaryConfiguration.canaryPercent is 0 and must be"},
		"a time-out":     {`"30"`, `"0"`, "timeoutConfiguration.timeoutInMinutes is 0 and must be a number from 1 to 20160"},
		"a stage":        {`"PRE_SCALE_UP"`, `"SCALE_UP"`, "lifecycleHooks.lifecycleStages is SCALE_UP and must be one of"},
		"details":        {`"{ \"b\": 1, \"a\": [2] }"`, `"{"`, "lifecycleHooks.hookDetails must be JSON"},
		"one that lacks": {`"productionListenerRule"`, `"otherRule"`, "advancedConfiguration.productionListenerRule is missing"},
		"a role":         {roles + "shift", "shift", "advancedConfiguration.roleArn is shift and must be an ARN"},
		"a rule":         {rules + "4", "4", "advancedConfiguration.testListenerRule is 4 and must be an ARN"},
		"a header":       {`"name": "x-test",`, "", "header.name is missing"},
	}
	d := serving(t)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			resp, err := d.check(changedTo(test.old, test.new))
			d.must(resp, err)
			var reasons []string
			for _, failure := range resp.Failures {
				reasons = append(reasons, failure.Reason)
			}
			contains(t, strings.Join(reasons, "\n"), test.reason)
		})
	}
}

func TestWhatECSRefusesFails(t *testing.T) {
	d := deploy(t, web)
	d.ecs.refusal = "The role cannot be assumed"
	if err := d.update(changedTo(`"10"`, `"11"`)); err == nil || !strings.Contains(err.Error(), d.ecs.refusal) {
		t.Errorf("got %v", err)
	}
	d.refresh()
	d.is(d.state, "deploymentConfiguration", configuration)
}

func TestNothingIsCarriedWithoutAnEndpoint(t *testing.T) {
	c := &carrier{ecs: &ecsEndpoint{}, block: extended(service, "")}
	d := serving(t)
	config := serviceFromECS(c.block, jsonObject{"deploymentConfiguration": jsonObject{"strategy": "BLUE_GREEN"}})
	faults := c.faults(config)
	if len(faults) != 1 {
		t.Fatalf("got %v", faults)
	}
	contains(t, faults[0].Summary, "deploymentConfiguration needs an emulator's endpoint in AWS_ENDPOINT_URL")
	d.checked(web)
}

func TestARequestThatPassesByIsAnError(t *testing.T) {
	e := &ecsEndpoint{pending: map[string]*completion{}}
	v := serviceFromECS(extended(service, ""), jsonObject{"deploymentConfiguration": jsonObject{"strategy": "BLUE_GREEN"}})
	if missed := e.complete(newCompletion(extended(service, ""), v, v)); missed() {
		t.Error("a request that need not be was missed")
	}
	before := serviceFromECS(extended(service, ""), jsonObject{})
	if missed := e.complete(newCompletion(extended(service, ""), before, v)); !missed() {
		t.Error("a request went another way and nobody said so")
	}
}
