// How many threads there are before a program says so: as many as the environment asks for, or as
// there are cores for this process. The system's own words are read where it has any: the affinity
// mask, which logical processors are halves of one core, and the share that a control group allows.
#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "threads.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#if defined(__linux__)
#include <sched.h>
#endif

#if defined(__linux__)
// The first number of a file; −1 where there is none.
static long number_in(const char *path) {
  long number = -1;
  FILE *file = fopen(path, "r");
  if (!file) return -1;
  if (fscanf(file, "%ld", &number) != 1) number = -1;
  fclose(file);
  return number;
}

// Logical processors of the mask, those of one core counted once: its halves share one multiplier.
static int cores_of_mask(void) {
  cpu_set_t mask;
  if (sched_getaffinity(0, sizeof mask, &mask) != 0) return 0;
  int cores = 0;
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
    if (!CPU_ISSET(cpu, &mask)) continue;
    char path[96];
    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", cpu);
    const long first = number_in(path);
    const bool is_counted = first >= 0 && first < cpu && CPU_ISSET((int)first, &mask);
    if (!is_counted) cores++;
  }
  return cores;
}

// Processors' worth of time that one control group allows; 0 if it does not say.
static double quota_of_group(const char *folder, bool unified) {
  char path[1200], line[64] = "";
  snprintf(path, sizeof path, unified ? "%s/cpu.max" : "%s/cpu.cfs_quota_us", folder);
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  const bool is_read = fgets(line, sizeof line, file) != NULL;
  fclose(file);
  double quota = 0, period = 0;
  if (!is_read || sscanf(line, "%lf %lf", &quota, &period) < 1 || quota <= 0) return 0;
  if (!unified) {
    snprintf(path, sizeof path, "%s/cpu.cfs_period_us", folder);
    period = (double)number_in(path);
  }
  return period > 0 ? quota / period : 0;
}

// The least that the group of this process and those around it allow; 0 if none says.
static double quota(void) {
  FILE *groups = fopen("/proc/self/cgroup", "r");
  if (!groups) return 0;
  double least = 0;
  char line[1024];
  while (fgets(line, sizeof line, groups)) {
    line[strcspn(line, "\n")] = 0;
    char *names = strchr(line, ':'), *path = names ? strchr(names + 1, ':') : NULL;
    if (!path) continue;
    *path++ = 0;
    const bool unified = names[1] == 0;
    if (!unified && strcmp(names + 1, "cpu") != 0 && !strstr(names, "cpu,") && !strstr(names, ",cpu"))
      continue;
    for (;;) {  // outward; in a container the path is often one of the host's, and only "" is there
      char folder[1100];
      snprintf(folder, sizeof folder, "/sys/fs/cgroup%s%s", unified ? "" : "/cpu", path);
      const double allowed = quota_of_group(folder, unified);
      if (allowed > 0 && (least == 0 || allowed < least)) least = allowed;
      char *end = strrchr(path, '/');
      if (!end) break;
      *end = 0;
    }
  }
  fclose(groups);
  return least;
}
#endif

int ck_cores(void) {
  long cores = 0;
#if defined(__linux__)
  cores = cores_of_mask();
  const double allowed = quota();
  if (allowed > 0 && allowed < (double)cores) {
    cores = (long)allowed + ((double)(long)allowed < allowed);
  }
#endif
  if (cores < 1) cores = sysconf(_SC_NPROCESSORS_ONLN);
  return cores < 1 ? 1 : (int)cores;
}

int ck_threads_wished(void) {
  // OpenMP's may be a list, one number a level; the first is the outermost's.
  for (int i = 0; i < 2; i++) {
    const char *name = i == 0 ? "UNROLL_THREADS" : "OMP_NUM_THREADS", *text = getenv(name);
    if (!text || !*text) continue;
    char *end;
    const long wished = strtol(text, &end, 10);
    if (wished > 0 && end != text && (*end == 0 || (i == 1 && (*end == ',' || *end == ' ')))) {
      return wished > 1 << 10 ? 1 << 10 : (int)wished;
    }
    if (i == 0) fprintf(stderr, "%s '%s' is no number of threads: it is not obeyed\n", name, text);
  }
  return ck_cores();
}
