/*
 * Lets file operations of a process fail, or kills the process at them. Loaded with LD_PRELOAD.
 *
 * It only looks at the files that a save of auth.json in FAILING_FOLDER opens for writing, writes, synchronises or
 * renames. The file FAILING_PLAN says what happens to them; without it nothing does:
 *
 *   STEP SKIP TIMES ERRNO     STEP is o(pen), w(rite), s(ync) or r(ename)
 *
 * The operations of that step succeed SKIP times, and then fail TIMES times with ERRNO. With the ERRNO 0 the process
 * kills itself instead. Each failure appends a byte to FAILING_PLAN.done.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int is_ours(const char *path) {
  const char *folder = getenv("FAILING_FOLDER");
  size_t length = folder ? strlen(folder) : 0;
  if (!length || !path || strncmp(path, folder, length) != 0) return 0;
  const char *rest = path + length;
  return !*rest || !strcmp(rest, "/auth.json") || !strncmp(rest, "/.codex-account-server-", 23);
}

static int is_our_descriptor(int descriptor) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return is_ours(path);
}

static void note_failure(const char *plan) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s.done", plan);
  int descriptor = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (descriptor < 0) return;
  syscall(SYS_write, descriptor, ".", 1);
  close(descriptor);
}

/* Returns whether the operation fails; errno is set then. */
static int fails(char step) {
  static int seen, failed;
  const char *plan = getenv("FAILING_PLAN");
  char text[64] = "", planned = 0;
  int skip = 0, times = 0, number = 0;
  int descriptor = plan ? syscall(SYS_openat, AT_FDCWD, plan, O_RDONLY) : -1;
  if (descriptor < 0) return 0;
  syscall(SYS_read, descriptor, text, sizeof text - 1);
  close(descriptor);
  if (sscanf(text, "%c %d %d %d", &planned, &skip, &times, &number) != 4 || planned != step) return 0;
  if (seen++ < skip || failed++ >= times) return 0;
  note_failure(plan);
  if (number == 0) kill(getpid(), SIGKILL);
  errno = number;
  return 1;
}

#define OPEN(name)                                                             \
  int name(const char *path, int flags, ...) {                                 \
    va_list rest;                                                              \
    va_start(rest, flags);                                                     \
    mode_t mode = va_arg(rest, mode_t);                                        \
    va_end(rest);                                                              \
    if ((flags & O_ACCMODE) != O_RDONLY && is_ours(path) && fails('o')) return -1; \
    return REAL(name)(path, flags, mode);                                      \
  }
OPEN(open)
OPEN(open64)

#define PWRITE(name, offset_type)                                              \
  ssize_t name(int descriptor, const void *bytes, size_t count, offset_type at) { \
    if (is_our_descriptor(descriptor) && fails('w')) return -1;                \
    return REAL(name)(descriptor, bytes, count, at);                           \
  }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

int fsync(int descriptor) {
  if (is_our_descriptor(descriptor) && fails('s')) return -1;
  return REAL(fsync)(descriptor);
}

int rename(const char *from, const char *to) {
  if (is_ours(to) && fails('r')) return -1;
  return REAL(rename)(from, to);
}
