package main

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/structpb"
)

const (
	urn     = "urn:pulumi:staging::shop::aws:ecs/service:Service::web"
	arns    = "arn:aws:ecs:eu-west-1:123456789012:"
	webARN  = arns + "service/acme/web"
	groups  = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/"
	rules   = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/acme/1/2/"
	roles   = "arn:aws:iam::123456789012:role/"
	unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
)

// web is a service with all that is carried.
const web = `{
	"name": "web", "cluster": "acme", "desiredCount": 1, "launchType": "FARGATE",
	"taskDefinition": "` + arns + `task-definition/web:1", "networkConfiguration": {"subnets": ["subnet-1"]},
	"deploymentConfiguration": {
		"strategy": "CANARY", "bakeTimeInMinutes": "10",
		"canaryConfiguration": {"canaryPercent": 5, "canaryBakeTimeInMinutes": "3"},
		"lifecycleHooks": [
			{"targetType": "PAUSE", "lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"], "timeoutConfiguration": {"timeoutInMinutes": "30"}},
			{"hookTargetArn": "arn:aws:lambda:eu-west-1:123456789012:function:hook", "roleArn": "` + roles + `hook",
				"lifecycleStages": ["PRE_SCALE_UP"], "hookDetails": "{ \"b\": 1, \"a\": [2] }"}]},
	"loadBalancers": [{"targetGroupArn": "` + groups + `blue/1", "containerName": "web", "containerPort": 80,
		"advancedConfiguration": {"alternateTargetGroupArn": "` + groups + `green/1", "roleArn": "` + roles + `shift",
			"productionListenerRule": "` + rules + `3", "testListenerRule": "` + rules + `4"}}],
	"serviceConnectConfiguration": {"enabled": true, "namespace": "acme", "services": [{
		"portName": "http", "discoveryName": "web", "clientAlias": [{"port": 80, "dnsName": "web",
			"testTrafficRules": [{"header": {"name": "x-test", "value": {"exact": "yes"}}}]}]}]}
}`

type deployed struct {
	*server
	t     *testing.T
	ecs   *fakeECS
	state *structpb.Struct
}

func serving(t *testing.T) *deployed {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	ecs := newFakeECS(t)
	endpoint, err := newECSEndpoint()
	if err != nil {
		t.Fatal(err)
	}
	sdk, err := readSDK()
	if err != nil {
		t.Fatal(err)
	}
	d := &deployed{server: newServer(providerInfo(lineFive(t, endpoint), sdk, nil), sdk, nil), t: t, ecs: ecs}
	if os.Getenv("TERRAFORM_AWS_PROVIDER") != "" {
		d.must(d.Configure(context.Background(), &pulumirpc.ConfigureRequest{Args: fromJSON(t, `{"region": "eu-west-1",
			"skipCredentialsValidation": "true", "skipRequestingAccountId": "true", "skipMetadataApiCheck": "true"}`)}))
	}
	return d
}

func deploy(t *testing.T, inputs string) *deployed {
	t.Helper()
	d := serving(t)
	created, err := d.Create(context.Background(), &pulumirpc.CreateRequest{Urn: urn, Properties: d.checked(inputs)})
	d.must(created, err)
	d.state = created.Properties
	return d
}

func (d *deployed) must(_ interface{}, err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *deployed) check(inputs string) (*pulumirpc.CheckResponse, error) {
	return d.Check(context.Background(), &pulumirpc.CheckRequest{
		Urn: urn, News: fromJSON(d.t, inputs), RandomSeed: []byte(strings.Repeat("s", 32)),
	})
}

func (d *deployed) checked(inputs string) *structpb.Struct {
	d.t.Helper()
	resp, err := d.check(inputs)
	d.must(resp, err)
	for _, failure := range resp.Failures {
		d.t.Fatal(failure.Reason)
	}
	return resp.Inputs
}

