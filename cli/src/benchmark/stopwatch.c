/*
 * Runs a program and records its costs: stopwatch FILE PROGRAM [ARGUMENT...]. A shell would take longer for this
 * than the program itself. FILE gets a line of nanoseconds, CPU microseconds, maximum KiB of memory and page faults that
 * did not need a disk. The program's standard output is discarded.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static long long micros(struct timeval time) {
  return time.tv_sec * 1000000LL + time.tv_usec;
}

static void fail(const char *what) {
  perror(what);
  exit(125);
}

int main(int count, char **arguments) {
  if (count < 3) {
    fputs("usage: stopwatch FILE PROGRAM [ARGUMENT...]\n", stderr);
    return 125;
  }
  int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) {
    fail("/dev/null");
  }
  long long begin = now();
  pid_t child = vfork();
  if (child == 0) {
    dup2(nowhere, STDOUT_FILENO);
    execvp(arguments[2], arguments + 2);
    _exit(127);
  }
  int status;
  struct rusage usage;
  if (child < 0 || wait4(child, &status, 0, &usage) < 0) {
    fail(arguments[2]);
  }
  long long wall = now() - begin;
  if (!WIFEXITED(status) || WEXITSTATUS(status) == 127) {
    fprintf(stderr, "%s was not run to its end\n", arguments[2]);
    return 125;
  }
  FILE *out = fopen(arguments[1], "a");
  if (out == NULL ||
      fprintf(out, "%lld %lld %ld %ld\n", wall, micros(usage.ru_utime) + micros(usage.ru_stime), usage.ru_maxrss,
              usage.ru_minflt) < 0 ||
      fclose(out) != 0) {
    fail(arguments[1]);
  }
  return WEXITSTATUS(status);
}
