"""The copy that is broken: a clone of the last commit in build/mutate, and all mutants in it."""
import pathlib
import re
import subprocess

import schema

TESTS = ["patterns_test", "async_patterns_test"]
ERROR = re.compile(r"^([^\s:]+):(\d+):\d+: (?:fatal )?error: .*$", re.MULTILINE)


class NotBuilt(Exception):
    """What the compiler said that is no mutant's fault."""


class Copy:
    def __init__(self, root):
        self.path = root / "build" / "mutate"
        if not self.path.exists():
            subprocess.run(["git", "clone", "--quiet", "--shared", root, self.path], check=True)
        for command in (["fetch", "--quiet", "origin", "HEAD"],
                        ["reset", "--quiet", "--hard", "FETCH_HEAD"]):
            subprocess.run(["git", *command], cwd=self.path, check=True)
        # What is written twice gives warnings, and is read by programs that run for seconds.
        subprocess.run(["cmake", "--preset", "release", f"-DCMAKE_CXX_FLAGS=-w -I{self.path}",
                        "-DCMAKE_CXX_FLAGS_RELEASE=-O1 -DNDEBUG"],
                       cwd=self.path, stdout=subprocess.DEVNULL, check=True)

    def program(self, test):
        return self.path / "build" / "release" / "bin" / test

    def write(self, path, text):
        file = self.path / path
        if file.read_text() != text:
            file.write_text(text)

    def build(self, go_on):
        """The errors, or None where it was built."""
        run = subprocess.run(["cmake", "--build", "--preset", "release", "--target", *TESTS, "--",
                              "-j2", f"-k{0 if go_on else 1}"],
                             cwd=self.path, capture_output=True, text=True, errors="replace")
        return run.stdout + run.stderr if run.returncode != 0 else None

    def syntax_errors(self, paths):
        """The errors of sources without the tests: most are found here, in a tenth of the time."""
        headers = self.path / "build" / "headers.cc"
        headers.write_text("".join(f'#include "{path}"\n' for path in paths if path.endswith(".h")))
        return "".join(self._check([file]) for file in
                       [headers, *(path for path in paths if path.endswith(".cc"))])

    def _check(self, arguments, text=None):
        command = ["c++", "-std=c++20", "-w", "-fsyntax-only", "-I.", "-Isrc", *arguments]
        return subprocess.run(command, cwd=self.path, input=text, capture_output=True, text=True,
                              errors="replace").stderr

    def compiles(self, source, mutant):
        """Whether it is C++ at all, templates taken for what they say."""
        return not self._check(["-x", "c++", "-"], schema.rewritten(source, [], mutant))

    def blamed(self, output):
        """The numbers of mutants that do not compile."""
        places = set()
        for place in ERROR.finditer(output):
            for folder in (self.path, self.path / "build" / "release"):
                path = (folder / place[1]).resolve()
                if path.is_relative_to(self.path / "src") and path.exists():
                    places.add((path, int(place[2]) - 1))
        texts = {path: path.read_text() for path, _ in places}
        # An error elsewhere may follow from one at a mutant.
        return ({schema.blamed(texts[path], line, 0) for path, line in places} - {None}
                or {schema.blamed(texts[path], line, line) for path, line in places} - {None})

    def build_schemata(self, sources, mutants, numbers):
        """Builds all mutants of these numbers into one, but for those that do not compile. Returns
        the numbers that are in it."""
        numbers = set(numbers)
        while True:
            for path, source in sources.items():
                self.write(path, schema.rewritten(
                    source, [(n, mutants[n]) for n in numbers if mutants[n].path == path]))
            output = self.syntax_errors(sources) or self.build(go_on=True)
            if not output:
                return numbers
            wrong = self.blamed(output) & numbers
            if not wrong:
                raise NotBuilt("\n".join(e[0] for e in ERROR.finditer(output)) or output[-2000:])
            numbers -= wrong

    def build_apart(self, source, mutants, numbers, apart):
        """Whether it compiles with one mutant in place of what it replaces."""
        own = [(n, mutants[n]) for n in numbers if mutants[n].path == apart.path]
        self.write(apart.path, schema.rewritten(source, own, apart))
        try:
            return self.build(go_on=False) is None
        finally:
            self.write(apart.path, schema.rewritten(source, own))
