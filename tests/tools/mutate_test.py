"""How ci/mutate rewrites sources: python3 tests/tools/mutate_test.py."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools" / "mutate"))

import mutants  # noqa: E402
import schema  # noqa: E402
import source  # noqa: E402
import tests  # noqa: E402


def broken(text):
    read = source.Source(text)
    return read, list(mutants.mutants_of("file.h", read))


def texts(text):
    """Each mutant's text on its own."""
    read, found = broken(text)
    return [text[:m.first] + m.new + text[m.last:] for m in found]


def rewritten(text):
    read, found = broken(text)
    return schema.rewritten(read, [(n, m) for n, m in enumerate(found)
                                   if schema.span_of(read, m) is not None])


def in_function(line):
    return "int F(int a, int b) {\n  " + line + "\n}\n"


class WhatIsBroken(unittest.TestCase):
    def expect(self, line, *expected):
        self.assertEqual(texts(in_function(line)), [in_function(one) for one in expected])

    def test_operators_of_two_operands(self):
        self.expect("return a < b;", "return a <= b;", "return a > b;")
        self.expect("return a && b;", "return a || b;")
        self.expect("return a +\n      b;", "return a -\n      b;")

    def test_what_only_looks_like_one_is_left_alone(self):
        self.expect("return -a;")
        self.expect("std::vector<int> x;")
        self.expect("auto&& x = *p;")
        self.expect('return "a < b";  // a < b')
        self.expect("return ' ';")
        self.assertEqual(texts("struct X {\n  int F() && {\n    return a;\n  }\n};\n"), [])
        self.assertEqual(texts("struct X {\n  bool operator==(X) const = default;\n};\n"), [])
        self.assertEqual(texts("struct X {\n  virtual void F() = 0;\n};\n"), [])

    def test_constants_and_conditions(self):
        self.expect("return 0;", "return 1;")
        self.expect("return true;", "return false;")
        self.expect("return !a;", "return !!a;")
        self.expect("return std::min(a, b);", "return std::max(a, b);")

    def test_statements_are_deleted_also_on_several_lines(self):
        self.expect("Call(a);", "")
        self.expect("a.b =\n      c;", "")
        self.expect("if (a) Call(b);", "if (a) ")
        self.expect("int c = F(a);")
        self.expect("const Lock lock(a);")
        self.expect("Lock* const lock = F(a);")
        self.expect("std::vector<int> c(a);")
        self.expect("while (a) {\n  }")

    def test_assertions_are_not_broken(self):
        self.expect("assert(a == b);")
        self.expect("static_assert(a == b);")


class BothForms(unittest.TestCase):
    def expect(self, line, *expected):
        written = rewritten(in_function(line)).replace("::assay_mutant::", "")
        written = written.removeprefix(schema.INCLUDE)
        self.assertEqual("".join(written.split()), "".join(in_function("".join(expected)).split()))

    def test_expression(self):
        self.expect("return a == b;", "return (Chosen(0) ? (a != b) : (a == b));")

    def test_several_in_one_expression_are_nested(self):
        self.expect("return a == b && c;",
                    "return (Chosen(0) ? (a != b && c) : (",
                    "(Chosen(1) ? (a == b || c) : (a == b && c))));")

    def test_the_smallest_expression_is_written_twice(self):
        self.expect("return F(a + b, c);", "return F((Chosen(0) ? (a - b) : (a + b)), c);")
        self.expect("return c ? a + b : a;", "return c ? (Chosen(0) ? (a - b) : (a + b)) : a;")
        self.expect("if (a == b) return;", "if ((Chosen(0) ? (a != b) : (a == b))) return;")
        self.expect("const int x = a + b;", "const int x = (Chosen(0) ? (a - b) : (a + b));")
        self.expect("return {.x = a + b};", "return {.x = (Chosen(0) ? (a - b) : (a + b))};")
        self.expect("for (; a != b;) {\n  }",
                    "for (; (Chosen(0) ? (a == b) : (a != b));) {\n  }")

    def test_deleted_statement(self):
        self.expect("Call(a);", "{ if (Chosen(0)) { } else { Call(a); }}")
        self.expect("if (a) Call(b); else Call(c);",
                    "if (a) { if (Chosen(0)) { } else { Call(b); }}"
                    "else { if (Chosen(1)) { } else { Call(c); }}")

    def test_lambda_within_a_statement(self):
        self.expect("Call([&] { return a == b; });",
                    "{ if (Chosen(0)) { } else {",
                    "Call([&] { return (Chosen(1) ? (a != b) : (a == b)); }); }}")

    def test_awaited_is_a_statement_since_gcc_fails_on_conditions(self):
        self.expect("co_return !co_await a;",
                    "{ if (Chosen(0)) { co_return !!co_await a; } else { co_return !co_await a; }}")

    def test_comments_do_not_swallow_what_follows(self):
        self.expect("return a ==  // why\n      b;",
                    "return (Chosen(0) ? (a != b) : (a ==  // why\n b));")

    def test_constant_where_it_is_read(self):
        written = rewritten("struct X {\n  static constexpr int kBits = 1 + 2;\n"
                            "  int F() {\n    return kBits;\n  }\n};\n")
        self.assertIn("kBits = 1 + 2;", written)
        self.assertIn("(::assay_mutant::ChosenAtRunTime(0) ? decltype(kBits)(1 - 2) :\nkBits)",
                      written)

    def test_what_may_make_constants_can_still(self):
        written = rewritten("constexpr int F(int a) {\n  return a + 1;\n}\n")
        self.assertIn("ChosenAtRunTime(0)", written)

    def test_apart_where_nothing_fits(self):
        for text in ("if constexpr (a == b) {\n  }", "constexpr int kB = 1 + 2;"):
            read, found = broken(in_function(text))
            self.assertIsNone(schema.span_of(read, found[0]), text)
        read, found = broken(in_function("if constexpr (a == b) {\n  }"))
        self.assertIn("(a != b)", schema.rewritten(read, [], found[0]))


