"""Runs cases of the tests, one mutant at work at a time."""
import os
import subprocess
import time

MOST_KIBIBYTES = 4 << 20  # of memory, so that no mutant takes the machine's
SLOW = 0.1  # seconds: such cases are run last, since most mutants are found out before
LIMITED = f'ulimit -v {MOST_KIBIBYTES} -c 0 -t "$1" && shift && exec "$@"'


def is_red(program, cases, seconds, **environment):
    """Whether one of the cases fails, or they take more than several times their `seconds`."""
    command = [program, "--gtest_brief=1", "--gtest_fail_fast=1",
               f"--gtest_filter={':'.join(cases)}"]
    try:
        limited = ["bash", "-c", LIMITED, "limited", str(int(3 + 5 * seconds)), *command]
        run = subprocess.run(limited, env={**os.environ, **environment},
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                             timeout=8 + 10 * seconds)
    except subprocess.TimeoutExpired:
        return True
    return run.returncode != 0


def cases_of(program):
    listed = subprocess.run([program, "--gtest_list_tests"], capture_output=True, text=True,
                            check=True).stdout
    suite = ""
    for line in listed.splitlines():
        name = line.split("#")[0].rstrip()
        if name.startswith(" "):
            yield suite + name.strip()
        elif name.endswith("."):
            suite = name


class Case:
    def __init__(self, program, name, file, count):
        """Runs it unbroken: how long it takes, and which of `count` mutants it comes across."""
        self.program, self.name = program, name
        with open(file, "wb") as bytes_of:
            bytes_of.truncate(count)
        begun = time.monotonic()
        is_red(program, ["none"], 60)
        started = time.monotonic()
        self.red = is_red(program, [name], 60, ASSAY_MUTANT_REACHED=str(file))
        # Without the start of the program, which many cases share.
        self.seconds = max(0.0, time.monotonic() - started - (started - begun))
        self.reached = {n for n, byte in enumerate(file.read_bytes()) if byte}
        file.unlink()


def finds_out(cases, number):
    """Whether a case goes red with this mutant."""
    return _any_red([case for case in cases if number in case.reached], str(number))


def any_red(cases):
    return _any_red(cases, "-1")


def _any_red(cases, number):
    # The quick ones in one run for each program, then the slow ones.
    for slow in (False, True):
        for program in dict.fromkeys(case.program for case in cases):
            chosen = [case for case in cases
                      if case.program == program and (case.seconds > SLOW) == slow]
            if chosen and is_red(program, [case.name for case in chosen],
                                 sum(case.seconds for case in chosen), ASSAY_MUTANT=number):
                return True
    return False
