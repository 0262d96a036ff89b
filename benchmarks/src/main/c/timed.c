// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
//
// usage: timed PROGRAM [ARGUMENT]...
//
// Runs a program to its end and adds one line to its standard output: timed_seconds (elapsed) and timed_cpu (user and system
// time of the program and what it waited for, in seconds). Exit status: the program's, or 2 if it cannot be run.
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval time) { return (double)time.tv_sec + (double)time.tv_usec / 1e6; }

int main(int count, char **words) {
    if (count < 2) {
        fprintf(stderr, "timed: name the program to run\n");
        return 2;
    }
    struct timespec start, end;
    struct rusage usage;
    int status;
    clock_gettime(CLOCK_MONOTONIC, &start);
    pid_t child = fork();
    if (child == 0) {
        execvp(words[1], words + 1);
        perror(words[1]);
        _exit(2);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || getrusage(RUSAGE_CHILDREN, &usage)) {
        perror("timed");
        return 2;
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("timed_seconds=%.4f timed_cpu=%.4f\n",
           (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9,
           seconds(usage.ru_utime) + seconds(usage.ru_stime));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}