class WhoseErrorItIs(unittest.TestCase):
    def test_each_mutant_has_a_line_of_its_own(self):
        text = rewritten(in_function("return a == b && c;"))
        lines = text.split("\n")
        for number in (0, 1):
            line = next(at for at, one in enumerate(lines) if f"Chosen({number})" in one)
            self.assertEqual(schema.blamed(text, line, 0), number)
        self.assertIsNone(schema.blamed(text, 0, 0))

    def test_what_follows_from_one(self):
        text = rewritten(in_function("Call(a);"))
        last = len(text.split("\n")) - 2
        self.assertIsNone(schema.blamed(text, last, 0))
        self.assertEqual(schema.blamed(text, last, last), 0)


PROGRAM = """#include <cstdio>
#include <cstdlib>
%s
int main(int, char** arguments) {
  const int a = std::atoi(arguments[1]);
  static_assert(Twice(2) == 4);
  std::printf("%%d %%d", Twice(a), Larger(a));
}
"""


class WhatIsCompiled(unittest.TestCase):
    TEXT = ("constexpr int Twice(int a) {\n  return a + a;\n}\n"
            "int Larger(int a) {\n  if (a < 5) {\n    return 5;\n  }\n  return a;\n}\n")

    def test_one_mutant_at_a_time(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "a.cc").write_text(PROGRAM % rewritten(self.TEXT))
            subprocess.run(["c++", "-std=c++20", "-w", f"-I{ROOT}", "-o", folder / "a",
                            folder / "a.cc"], check=True)

            def output(**environment):
                return subprocess.run([folder / "a", "5"], env=environment, capture_output=True,
                                      text=True, check=True).stdout
            self.assertEqual(output(), "10 5")
            self.assertEqual(output(ASSAY_MUTANT="0"), "0 5")
            reached = folder / "reached"
            reached.write_bytes(bytes(4))
            output(ASSAY_MUTANT_REACHED=str(reached))
            self.assertEqual(reached.read_bytes(), b"\1\1\1\0")


class Runs(unittest.TestCase):
    def test_red(self):
        self.assertFalse(tests.is_red("/bin/true", ["Any.case"], 1))
        self.assertTrue(tests.is_red("/bin/false", ["Any.case"], 1))

    def test_a_program_without_end_is_red(self):
        with tempfile.TemporaryDirectory() as folder:
            endless = pathlib.Path(folder) / "endless"
            endless.write_text("#!/bin/bash\nwhile :; do :; done\n")
            endless.chmod(0o700)
            self.assertTrue(tests.is_red(str(endless), ["Any.case"], -0.4))


if __name__ == "__main__":
    unittest.main()
