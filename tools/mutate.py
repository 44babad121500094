"""usage: ci/mutate [--most N] [--seed N] [--least PERCENT] [FILE...]

Breaks the patterns in one place at a time and shows that a test goes red: an operator, a
constant or a condition is changed, or a statement deleted; then patterns_test and
async_patterns_test are built and run. What survives is printed with its line, and at the end the
score: the share of mutants that were found out. One that does not compile counts for nothing;
one with which a test never ends is found out.

  FILE             sources to break (all of src/assay/patterns, stack and adapters)
  --most N         no more than N mutants, drawn from all (all)
  --seed N         of the draw (1)
  --least PERCENT  the lowest score to pass with, 0 to 100 (90)

It works in a copy of the last commit, build/mutate, so that nothing broken is left behind.

Exit status: 0 at least that score, 1 below it, 2 wrong option, 3 the unbroken tests do not pass."""
import argparse
import pathlib
import random
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
COPY = ROOT / "build" / "mutate"
TESTS = ["patterns_test", "async_patterns_test"]
BROKEN = ["src/assay/patterns", "src/assay/stack", "src/assay/adapters"]
MOST_SECONDS = 120  # of one program of tests

# What is replaced by what; each is one mutant for each place where it stands.
REPLACEMENTS = [
    ("==", "!="), ("!=", "=="), (">=", ">"), ("<=", "<"), (" < ", " <= "), (" > ", " >= "),
    (" < ", " > "), ("&&", "||"), ("||", "&&"), (" + ", " - "), (" - ", " + "), (" * ", " / "),
    (" / ", " * "), ("++", "--"), ("--", "++"), (" += ", " -= "), (" -= ", " += "),
    (" << ", " >> "), (" >> ", " << "), (" | ", " & "), (" & ", " | "), ("true", "false"),
    ("false", "true"), ("(!", "("), ("std::min(", "std::max("), ("std::max(", "std::min("),
    (" 0;", " 1;"), (" 1;", " 2;"), ("return {};", "return 1;"),
]
# A call or an assignment on a line of its own.
STATEMENT = re.compile(r"^\s+[\w:.>\-\[\]()*&]+(\(.*\)| [-+|&]?= .*);$")
DECLARATION = re.compile(r"^\s+((return|const|constexpr|static|using|auto|typename|co_return|throw|"
                         r"explicit)\b|[\w:<>]+ \w+( =|\{|\(|;))")


def refuse(message):
    print(f"ci/mutate: {message}; see ci/mutate --help", file=sys.stderr)
    sys.exit(2)


def code_of(line):
    """The line without its comment and its strings, blanked out so that columns stay."""
    line = re.sub(r'"(\\.|[^"\\])*"', lambda text: " " * len(text[0]), line)
    return line.split("//")[0]


def mutants_of(path):
    lines = (ROOT / path).read_text().split("\n")
    for number, line in enumerate(lines):
        code = code_of(line)
        if not code.startswith(" ") or "assert(" in code:  # only what stands inside of something
            continue
        for old, new in REPLACEMENTS:
            at = code.find(old)
            while at >= 0:
                yield path, number, line[:at] + new + line[at + len(old):], f"{old} -> {new}"
                at = code.find(old, at + 1)
        if STATEMENT.match(code.rstrip()) and not DECLARATION.match(code):
            yield path, number, "", "deleted"


def build():
    return subprocess.run(["cmake", "--build", "--preset", "release", "--target", *TESTS],
                          cwd=COPY, capture_output=True).returncode == 0


def red():
    for test in TESTS:
        try:
            run = subprocess.run([f"build/release/bin/{test}", "--gtest_brief=1",
                                  "--gtest_fail_fast"],
                                 cwd=COPY, capture_output=True, timeout=MOST_SECONDS)
        except subprocess.TimeoutExpired:
            return True
        if run.returncode != 0:
            return True
    return False


def prepare():
    """The last commit in a folder of its own, built and green."""
    if not COPY.exists():
        subprocess.run(["git", "clone", "--quiet", "--shared", ROOT, COPY], check=True)
    subprocess.run(["git", "fetch", "--quiet", "origin", "HEAD"], cwd=COPY, check=True)
    subprocess.run(["git", "reset", "--quiet", "--hard", "FETCH_HEAD"], cwd=COPY, check=True)
    subprocess.run(["cmake", "--preset", "release"], cwd=COPY, stdout=subprocess.DEVNULL,
                   check=True)
    if not build() or red():
        print("ci/mutate: the tests do not pass as they are", file=sys.stderr)
        sys.exit(3)


def survives(path, number, line):
    """None where the mutant doesn't compile."""
    file = COPY / path
    text = file.read_text()
    lines = text.split("\n")
    lines[number] = line
    file.write_text("\n".join(lines))
    try:
        return not red() if build() else None
    finally:
        file.write_text(text)


def main():
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
    files = options.files or sorted(
        str(path.relative_to(ROOT)) for folder in BROKEN for ending in ("*.h", "*.cc")
        for path in (ROOT / folder).rglob(ending))
    for file in files:
        if not (ROOT / file).is_file():
            refuse(f"no file '{file}'")
    mutants = [mutant for file in files for mutant in mutants_of(file)]
    if options.most is not None and options.most < len(mutants):
        mutants = random.Random(options.seed).sample(mutants, options.most)
    prepare()
    found, survived = 0, 0
    for path, number, line, what in mutants:
        alive = survives(path, number, line)
        if alive is None:
            continue
        if alive:
            survived += 1
            print(f"{path}:{number + 1}: survived: {what}: "
                  f"{(ROOT / path).read_text().split(chr(10))[number].strip()}", flush=True)
        else:
            found += 1
    if found + survived == 0:
        refuse("nothing to break in these files")
    score = 100 * found / (found + survived)
    print(f"ci/mutate: {found} of {found + survived} mutants found out, {score:.1f} %")
    return 0 if score >= options.least else 1


if __name__ == "__main__":
    sys.exit(main())
