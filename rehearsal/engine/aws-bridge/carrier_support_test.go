package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// fakeECS keeps one service as ECS would: a deployment configuration is merged, all else replaced.
type fakeECS struct {
	mutex    sync.Mutex
	service  jsonObject
	requests []jsonObject
	// refusal is what requests to create and to update are answered, if set.
	refusal string
}

func newFakeECS(t *testing.T) *fakeECS {
	t.Helper()
	e := &fakeECS{}
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	t.Setenv("AWS_ENDPOINT_URL", server.URL)
	t.Setenv("AWS_ENDPOINT_URL_ECS", "")
	return e
}

func (e *fakeECS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	var request jsonObject
	_ = json.NewDecoder(r.Body).Decode(&request)
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	name := operation(r)
	if changes := name == "CreateService" || name == "UpdateService"; changes && e.refusal != "" {
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(jsonObject{"__type": "InvalidParameterException", "message": e.refusal})
		return
	} else if changes {
		e.requests = append(e.requests, request)
		e.change(request)
	}
	switch name {
	case "DeleteService":
		e.service["status"] = "INACTIVE"
		_ = json.NewEncoder(w).Encode(jsonObject{"service": e.service})
	case "DescribeServices":
		_ = json.NewEncoder(w).Encode(jsonObject{"services": []interface{}{e.service}, "failures": []interface{}{}})
	default:
		_ = json.NewEncoder(w).Encode(jsonObject{"service": e.service})
	}
}

func (e *fakeECS) change(request jsonObject) {
	if e.service == nil {
		e.service = jsonObject{
			"serviceArn": "arn:aws:ecs:eu-west-1:123456789012:service/acme/web", "serviceName": "web", "status": "ACTIVE",
			"clusterArn": "arn:aws:ecs:eu-west-1:123456789012:cluster/acme", "schedulingStrategy": "REPLICA",
			"deploymentConfiguration": jsonObject{},
		}
	}
	primary := jsonObject{"status": "PRIMARY", "rolloutState": "COMPLETED"}
	if before := objects(e.service["deployments"]); len(before) > 0 {
		primary = before[0]
	}
	for name, value := range request {
		switch name {
		case "cluster", "service", "clientToken", "forceNewDeployment":
		case "serviceConnectConfiguration":
			primary[name] = value
		case "deploymentConfiguration":
			merge(e.service[name].(jsonObject), value.(jsonObject))
		default:
			e.service[name] = value
		}
	}
	e.service["deployments"] = []interface{}{primary}
}

// last is the request before which there were so many.
func (e *fakeECS) last(t *testing.T, before int) jsonObject {
	t.Helper()
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if len(e.requests) != before+1 {
		t.Fatalf("%d requests to ECS and not one: %v", len(e.requests)-before, e.requests[before:])
	}
	return e.requests[before]
}

func encoded(v interface{}) string {
	out, _ := json.Marshal(v)
	return string(out)
}

func contains(t *testing.T, got, want string) {
	t.Helper()
	if !strings.Contains(got, want) {
		t.Errorf("no %s in %s", want, got)
	}
}
