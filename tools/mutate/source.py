"""A C++ source as tokens and brackets: enough to say where an expression or a statement begins and
ends. It reads what clang-format writes in Google style, and no macros."""
import bisect
import re

BLANKED = re.compile(
    r'//[^\n]*|/\*.*?\*/|^[ \t]*#(?:[^\n\\]|\\.|\\\n)*'      # comments, preprocessor
    r'|"(?:\\.|[^"\\\n])*"|(?<!\w)\'(?:\\.|[^\'\\\n])+\'',   # texts, characters
    re.DOTALL | re.MULTILINE)
TOKEN = re.compile(r"[A-Za-z_]\w*|\d[\w.']*|<<=|>>=|<=>|\.\.\.|::|->|[-+*/%&|^=!<>]="
                   r"|\+\+|--|&&|\|\||<<|>>|\S")
OPENING = {")": "(", "]": "[", "}": "{"}
CONTROL = {"if", "while", "for", "switch"}
ASSIGNMENTS = {"=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="}
# Between these stands an expression.
EDGES = ASSIGNMENTS | {",", ";", "?", ":", "return", "co_return", "throw", "case", "else", "do"}


def spaces(text):
    return re.sub(r"[^\n]", " ", text)


class Source:
    def __init__(self, text):
        self.text = text
        # What a mutant is cut from: without comments, since it is put into one line.
        self.bare = BLANKED.sub(
            lambda m: spaces(m[0]) if m[0].lstrip()[0] in "/#" else m[0], text)
        code = BLANKED.sub(
            lambda m: spaces(m[0]) if m[0].lstrip()[0] in "/#" else "0" * len(m[0]), text)
        found = list(TOKEN.finditer(code))
        self.tokens = [token[0] for token in found]
        self.starts = [token.start() for token in found]
        self.ends = [token.end() for token in found]
        self.match = {}   # of brackets, both ways
        self.within = []  # for each token the innermost open bracket, or None
        self.kinds = {}   # of an opening bracket: ( [ init block scope
        self._read_brackets()
        self.line_starts = [0] + [at.end() for at in re.finditer("\n", text)]

    def line_of(self, at):
        """From 0 on."""
        return bisect.bisect_right(self.line_starts, at) - 1

    def token(self, index):
        return self.tokens[index] if 0 <= index < len(self.tokens) else ""

    def _read_brackets(self):
        open_ones = []
        for index, token in enumerate(self.tokens):
            if token in OPENING:
                opening = open_ones.pop()
                self.match[opening], self.match[index] = index, opening
            self.within.append(open_ones[-1] if open_ones else None)
            if token in OPENING.values():
                self.kinds[index] = self._kind(index)
                open_ones.append(index)

    def _kind(self, index):
        if self.tokens[index] != "{":
            return self.tokens[index]
        before, outer = self.token(index - 1), self.within[index]
        if before == ")":
            return "scope" if self.token(self.match[index - 1] - 1) == "requires" else "block"
        if before in ("]", "const", "noexcept", "override", "mutable", "else", "do", "try", ";",
                      "}", ":", ""):
            return "block"
        if before in ("&", "&&") and self.token(index - 2) == ")":
            return "block"  # of a function for objects of that kind
        if before == "{":
            return "init" if self.kinds[outer] == "init" else "block"
        for at in range(index - 1, -1, -1):
            token = self.tokens[at]
            if token in ("namespace", "struct", "class", "union", "enum"):
                return "scope"
            if token == "->":
                return "block"
            if token in (";", "{", "}", "(", ")", "[", "]", "=", "return", "co_return"):
                break
        return "init"

    def enclosing(self, index):
        """The opening brackets around a token, innermost first."""
        opening = self.within[index]
        while opening is not None:
            yield opening
            opening = self.within[opening]

    def _ends_before(self, index, edges):
        """Whether what goes on at index + 1 begins there."""
        token = self.tokens[index]
        if token in edges or index in self.kinds:
            return True
        if token == "}":
            return self.kinds[self.match[index]] != "init"
        if token == ")":
            before = self.match[index] - 1
            return self.token(before - (self.token(before) == "constexpr")) in CONTROL
        return False

    def _reach(self, index, edges):
        first = index
        while first > 0 and not self._ends_before(first - 1, edges):
            # Over brackets in one step.
            first = self.match[first - 1] if self.tokens[first - 1] in OPENING else first - 1
        last = index
        while last < len(self.tokens):
            if last in self.kinds:
                if self.kinds[last] in ("block", "scope") and last != index:
                    break
                last = self.match[last]
            elif last != index and (self.tokens[last] in edges or self.tokens[last] in OPENING):
                break
            last += 1
        return first, last

    def expression(self, index):
        """The smallest full expression around a token: first token, and the one behind it."""
        return self._reach(index, EDGES)

    def statement(self, index):
        """The statement, or what stands of it within the innermost bracket."""
        first, last = self._reach(index, {";", "else", "do"})
        while self.token(first) in ("case", "default"):
            while self.tokens[first] != ":":
                first += 1
            first += 1
        return first, last

    def declaration(self, index):
        """What stands of a statement or declaration before a token, or before the outermost bracket
        of it in which the token stands."""
        for opening in self.enclosing(index):
            if self.kinds[opening] in ("block", "scope"):
                break
            index = opening
        return self.tokens[self.statement(index)[0]:index]
