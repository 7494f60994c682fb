// Program passes crash points; crash_test.go builds it armed.
package main

import "unisson/internal/platform/crash"

func main() {
	defer println("deferred call ran")
	for range 3 {
		crash.Here("demo.between")
		println("step")
	}
	crash.Here("demo.end")
	println("done")
}
