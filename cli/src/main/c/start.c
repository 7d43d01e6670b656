/*
 * Linked into the native binary, and run before its runtime starts.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char stack[] = "/proc/self/maps";

/*
 * The runtime looks up its own stack in /proc, and if that is not mounted prints only "Failed to create the main
 * Isolate".
 */
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

/*
 * The runtime passes on the words of strerror(3) instead of numbers, and Keg recognizes a full or a broken disk by
 * them. So they are English, as with the launcher of Keg on Java.
 */
__attribute__((constructor)) static void speak_english(void) {
  const char *all = getenv("LC_ALL");
  if (all && *all) {
    setenv("LANG", all, 1); /* for all that the programs which Keg starts do not say in words */
    setenv("LC_CTYPE", all, 1);
  }
  unsetenv("LC_ALL");
  unsetenv("LANGUAGE");
  setenv("LC_MESSAGES", "C", 1);
}
