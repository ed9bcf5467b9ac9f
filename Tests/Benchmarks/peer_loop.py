"""What a peer answers to the benchmark, whatever library it is of: see peer.py and peer_jax.py."""

import sys
import time


def peak():
    """The most memory that this process has held, in bytes."""
    with open("/proc/self/status") as status:
        return next(1024 * int(line.split()[1]) for line in status if line.startswith("VmHWM"))


def probe(make):
    """What building a workload and three steps of it add to the memory held before."""
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")  # the peak begins anew
    before = peak()
    step = make()
    step()
    print("first", flush=True)
    for _ in range(2):
        step()
    print(before, peak(), flush=True)


def main(title, workloads, set_threads=lambda count: None):
    """With the arguments `<threads> <name>`, one workload's memory. Without a name, the seconds of a step
    for each line `<name> <threads> <steps>`; a name that is not known is answered by `none`.
    """
    if len(sys.argv) > 2:
        set_threads(int(sys.argv[1]))
        return probe(workloads[sys.argv[2]])
    steps = {}
    print(title, flush=True)
    for line in sys.stdin:
        try:
            name, threads, count = line.split()
            if name not in workloads:
                print("none", flush=True)
                continue
            set_threads(int(threads))
            if name not in steps:
                steps[name] = workloads[name]()
                steps[name]()
            begin = time.perf_counter()
            for _ in range(int(count)):
                steps[name]()
            print((time.perf_counter() - begin) / int(count), flush=True)
        except Exception as error:  # told to the other side, which stops
            print(f"error: {type(error).__name__}: {error}".replace("\n", " "), flush=True)