func (d *deployed) diff(inputs string, ignored ...string) *pulumirpc.DiffResponse {
	d.t.Helper()
	resp, err := d.Diff(context.Background(), &pulumirpc.DiffRequest{
		Id: webARN, Urn: urn, Olds: d.state, OldInputs: d.checked(web), News: d.checked(inputs), IgnoreChanges: ignored,
	})
	d.must(resp, err)
	return resp
}

func (d *deployed) update(inputs string) error {
	resp, err := d.Update(context.Background(), &pulumirpc.UpdateRequest{
		Id: webARN, Urn: urn, Olds: d.state, OldInputs: d.checked(web), News: d.checked(inputs),
	})
	if err == nil {
		d.state = resp.Properties
	}
	return err
}

func (d *deployed) refresh() {
	d.t.Helper()
	resp, err := d.Read(context.Background(), &pulumirpc.ReadRequest{
		Id: webARN, Urn: urn, Properties: d.state, Inputs: d.checked(web),
	})
	d.must(resp, err)
	d.state = resp.Properties
}

// is tells whether properties are in the state as JSON has them.
func (d *deployed) is(state *structpb.Struct, property, want string) {
	d.t.Helper()
	if got := encoded(state.AsMap()[property]); got != encoded(fromJSON(d.t, want).AsMap()["v"]) {
		d.t.Errorf("%s is %s", property, got)
	}
}

func fromJSON(t *testing.T, text string) *structpb.Struct {
	t.Helper()
	out := &structpb.Struct{}
	if err := protojson.Unmarshal([]byte(text), out); err != nil {
		t.Fatal(err)
	}
	return out
}

func changedTo(old, new string) string {
	if !strings.Contains(web, old) {
		panic("nothing to change: " + old)
	}
	return strings.Replace(web, old, new, 1)
}

const configuration = `{"v": {
	"strategy": "CANARY", "bakeTimeInMinutes": "10", "linearConfiguration": null,
	"canaryConfiguration": {"canaryPercent": 5, "canaryBakeTimeInMinutes": "3"},
	"lifecycleHooks": [
		{"hookDetails": "{\"a\":[2],\"b\":1}", "hookTargetArn": "arn:aws:lambda:eu-west-1:123456789012:function:hook",
			"lifecycleStages": ["PRE_SCALE_UP"], "roleArn": "` + roles + `hook", "targetType": "AWS_LAMBDA",
			"timeoutConfiguration": null},
		{"hookDetails": null, "hookTargetArn": null, "lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"], "roleArn": null,
			"targetType": "PAUSE", "timeoutConfiguration": {"timeoutInMinutes": "30", "action": "ROLLBACK"}}]}}`

const sentConfiguration = `{"bakeTimeInMinutes":10,"canaryConfiguration":{"canaryBakeTimeInMinutes":3,"canaryPercent":5},` +
	`"lifecycleHooks":[{"hookDetails":{"a":[2],"b":1},"hookTargetArn":"arn:aws:lambda:eu-west-1:123456789012:function:hook",` +
	`"lifecycleStages":["PRE_SCALE_UP"],"roleArn":"` + roles + `hook","targetType":"AWS_LAMBDA"},` +
	`{"lifecycleStages":["POST_TEST_TRAFFIC_SHIFT"],"targetType":"PAUSE","timeoutConfiguration":{"action":"ROLLBACK",` +
	`"timeoutInMinutes":30}}],`

func TestAServiceIsCreatedByOneRequest(t *testing.T) {
	d := deploy(t, web)
	request := encoded(d.ecs.last(t, 0))
	contains(t, request, `"deploymentConfiguration":`+sentConfiguration)
	contains(t, request, `"advancedConfiguration":{"alternateTargetGroupArn":"`+groups+`green/1","productionListenerRule":"`+
		rules+`3","roleArn":"`+roles+`shift","testListenerRule":"`+rules+`4"}`)
	contains(t, request, `"testTrafficRules":[{"header":{"name":"x-test","value":{"exact":"yes"}}}]`)
	d.is(d.state, "deploymentConfiguration", configuration)
	if diff := d.diff(web); diff.Changes != pulumirpc.DiffResponse_DIFF_NONE {
		t.Errorf("a second preview: %v", diff)
	}
}

