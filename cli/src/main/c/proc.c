/*
 * Linked into the native binary. Its runtime looks up its own stack in /proc before main, and if that is not mounted
 * prints only "Failed to create the main Isolate".
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char stack[] = "/proc/self/maps";

__attribute__((constructor)) static void require_proc(void) {
  if (access(stack, R_OK) == 0) {
    return;
  }
  dprintf(STDERR_FILENO,
          "Error: cannot read %s: %s\n"
          "Hint: mount it, also in a chroot: mount -t proc proc /proc\n",
          stack, strerror(errno));
  _exit(125);
}
