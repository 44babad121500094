"""usage: ci/mutate [--most N] [--seed N] [--least PERCENT] [FILE...]

Breaks the patterns in one place at a time and shows that a test goes red: an operator, a
constant or a condition is changed, or a statement deleted; then those cases of patterns_test and
async_patterns_test are run that come across it. What survives is printed with its line, and at the
end the score of each folder and of all: the share of mutants that were found out. One that does not
compile counts for nothing; one with which a test never ends is found out.

  FILE             sources to break (all of src/assay/patterns, stack and adapters)
  --most N         no more than N mutants, drawn from all (all)
  --seed N         of the draw (1)
  --least PERCENT  the lowest score to pass with, 0 to 100 (90)

All mutants are compiled at once, and one is chosen when the tests start. The few that can't be
written that way are compiled one by one. All of it takes some 20 minutes on two processors.
It works in a copy of the last commit, build/mutate, so that nothing broken is left behind.

Exit status: 0 at least that score, 1 below it, 2 wrong option, 3 the unbroken tests do not pass."""
import argparse
import collections
import concurrent.futures
import pathlib
import random
import sys

import build
import mutants
import schema
import source
import tests

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BROKEN = ["src/assay/patterns", "src/assay/stack", "src/assay/adapters"]
AT_ONCE = 2  # programs of tests


def refuse(message):
    print(f"ci/mutate: {message}; see ci/mutate --help", file=sys.stderr)
    sys.exit(2)


def read_options():
    parser = argparse.ArgumentParser(usage=__doc__, add_help=False)
    parser.error = refuse
    parser.add_argument("--most", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--least", type=float, default=90)
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    if options.most is not None and options.most < 1:
        refuse(f"--most {options.most} is not at least 1")
    if not 0 <= options.least <= 100:
        refuse(f"--least {options.least} is not within 0 to 100")
    options.files = options.files or sorted(
        str(path.relative_to(ROOT)) for folder in BROKEN for ending in ("*.h", "*.cc")
        for path in (ROOT / folder).rglob(ending))
    for file in options.files:
        if not (ROOT / file).is_file():
            refuse(f"no file '{file}'")
    return options


class Score:
    def __init__(self, sources):
        self.sources = sources
        self.found = collections.Counter()  # by folder
        self.all = collections.Counter()

    def note(self, mutant, is_found):
        folder = str(pathlib.PurePath(mutant.path).parent)
        self.all[folder] += 1
        self.found[folder] += is_found
        if not is_found:
            line = self.sources[mutant.path].text.split("\n")[mutant.line].strip()
            print(f"{mutant.path}:{mutant.line + 1}: survived: {mutant.what}: {line}", flush=True)

    def print(self):
        """All in all, in percent."""
        for folder in sorted(self.all):
            self._print_one(folder, self.found[folder], self.all[folder])
        found, everything = sum(self.found.values()), sum(self.all.values())
        self._print_one("ci/mutate", found, everything)
        return 100 * found / everything

    @staticmethod
    def _print_one(what, found, everything):
        share = 100 * found / everything
        print(f"{what}: {found} of {everything} mutants found out, {share:.1f} %")


def fail(message):
    print(f"ci/mutate: {message}", file=sys.stderr)
    sys.exit(3)


def run_cases(copy, pool, count):
    """All cases of the tests, as they are with nothing broken."""
    names = [(copy.program(test), name) for test in reversed(build.TESTS)
             for name in tests.cases_of(copy.program(test))]
    def run(at):
        return tests.Case(*names[at], copy.path / "build" / f"reached.{at}", count)

    cases = list(pool.map(run, range(len(names))))
    for case in cases:
        if case.red:
            fail(f"the tests do not pass as they are: {case.name}")
    return cases


def main():
    options = read_options()
    copy = build.Copy(ROOT)
    sources = {file: source.Source((copy.path / file).read_text()) for file in options.files}
    broken = [mutant for file in sources for mutant in mutants.mutants_of(file, sources[file])]
    if options.most is not None and options.most < len(broken):
        broken = random.Random(options.seed).sample(broken, options.most)
    if not broken:
        refuse("nothing to break in these files")
    fits = {n for n, mutant in enumerate(broken)
            if schema.span_of(sources[mutant.path], mutant) is not None}
    try:
        numbers = copy.build_schemata(sources, broken, fits)
    except build.NotBuilt as error:
        fail(f"the copy does not compile:\n{error}")
    score = Score(sources)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        cases = run_cases(copy, pool, len(broken))
        order = sorted(numbers)
        for n, is_found in zip(order, pool.map(lambda n: tests.finds_out(cases, n), order)):
            score.note(broken[n], is_found)
        others = [broken[n] for n in sorted(set(range(len(broken))) - numbers)]
        are_valid = pool.map(lambda mutant: copy.compiles(sources[mutant.path], mutant), others)
        others = [mutant for mutant, is_valid in zip(others, are_valid) if is_valid]
    for mutant in others:
        if copy.build_apart(sources[mutant.path], broken, numbers, mutant):
            score.note(mutant, tests.any_red(cases))
    return 0 if score.print() >= options.least else 1


if __name__ == "__main__":
    sys.exit(main())
