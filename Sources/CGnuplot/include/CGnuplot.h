// A C face for the class gnuplotio::Gnuplot of Debian's libgnuplot-iostream-dev.
//
// A session is a stream of gnuplot commands and data with one of two ends: a running gnuplot, or
// a file that keeps the script. Both are sent the same calls, so the kept script is what was drawn.
// No C++ exception crosses this header and no signal is raised by a gnuplot that dies: what went
// wrong is in the result of gnuplot_close.
//
// A program started here leads a process group of its own. It is killed with all it started when
// its time is over or gnuplot_stop_all is called, and by the system when the thread that started it
// ends before it.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gnuplot_session gnuplot_session;

typedef struct gnuplot_result {
  /// Everything was written; false when gnuplot went away early or the disk is full.
  bool complete;
  /// The program did not end in its time and was killed.
  bool timed_out;
  /// Why not everything was written, an errno value, or 0.
  int error;
  /// The program's exit status, 128 + the signal that ended it, or 0 for a file.
  int status;
  /// What the program printed, at most 64 kB; NULL if nothing. The caller frees it.
  char *messages;
} gnuplot_result;

/// Starts `executable -d` (no start-up files) inside `folder`; it has `seconds` until it must have
/// ended. Returns NULL with the reason in *error (an errno value).
gnuplot_session *gnuplot_open(
    const char *executable, const char *folder, double seconds, int *error);

/// Creates or replaces the script file `path`. Returns NULL with the reason in *error.
gnuplot_session *gnuplot_open_script(const char *path, int *error);

/// Sends `count` bytes of commands. False if they did not all arrive.
bool gnuplot_send(gnuplot_session *session, const char *text, size_t count);

/// Sends a table of `rows` lines of `columns` numbers each (row-major, 12 significant digits,
/// `nan` for NaN), ended by a line `e`, as the inline data of `plot '-'` or of `$name << e`.
bool gnuplot_send_table(
    gnuplot_session *session, const double *values, size_t rows, size_t columns);

/// Ends the session, waits for the program and frees everything but the result's messages.
gnuplot_result gnuplot_close(gnuplot_session *session);

/// Runs `executable` with `arguments` (the program's name first, NULL last) and nothing to read;
/// what it prints to standard output is in the result's messages.
gnuplot_result gnuplot_run(const char *executable, const char *const *arguments, double seconds);

/// Kills every program that was started here and runs, and lets no other start. For a process that
/// is about to end, from any thread but not from a signal handler.
void gnuplot_stop_all(void);

#ifdef __cplusplus
}
#endif
