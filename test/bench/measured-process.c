/* Runs a command and writes two lines to descriptor 3: its pid and its start time (monotonic, ms); then its end time, its
 * user and system time in ms, its peak memory in KiB and its wait status. Node cannot measure these of a child. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static double ms(struct timeval t) { return t.tv_sec * 1e3 + t.tv_usec / 1e3; }

int main(int count, char **words) {
  if (count < 2) return 2;
  fcntl(3, F_SETFD, FD_CLOEXEC);
  double began = now();
  pid_t pid = fork();
  if (pid == 0) {
    execvp(words[1], words + 1);
    _exit(127);
  }
  /* Only the server may hold its pipes. */
  close(0);
  close(1);
  dprintf(3, "%d %.3f\n", pid, began);
  int status = 0;
  struct rusage used;
  wait4(pid, &status, 0, &used);
  dprintf(3, "%.3f %.3f %.3f %ld %d\n", now(), ms(used.ru_utime), ms(used.ru_stime), used.ru_maxrss, status);
  return 0;
}
