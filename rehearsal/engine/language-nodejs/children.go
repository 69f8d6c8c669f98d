package main

import (
	"os"
	"os/exec"
	"sync"
)

// children are the Node processes that run now, so that none outlives this host.
var children sync.Map

func runChild(cmd *exec.Cmd) error {
	if err := cmd.Start(); err != nil {
		return err
	}
	children.Store(cmd.Process, struct{}{})
	defer children.Delete(cmd.Process)
	return cmd.Wait()
}

func killChildren() {
	children.Range(func(process, _ any) bool {
		_ = process.(*os.Process).Kill()
		return true
	})
}
