"""What is broken, and by what: the mutants of a source."""
import dataclasses
import re

# What is replaced by what; each is one mutant for each place where it stands.
SPACED = {  # between spaces, or it is no operator of two operands
    "==": ["!="], "!=": ["=="], ">=": [">"], "<=": ["<"], "<": ["<=", ">"], ">": [">="],
    "&&": ["||"], "||": ["&&"], "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"],
    "+=": ["-="], "-=": ["+="], "<<": [">>"], ">>": ["<<"], "|": ["&"], "&": ["|"]}
ANYWHERE = {"++": ["--"], "--": ["++"], "true": ["false"], "false": ["true"], "!": ["!!"]}
LAST = {"0": ["1"], "1": ["2"]}  # of an expression
STANDARD = {"min": ["max"], "max": ["min"]}
# What is not a call or an assignment.
NO_DELETION = re.compile(
    r"(return|const|constexpr|static|thread_local|using|auto|typename|co_return|throw|explicit|"
    r"extern|template|struct|class|if|else|do|for|while|switch|public|private|break|continue|"
    r"friend|goto|delete)\b"
    r"|[\w:]+(<.*>)?[&*]* (const )?[&*]*\w+ ?(=|\{|\(|;)")


@dataclasses.dataclass(frozen=True)
class Mutant:
    path: str
    line: int   # from 0 on
    first: int  # what is replaced: offsets into the text
    last: int
    new: str
    what: str
    token: int  # where it stands
    statement: bool = False  # all of one is replaced


def _is_spaced(source, index):
    return (source.text[source.starts[index] - 1].isspace()
            and source.text[source.ends[index]].isspace())


def _replacements(source, index):
    token, before, behind = (source.token(at) for at in (index, index - 1, index + 1))
    if before == "operator" or (before == ")" and behind == "{"):  # of objects: Result() && {
        return []
    if token in SPACED:
        return SPACED[token] if _is_spaced(source, index) else []
    if token in LAST:
        return LAST[token] if behind == ";" and "virtual" not in source.declaration(index) else []
    if token in STANDARD:
        qualified = source.tokens[index - 2:index] == ["std", "::"]
        return STANDARD[token] if qualified and behind == "(" else []
    return ANYWHERE.get(token, [])


def _is_asserted(source, index):
    return any(source.token(opening - 1) in ("assert", "static_assert")
               for opening in source.enclosing(index))


def _deleted(source, index):
    """Where a statement that can be deleted begins at this token: the token behind it."""
    opening = source.within[index]
    if opening is None or source.kinds[opening] != "block" or source.tokens[index] in ")]}{;":
        return None
    first, last = source.statement(index)
    if first != index or source.token(last) != ";" or last == first:
        return None
    text = re.sub(r"\s+", " ", source.bare[source.starts[first]:source.ends[last]])
    if NO_DELETION.match(text) or text.startswith(("assert(", "static_assert(")):
        return None
    tokens = source.tokens[first:last]
    return last if "(" in tokens or any(token.endswith("=") for token in tokens) else None


def mutants_of(path, source):
    for index, token in enumerate(source.tokens):
        first, last = source.starts[index], source.ends[index]
        line = source.line_of(first)
        if not source.text[source.line_starts[line]].isspace():
            continue  # only what stands inside of something
        if _is_asserted(source, index):
            continue
        for new in _replacements(source, index):
            yield Mutant(path, line, first, last, new, f"{token} -> {new}", index)
        end = _deleted(source, index)
        if end is not None:
            yield Mutant(path, line, first, source.ends[end], "", "deleted", index, statement=True)
