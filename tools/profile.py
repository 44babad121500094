"""usage: ci/profile [--functions N] [FILTER]

What each row of a pattern really executes: instructions and allocations per operation, and the
functions that most of them are in. FILTER is a regular expression for the names of benchmarks
(^pattern/). Instructions are counted by perf where the kernel has counters, else by callgrind, which
takes a few seconds a row and counts the same every time.

  --functions N  how many functions of each row, 0 to 100 (5)

Each row runs twice, with different numbers of iterations; what is printed is the difference, so
neither the start of the program nor the checks before and after are in it. In rows with several
threads it is what all of them execute together, over the iterations of all of them.

  ci/profile 'pattern/circuit_breaker/(floor|calm)$'

Exit status: 0 measured, 2 wrong option or nothing matches, 3 something could not be installed,
built or measured."""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BENCH = ROOT / "build/release/bin/assay_bench"
FEW, MANY = 1_000, 11_000  # iterations of a thread


def stop(status, message):
    print(f"ci/profile: {message}", file=sys.stderr)
    sys.exit(status)


def bench(arguments, iterations, wrapper=()):
    environment = dict(os.environ, ASSAY_BENCH_ITERATIONS=str(iterations))
    run = subprocess.run([*wrapper, BENCH, *arguments], env=environment, capture_output=True,
                         text=True)
    if run.returncode != 0 or "ERROR OCCURRED" in run.stdout:
        stop(3, f"{' '.join(map(str, arguments))}: " + (run.stdout + run.stderr)[-500:].strip())
    return run


def plain(name):
    return name.replace(f"/iterations:{FEW}", "")


def rows(pattern):
    listed = bench(["--benchmark_list_tests=true", "--benchmark_filter=."], FEW).stdout
    return [name for name in listed.split("\n") if plain(name) != name
            and re.search(pattern, plain(name))]


def only(name):
    return f"--benchmark_filter=^{re.escape(name)}$"


def allocations(name):
    report = json.loads(bench([only(name), "--benchmark_format=json"], FEW).stdout)
    return report["benchmarks"][0]["allocs_per_op"]


def perf_counts():
    """Does the kernel count instructions?"""
    try:
        run = subprocess.run(["perf", "stat", "-x,", "-e", "instructions:u", "true"],
                             capture_output=True, text=True)
    except FileNotFoundError:
        return False
    return run.returncode == 0 and run.stderr.split(",")[0].isdigit()


def count_with_perf(name, iterations, folder):
    count, data = folder / "count", folder / "data"
    bench([only(name)], iterations, ["perf", "stat", "-x,", "-o", count, "-e", "instructions:u"])
    total = int(re.search(r"^(\d+),", count.read_text(), re.M)[1])
    bench([only(name)], iterations, ["perf", "record", "-q", "-o", data, "-e", "instructions:u"])
    report = subprocess.run(["perf", "report", "-i", data, "--stdio", "-F", "overhead,symbol"],
                            capture_output=True, text=True).stdout
    shares = re.findall(r"^\s*([\d.]+)%\s+\[\.\]\s+(.*\S)", report, re.M)
    return total, {function: float(share) / 100 * total for share, function in shares}


def count_with_callgrind(name, iterations, folder):
    out = folder / "callgrind.out"
    bench([only(name)], iterations,
          ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}"])
    report = subprocess.run(["callgrind_annotate", "--threshold=100", out], capture_output=True,
                            text=True).stdout
    functions = {}
    for line in report.split("\n"):
        if found := re.match(r"\s*([\d,]+) \(\s*[\d.]+%\)\s+[^:]*:(.*?)( \[[^\]]*\])?$", line):
            functions[found[2]] = functions.get(found[2], 0) + int(found[1].replace(",", ""))
    total = int(re.search(r"^(?:summary|totals): (\d+)", out.read_text(), re.M)[1])
    return total, functions


def profile(count, few_name, most_functions):
    many_name = few_name.replace(f"/iterations:{FEW}", f"/iterations:{MANY}")
    threads = re.search(r"/threads:(\d+)", few_name)
    operations = (MANY - FEW) * (int(threads[1]) if threads else 1)
    with tempfile.TemporaryDirectory() as folder:
        few, few_functions = count(few_name, FEW, pathlib.Path(folder))
        many, many_functions = count(many_name, MANY, pathlib.Path(folder))
    print(f"{plain(few_name)}: {(many - few) / operations:.1f} instructions,"
          f" {allocations(few_name):g} allocations per operation", flush=True)
    costs = sorted(((many_functions[function] - few_functions.get(function, 0)) / operations,
                    function) for function in many_functions)
    for cost, function in reversed(costs[-most_functions:] if most_functions else []):
        if cost >= 0.05:
            print(f"  {cost:8.1f}  {function[:100]}")


def main():
    parser = argparse.ArgumentParser(add_help=False)
    parser.error = lambda message: stop(2, f"{message}; see ci/profile --help")
    parser.add_argument("--functions", type=int, default=5)
    parser.add_argument("filter", nargs="?", default="^pattern/")
    options = parser.parse_args()
    if not 0 <= options.functions <= 100:
        parser.error(f"--functions {options.functions} is not within 0 to 100")
    try:
        re.compile(options.filter)
    except re.error as error:
        parser.error(f"FILTER '{options.filter}' is no regular expression: {error}")
    perf = perf_counts()
    for command in (["cmake", "--preset", "release"],
                    ["cmake", "--build", "--preset", "release", "--target", "assay_bench"]):
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if run.returncode != 0:
            stop(3, f"{' '.join(command)} failed: {(run.stdout + run.stderr)[-500:].strip()}")
    names = rows(options.filter)
    if not names:
        stop(2, f"no row of a pattern matches '{options.filter}'; see build/release/bin/assay_bench"
                " --benchmark_list_tests")
    print("instructions are counted by " + ("perf" if perf else "callgrind"))
    for name in names:
        profile(count_with_perf if perf else count_with_callgrind, name, options.functions)


if __name__ == "__main__":
    main()
