package dbtest

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// quit is PostgreSQL's "immediate shutdown".
const quit = syscall.SIGQUIT

// fastDir is memory where there is plenty of it: PostgreSQL copies its 300 files for a new database there in 10 ms instead
// of up to 300 ms. Empty: the ordinary temporary folder.
func fastDir() string {
	const shm, enough = "/dev/shm", 1 << 30
	var st syscall.Statfs_t
	if os.Getenv("TMPDIR") != "" || syscall.Statfs(shm, &st) != nil || st.Bavail*uint64(st.Bsize) < enough {
		return ""
	}
	return shm
}

// account is the one that runs the server when we are root.
func account() (uid, gid int, err error) {
	for _, name := range []string{"postgres", "nobody"} {
		if u, lookErr := user.Lookup(name); lookErr == nil {
			uid, _ = strconv.Atoi(u.Uid)
			gid, _ = strconv.Atoi(u.Gid)
			return uid, gid, nil
		}
	}
	return 0, 0, fmt.Errorf("PostgreSQL refuses to run as root, and there is no account postgres or nobody to run it")
}

// giveAway makes the account of the server the owner of its folder.
func giveAway(dir string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	uid, gid, err := account()
	if err != nil {
		return err
	}
	return os.Chown(dir, uid, gid)
}

// dieWithParent lets the server end with the test process, however that one ends.
func dieWithParent(cmd *exec.Cmd) {
	attr := &syscall.SysProcAttr{Pdeathsig: quit}
	if os.Geteuid() == 0 {
		if uid, gid, err := account(); err == nil {
			attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	cmd.SysProcAttr = attr
}

// freeze stops a process, so that it starts no other; killing it still works.
func freeze(p *os.Process) { _ = p.Signal(syscall.SIGSTOP) }

func childrenOf(pid int) []int {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	var out []int
	for _, path := range stats {
		data, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		// pid (name) state ppid …; the name may hold spaces and brackets.
		_, rest, _ := strings.Cut(string(data[strings.LastIndexByte(string(data), ')'):]), ") ")
		if f := strings.Fields(rest); len(f) > 1 && f[1] == strconv.Itoa(pid) {
			if child, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil {
				out = append(out, child)
			}
		}
	}
	return out
}

// killAllIn ends every process whose working folder is dir, as that of every process of a server is.
func killAllIn(dir string) {
	for alive := true; alive; {
		alive = false
		links, _ := filepath.Glob("/proc/[0-9]*/cwd")
		for _, link := range links {
			at, err := os.Readlink(link)
			if err != nil || at != dir {
				continue
			}
			if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(link))); err == nil && syscall.Kill(pid, syscall.SIGKILL) == nil {
				alive = true // look again until it is gone
			}
		}
	}
}
