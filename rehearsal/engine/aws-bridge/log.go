package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
)

// log is the file that gets what the Terraform provider writes to its standard error. It goes when this process is ended
// in good order, unless the provider crashed or the person asked for its log (TF_LOG).
type log struct {
	path string
	keep atomic.Bool

	mutex sync.Mutex
	file  *os.File
}

func newLog() *log {
	folder := os.TempDir()
	if home := os.Getenv("PULUMI_HOME"); home != "" {
		folder = filepath.Join(home, "logs")
	}
	l := &log{path: filepath.Join(folder, fmt.Sprintf("aws-provider-%d.log", os.Getpid()))}
	l.keep.Store(os.Getenv("TF_LOG") != "")
	return l
}

func (l *log) Write(b []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.file == nil {
		if err := os.MkdirAll(filepath.Dir(l.path), 0o755); err != nil {
			return 0, err
		}
		file, err := os.Create(l.path)
		if err != nil {
			return 0, err
		}
		l.file = file
	}
	return l.file.Write(b)
}

func (l *log) discard() {
	if l.keep.Load() {
		return
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.file != nil {
		_ = os.Remove(l.path)
	}
}

// quiet has a provider log errors alone: without Terraform, which tells it otherwise, it traces all that it does, which is
// megabytes for each run. Variables that the person set come later and win.
func quiet() []string {
	if os.Getenv("TF_LOG") != "" {
		return nil
	}
	var env []string
	for _, part := range []string{
		"SDK", "SDK_FRAMEWORK", "SDK_HELPER_SCHEMA", "SDK_MUX", "SDK_PROTO", "PROVIDER", "PROVIDER_AWS",
	} {
		env = append(env, "TF_LOG_"+part+"=ERROR")
	}
	return env
}
