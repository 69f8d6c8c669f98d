package main

import (
	"os/exec"
	"runtime"
	"syscall"
)

// The death signal belongs to the thread that started the child; the main goroutine, which does, keeps the main thread,
// which lives as long as the process.
func init() { runtime.LockOSThread() }

// endWithParent has the kernel end the child with this process, even where that one is killed.
func endWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