func TestAChangeIsOneRequest(t *testing.T) {
	linear := changedTo(`"strategy": "CANARY"`, `"strategy": "LINEAR", "linearConfiguration": {"stepPercent": 10}`)
	tests := map[string]struct{ inputs, has, hasNot string }{
		"bake time": {changedTo(`"10"`, `"11"`), `"bakeTimeInMinutes":11`, "loadBalancers"},
		"strategy":  {linear, `"linearConfiguration":{"stepBakeTimeInMinutes":0,"stepPercent":10}`, "canaryConfiguration"},
		"role":      {changedTo(roles+"shift", roles+"other"), `"roleArn":"` + roles + `other"`, "deploymentConfiguration"},
		"no rule":   {changedTo(`, "testListenerRule": "`+rules+`4"`, ""), `"loadBalancers"`, "testListenerRule"},
		"header":    {changedTo("x-test", "x-other"), `"name":"x-other"`, "deploymentConfiguration"},
		"two":       {strings.Replace(changedTo(`"10"`, `"11"`), `Count": 1`, `Count": 2`, 1), `"desiredCount":2`, "loadBalancers"},
		"known one": {changedTo(`Count": 1`, `Count": 2`), `"desiredCount":2`, "deploymentConfiguration"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d := deploy(t, web)
			if diff := d.diff(test.inputs); diff.Changes != pulumirpc.DiffResponse_DIFF_SOME || len(diff.Replaces) > 0 {
				t.Fatalf("preview: %v", diff)
			}
			d.must(nil, d.update(test.inputs))
			request := encoded(d.ecs.last(t, 1))
			contains(t, request, test.has)
			if strings.Contains(request, test.hasNot) {
				t.Errorf("%s in %s", test.hasNot, request)
			}
			if diff := d.diff(test.inputs); diff.Changes != pulumirpc.DiffResponse_DIFF_NONE {
				t.Errorf("a second preview: %v", diff)
			}
		})
	}
}

// As by provider 6: what goes with a strategy alone is not sent without one.
func TestWithoutAStrategyAServiceIsCreatedWithoutTheRest(t *testing.T) {
	d := deploy(t, changedTo(`"strategy": "CANARY", `, ""))
	if configuration, ok := d.ecs.last(t, 0)["deploymentConfiguration"].(jsonObject); ok {
		for _, name := range []string{"bakeTimeInMinutes", "canaryConfiguration", "lifecycleHooks"} {
			if configuration[name] != nil {
				t.Errorf("sent %s", name)
			}
		}
	}
}

// The second target group has nothing carried, and a load balancer is found by what is not.
func TestEachTargetGroupHasItsOwn(t *testing.T) {
	two := strings.Replace(web, `"loadBalancers": [`,
		`"loadBalancers": [{"targetGroupArn": "`+groups+`inside/1", "containerName": "web", "containerPort": 80},`, 1)
	d := deploy(t, two)
	for _, balancer := range objects(d.ecs.last(t, 0)["loadBalancers"]) {
		if has := balancer["advancedConfiguration"] != nil; has != (balancer["targetGroupArn"] == groups+"blue/1") {
			t.Errorf("asked for %v", balancer)
		}
	}
	contains(t, encoded(d.state.AsMap()["loadBalancers"]), roles+"shift")
	if diff := d.diff(two); diff.Changes != pulumirpc.DiffResponse_DIFF_NONE {
		t.Errorf("a second preview: %v", diff)
	}
}

func TestWhatIsNotSetStaysAsItIs(t *testing.T) {
	d := deploy(t, web)
	inputs := fromJSON(t, web).AsMap()
	delete(inputs, "deploymentConfiguration")
	without, _ := json.Marshal(inputs)
	if diff := d.diff(string(without)); diff.Changes != pulumirpc.DiffResponse_DIFF_NONE {
		t.Errorf("preview: %v", diff)
	}
}
