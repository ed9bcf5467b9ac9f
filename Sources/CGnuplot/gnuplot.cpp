#include "CGnuplot.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "gnuplot-iostream.h"

extern char **environ;

namespace {

/// Holds SIGPIPE back from this thread, so that writing to a gnuplot that died is an error of the
/// stream and not the end of the program, and leaves the process's signal handling as it was.
class PipeSignalHeld {
public:
  PipeSignalHeld() {
    sigset_t pending;
    sigpending(&pending);
    wasPending = sigismember(&pending, SIGPIPE);
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
  }
  ~PipeSignalHeld() {
    const timespec now{0, 0};
    if (!wasPending)
      while (sigtimedwait(&pipe, nullptr, &now) == -1 && errno == EINTR) {}
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

private:
  sigset_t pipe, before;
  bool wasPending;
};

/// The read and the write end, closed in every child but the one they are handed to.
struct Pipe {
  int read = -1, write = -1;
  bool open() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    read = ends[0], write = ends[1];
    return true;
  }
  ~Pipe() {
    if (read >= 0) ::close(read);
    if (write >= 0) ::close(write);
  }
};

/// Starts `executable -d` in `folder`, reading from `input` and printing to `output`.
int start(const char *executable, const char *folder, int input, int output, pid_t *pid) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);
  posix_spawn_file_actions_addchdir_np(&files, folder);
  sigset_t none, defaults;
  sigemptyset(&none);
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  char *const arguments[] = {const_cast<char *>(executable), const_cast<char *>("-d"), nullptr};
  const int error = posix_spawn(pid, executable, &files, &attributes, arguments, environ);
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  return error;
}

/// What was printed into `file`, as text of at most 64 kB.
char *contents(FILE *file) {
  std::vector<char> text(1 << 16);
  const ssize_t count = pread(fileno(file), text.data(), text.size(), 0);
  return count > 0 ? strndup(text.data(), size_t(count)) : nullptr;
}

}  // namespace

struct gnuplot_session {
  std::unique_ptr<gnuplotio::Gnuplot> stream;
  FILE *messages = nullptr;
  pid_t pid = 0;

  explicit gnuplot_session(FILE *sink) : stream(new gnuplotio::Gnuplot(sink)) {
    // The header asks for 19 digits in scientific form; 12 in the shortest form draw the same
    // picture and can be read.
    stream->imbue(std::locale::classic());
    *stream << std::defaultfloat << std::setprecision(12);
  }
};

extern "C" {

gnuplot_session *gnuplot_open(const char *executable, const char *folder, int *error) {
  Pipe pipe;
  FILE *messages = tmpfile();
  FILE *sink = nullptr;
  pid_t pid = 0;
  *error = 0;
  if (!messages || fcntl(fileno(messages), F_SETFD, FD_CLOEXEC) != 0 || !pipe.open()) {
    *error = errno;
  } else if (!(sink = fdopen(pipe.write, "w"))) {
    *error = errno;
  } else {
    pipe.write = -1;  // the sink's now
    *error = start(executable, folder, pipe.read, fileno(messages), &pid);
  }
  if (*error == 0) {
    try {
      auto session = std::make_unique<gnuplot_session>(sink);
      session->messages = messages;
      session->pid = pid;
      return session.release();
    } catch (...) {
      *error = ENOMEM;
    }
  }
  if (sink) fclose(sink);
  if (messages) fclose(messages);
  if (pid) waitpid(pid, nullptr, 0);
  return nullptr;
}

gnuplot_session *gnuplot_open_script(const char *path, int *error) {
  FILE *sink = fopen(path, "we");
  if (!sink) {
    *error = errno;
    return nullptr;
  }
  try {
    return new gnuplot_session(sink);
  } catch (...) {
    *error = ENOMEM;
    fclose(sink);
    return nullptr;
  }
}

bool gnuplot_send(gnuplot_session *session, const char *text, size_t count) {
  const PipeSignalHeld held;
  try {
    session->stream->write(text, std::streamsize(count));
    return session->stream->good();
  } catch (...) {
    return false;
  }
}

bool gnuplot_send_table(
    gnuplot_session *session, const double *values, size_t rows, size_t columns) {
  const PipeSignalHeld held;
  try {
    std::vector<std::vector<double>> table(rows);
    for (size_t row = 0; row < rows; ++row)
      table[row].assign(values + row * columns, values + (row + 1) * columns);
    session->stream->send1d(table);
    return session->stream->good();
  } catch (...) {
    return false;
  }
}

gnuplot_result gnuplot_close(gnuplot_session *session) {
  gnuplot_result result = {false, 0, nullptr};
  {
    const PipeSignalHeld held;
    try {
      session->stream->flush();
      result.complete = session->stream->good();
      session->stream.reset();
    } catch (...) {
      result.complete = false;
    }
  }
  if (session->pid) {
    int status = 0;
    while (waitpid(session->pid, &status, 0) == -1 && errno == EINTR) {}
    result.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }
  if (session->messages) {
    result.messages = contents(session->messages);
    fclose(session->messages);
  }
  delete session;
  return result;
}

}  // extern "C"
