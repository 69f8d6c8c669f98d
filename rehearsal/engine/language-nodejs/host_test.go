package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

func write(t *testing.T, root string, files map[string]string) string {
	t.Helper()
	for name, text := range files {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func names(packages []*pulumirpc.PackageDependency) []string {
	var out []string
	for _, p := range packages {
		out = append(out, p.Name+"@"+p.Version)
	}
	return out
}

func TestRequiredPackages(t *testing.T) {
	root := write(t, t.TempDir(), map[string]string{
		"node_modules/@pulumi/stray/package.json":                                `{"pulumi":{"resource":true,"name":"stray","version":"1.0.0"}}`,
		"app/node_modules/@pulumi/pulumi/package.json":                           `{"name":"@pulumi/pulumi","pulumi":{"comment":"no provider"}}`,
		"app/node_modules/@pulumi/aws/package.json":                              `{"name":"@pulumi/aws","version":"v7.48.0","pulumi":{"resource":true}}`,
		"app/node_modules/@pulumi/aws/ecs/package.json":                          `{"pulumi":{"resource":true,"name":"inside","version":"1.0.0"}}`,
		"app/node_modules/@pulumi/awsx/package.json":                             `{"pulumi":{"resource":true,"name":"awsx","version":"3.9.0"}}`,
		"app/node_modules/@pulumi/awsx/node_modules/@pulumi/docker/package.json": `{"pulumi":{"resource":true,"name":"docker","version":"4.11.2"}}`,
		"app/node_modules/third/package.json":                                    `{"name":"third","version":"1.0.0","pulumi":{"resource":true}}`,
		"app/node_modules/odd/package.json":                                      `{"name":"odd","pulumi":true}`,
		"app/node_modules/.cache/x/package.json":                                 `{"pulumi":{"resource":true,"name":"cached","version":"1.0.0"}}`,
		"app/node_modules/param/package.json": `{"pulumi":{"resource":true,"name":"terraform-provider","version":"1.0.0",` +
			`"parameterization":{"name":"random","version":"3.0.0","value":"eyJ4IjoxfQ=="}}}`,
	})
	got := requiredPackages(filepath.Join(root, "app"))
	want := []string{"aws@v7.48.0", "awsx@v3.9.0", "docker@v4.11.2", "terraform-provider@v1.0.0"}
	if !reflect.DeepEqual(names(got), want) {
		t.Errorf("got %v", names(got))
	}
	if p := got[3].Parameterization; p.GetName() != "random" || string(p.GetValue()) != `{"x":1}` {
		t.Errorf("parameterization: %v", p)
	}
}

func TestRequiredPackagesThroughLinks(t *testing.T) {
	store := "node_modules/.pnpm/awsx@3/node_modules/"
	root := write(t, t.TempDir(), map[string]string{
		store + "@pulumi/awsx/package.json":   `{"pulumi":{"resource":true,"name":"awsx","version":"3.9.0"}}`,
		store + "@pulumi/docker/package.json": `{"pulumi":{"resource":true,"name":"docker","version":"4.11.2"}}`,
		"node_modules/@pulumi/.keep":          "",
	})
	link := filepath.Join(root, "node_modules/@pulumi/awsx")
	if err := os.Symlink(filepath.Join(root, store, "@pulumi/awsx"), link); err != nil {
		t.Fatal(err)
	}
	if got := names(requiredPackages(root)); !reflect.DeepEqual(got, []string{"awsx@v3.9.0", "docker@v4.11.2"}) {
		t.Errorf("got %v", got)
	}
}

func TestParseOptions(t *testing.T) {
	o, err := parseOptions(map[string]any{"typescript": false, "nodeargs": `--title "a b"`, "unknown": 1})
	if err != nil || o.typescript || !reflect.DeepEqual(o.nodeArgs, []string{"--title", "a b"}) {
		t.Errorf("got %+v, %v", o, err)
	}
	if _, err := parseOptions(map[string]any{"tsconfig": true}); err == nil {
		t.Error("a tsconfig that is no string was taken")
	}
}

func TestProgramArgs(t *testing.T) {
	h := host{engine: "127.0.0.1:1"}
	got := h.programArgs(&pulumirpc.RunRequest{
		MonitorAddress: "127.0.0.1:2", Project: "shop", Stack: "staging", Pwd: "/app", Parallel: 8, DryRun: true,
		Args: []string{"extra"}, Info: &pulumirpc.ProgramInfo{RootDirectory: "/app", EntryPoint: "index.ts"},
	})
	want := []string{
		"--monitor", "127.0.0.1:2", "--engine", "127.0.0.1:1", "--project", "shop", "--root-directory", "/app",
		"--stack", "staging", "--pwd", "/app", "--parallel", "8", "--dry-run", "index.ts", "extra",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestProgramEnv(t *testing.T) {
	got, err := programEnv(&pulumirpc.RunRequest{}, options{typescript: true, tsconfig: "t.json"})
	want := []string{
		"PULUMI_CONFIG={}", "PULUMI_CONFIG_SECRET_KEYS=[]", "PULUMI_NODEJS_TYPESCRIPT=true",
		"PULUMI_NODEJS_TSCONFIG_PATH=t.json",
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestOutcome(t *testing.T) {
	exit := func(code string) error {
		return exec.CommandContext(context.Background(), "sh", "-c", "exit "+code).Run()
	}
	for _, c := range []struct {
		err     error
		message string
		bail    bool
	}{
		{nil, "", false},
		{exit("32"), "", true},
		{exit("3"), "the program ended with exit code 3", false},
		{errors.New("no node"), "cannot run the program: no node", false},
	} {
		if message, bail := outcome(c.err); message != c.message || bail != c.bail {
			t.Errorf("%v: %q, %v", c.err, message, bail)
		}
	}
}

func TestPluginArgs(t *testing.T) {
	pack := &pulumirpc.RunPluginRequest{
		Kind: "analyzer", Pwd: "/app", Args: []string{"127.0.0.1:1"},
		Info: &pulumirpc.ProgramInfo{ProgramDirectory: "/app/policy"},
	}
	module, pwd, args := pluginArgs(pack)
	if module != "@pulumi/pulumi/cmd/run-policy-pack" || pwd != "/app/policy" ||
		!reflect.DeepEqual(args, []string{"127.0.0.1:1", "/app/policy"}) {
		t.Errorf("policy pack: %s in %s with %v", module, pwd, args)
	}
	pack.Kind = "resource"
	if module, pwd, args = pluginArgs(pack); module != "@pulumi/pulumi/cmd/run-plugin" || pwd != "/app" ||
		!reflect.DeepEqual(args, []string{"/app/policy", "127.0.0.1:1"}) {
		t.Errorf("provider: %s in %s with %v", module, pwd, args)
	}
}
