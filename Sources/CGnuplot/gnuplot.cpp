#include "CGnuplot.h"

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <locale.h>
#include <memory>
#include <mutex>
#include <set>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#if !__has_include("gnuplot-iostream.h") || !__has_include(<boost/iostreams/stream.hpp>)
#error "gnuplot-iostream.h or Boost is missing. On Debian and Ubuntu: apt-get install libgnuplot-iostream-dev libboost-iostreams-dev"
#endif
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

/// The programs that run, each the leader of a process group.
class Running {
public:
  /// Starts a program; 0, or an errno value.
  int start(
      const char *executable, const char *const *arguments, const char *folder, int input,
      int output, int messages, pid_t *pid) {
    const std::lock_guard<std::mutex> guard(lock);
    if (stopped) return ECANCELED;
    const int error = spawn(executable, arguments, folder, input, output, messages, pid);
    if (error == 0) groups.insert(*pid);
    return error;
  }
  /// Kills a program and all that it started, if it has not been waited for yet.
  void kill(pid_t pid) {
    const std::lock_guard<std::mutex> guard(lock);
    if (groups.count(pid)) ::kill(-pid, SIGKILL);
  }
  /// Collects a program that has ended; its status as a shell tells it.
  int collect(pid_t pid) {
    const std::lock_guard<std::mutex> guard(lock);
    int status = 0;
    while (waitpid(pid, &status, 0) == -1 && errno == EINTR) {}
    groups.erase(pid);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }
  void stopAll() {
    const std::lock_guard<std::mutex> guard(lock);
    stopped = true;
    for (const pid_t pid : groups) ::kill(-pid, SIGKILL);
  }

private:
  static int spawn(
      const char *executable, const char *const *arguments, const char *folder, int input,
      int output, int messages, pid_t *pid);

  std::mutex lock;
  std::set<pid_t> groups;
  bool stopped = false;
};

Running &running() {
  static Running &programs = *new Running;  // outlives what still runs at exit
  return programs;
}

/// `posix_spawn` cannot ask that the child die with its parent, so this is what it does by hand. The
/// child has its parent's memory until it is another program and calls the system only.
__attribute__((noinline)) int Running::spawn(
    const char *executable, const char *const *arguments, const char *folder, int input,
    int output, int messages, pid_t *pid) {
  sigset_t all, before, none;
  sigfillset(&all);
  sigemptyset(&none);
  struct sigaction usual = {};
  usual.sa_handler = SIG_DFL;
  const pid_t parent = getpid();
  volatile int error = 0;
  // No handler of this process may run in the child.
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t child = vfork();
  if (child == 0) {
    const auto failed = [&error] {
      error = errno;
      _exit(127);
    };
    if (setpgid(0, 0) != 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) failed();
    if (getppid() != parent) _exit(127);
    for (int number = 1; number < NSIG; ++number) {
      struct sigaction action;
      if (sigaction(number, nullptr, &action) == 0 && action.sa_handler != SIG_IGN)
        sigaction(number, &usual, nullptr);
    }
    sigaction(SIGPIPE, &usual, nullptr);
    // Out of the way of 0 to 2 first, which may be among them.
    const int ends[3] = {
        fcntl(input, F_DUPFD_CLOEXEC, 3), fcntl(output, F_DUPFD_CLOEXEC, 3),
        fcntl(messages, F_DUPFD_CLOEXEC, 3)};
    for (int place = 0; place < 3; ++place)
      if (ends[place] < 0 || dup2(ends[place], place) != place) failed();
    if (folder && chdir(folder) != 0) failed();
    pthread_sigmask(SIG_SETMASK, &none, nullptr);
    execve(executable, const_cast<char *const *>(arguments), environ);
    failed();
  }
  const int forked = child < 0 ? errno : 0;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (forked) return forked;
  if (error) {
    while (waitpid(child, nullptr, 0) == -1 && errno == EINTR) {}
    return error;
  }
  *pid = child;
  return 0;
}

/// Kills a program that has not ended within its time.
class TimeLimit {
public:
  TimeLimit(pid_t pid, double seconds)
      : pid(pid), guard([this, seconds] {
          std::unique_lock<std::mutex> held(lock);
          const auto time = std::chrono::duration<double>(seconds);
          if (changed.wait_for(held, time, [this] { return ended; })) return;
          over = true;
          running().kill(this->pid);
        }) {}
  ~TimeLimit() { end(); }
  /// Waits for the program's end; true if it was killed. The program is still to be collected.
  bool wait() {
    siginfo_t info;
    while (waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) == -1 && errno == EINTR) {}
    end();
    return over;
  }

