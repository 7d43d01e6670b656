/*
 * The lower limit for the time of a command: it only reads what the command must read.
 *
 *   floor names DIRECTORY [PROGRAM]  the names in a directory, as ls -q needs them; then PROGRAM starts
 *   floor read DIRECTORY NAME        and the file NAME in each of them, as ls does
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void fail(const char *what) {
  perror(what);
  exit(1);
}

/* Returns the size of the file; 0 if it does not exist. */
static long read_file(int directory, const char *volume, const char *name) {
  char path[1024];
  char buffer[65536];
  long total = 0;
  ssize_t got;
  snprintf(path, sizeof path, "%s/%s", volume, name);
  int file = openat(directory, path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return 0;
  }
  while ((got = read(file, buffer, sizeof buffer)) > 0) {
    total += got;
  }
  close(file);
  return total;
}

int main(int count, char **arguments) {
  int reads = count == 4 && strcmp(arguments[1], "read") == 0;
  if (!reads && (count < 3 || count > 4 || strcmp(arguments[1], "names") != 0)) {
    fputs("usage: floor names DIRECTORY [PROGRAM] | floor read DIRECTORY NAME\n", stderr);
    return 125;
  }
  DIR *directory = opendir(arguments[2]);
  if (directory == NULL) {
    fail(arguments[2]);
  }
  long entries = 0;
  long bytes = 0;
  struct dirent *entry;
  while ((entry = readdir(directory)) != NULL) {
    if (entry->d_name[0] != '.') {
      entries++;
      bytes += reads ? read_file(dirfd(directory), entry->d_name, arguments[3]) : 0;
    }
  }
  printf("%ld %ld\n", entries, bytes);
  if (!reads && count == 4) {
    execv(arguments[3], arguments + 3);
    fail(arguments[3]);
  }
  return 0;
}