private:
  void end() {
    {
      const std::lock_guard<std::mutex> held(lock);
      ended = true;
    }
    changed.notify_all();
    if (guard.joinable()) guard.join();
  }

  const pid_t pid;
  std::mutex lock;
  std::condition_variable changed;
  bool ended = false, over = false;
  std::thread guard;
};

/// A file without a name, in memory.
int scratch() { return memfd_create("gnuplot messages", MFD_CLOEXEC); }

/// What was printed into `file`, as text of at most 64 kB.
char *contents(int file) {
  std::vector<char> text(1 << 16);
  const ssize_t count = pread(file, text.data(), text.size(), 0);
  return count > 0 ? strndup(text.data(), size_t(count)) : nullptr;
}

}  // namespace

struct gnuplot_session {
  std::unique_ptr<gnuplotio::Gnuplot> stream;
  std::unique_ptr<TimeLimit> limit;
  int messages = -1;
  pid_t pid = 0;
  /// Why the first thing that was not written was not.
  int error = 0;

  /// Where the stream writes.
  const int sink;

  explicit gnuplot_session(FILE *sink) : stream(new gnuplotio::Gnuplot(sink)), sink(fileno(sink)) {
    // The header asks for 19 digits in scientific form; 12 in the shortest form draw the same
    // picture and can be read.
    stream->imbue(std::locale::classic());
    *stream << std::defaultfloat << std::setprecision(12);
  }

  /// Runs `body`, which writes; false if not all was written.
  template <typename Body> bool write(Body body) {
    const PipeSignalHeld held;
    try {
      body();
      if (stream->good()) return true;
    } catch (...) {
    }
    // The stream has forgotten why; the next byte meets the same reason.
    if (!error) error = ::write(sink, "\n", 1) < 0 ? errno : EIO;
    return false;
  }
};

extern "C" {

gnuplot_session *gnuplot_open(
    const char *executable, const char *folder, double seconds, int *error) {
  Pipe pipe;
  FILE *sink = nullptr;
  pid_t pid = 0;
  *error = 0;
  const int messages = scratch();
  if (messages < 0 || !pipe.open() || !(sink = fdopen(pipe.write, "w"))) {
    *error = errno;
  } else {
    pipe.write = -1;  // the sink's now
    const char *const arguments[] = {executable, "-d", nullptr};
    *error = running().start(executable, arguments, folder, pipe.read, messages, messages, &pid);
  }
  if (*error == 0) {
    try {
      auto session = std::make_unique<gnuplot_session>(sink);
      session->limit = std::make_unique<TimeLimit>(pid, seconds);
      session->messages = messages;
      session->pid = pid;
      return session.release();
    } catch (...) {
      *error = ENOMEM;
      sink = nullptr;  // closed by the stream that was made of it, or lost with the memory
    }
  }
  if (sink) fclose(sink);
  if (messages >= 0) close(messages);
  if (pid) {
    running().kill(pid);
    running().collect(pid);
  }
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
  return session->write([&] { session->stream->write(text, std::streamsize(count)); });
}

bool gnuplot_send_table(
    gnuplot_session *session, const double *values, size_t rows, size_t columns) {
  return session->write([&] {
    std::vector<std::vector<double>> table(rows);
    for (size_t row = 0; row < rows; ++row)
      table[row].assign(values + row * columns, values + (row + 1) * columns);
    session->stream->send1d(table);
  });
}

gnuplot_result gnuplot_close(gnuplot_session *session) {
  gnuplot_result result = {};
  result.complete = session->write([&] { session->stream->flush(); });
  {
    const PipeSignalHeld held;
    session->stream.reset();
  }
  result.error = session->error;
  if (session->pid) {
    result.timed_out = session->limit->wait();
    result.status = running().collect(session->pid);
    result.messages = contents(session->messages);
    close(session->messages);
  }
  delete session;
  return result;
}

gnuplot_result gnuplot_run(const char *executable, const char *const *arguments, double seconds) {
  gnuplot_result result = {};
  const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  const int output = scratch();
  pid_t pid = 0;
  if (nothing < 0 || output < 0)
    result.error = errno;
  else
    result.error =
        running().start(executable, arguments, nullptr, nothing, output, nothing, &pid);
  if (pid) {
    try {
      result.timed_out = TimeLimit(pid, seconds).wait();
    } catch (...) {
      result.error = ENOMEM;
      running().kill(pid);
    }
    result.status = running().collect(pid);
    result.messages = contents(output);
  }
  result.complete = result.error == 0 && !result.timed_out;
  if (nothing >= 0) close(nothing);
  if (output >= 0) close(output);
  return result;
}

void gnuplot_stop_all(void) { running().stopAll(); }

}  // extern "C"
