"""All mutants of a source in one text: each place is written in both forms, and a number in the
environment says at run time which one is taken (chosen.h)."""
import re

# Evaluated at compile time, where nothing can be chosen.
CONSTANT = {"constexpr", "noexcept", "decltype", "alignas", "sizeof", "requires", "explicit"}
INCLUDE = '#include "tools/mutate/chosen.h"\n'


def span_of(source, mutant):
    """The offsets of what is written twice, and how: as an expression, a statement, or a constant
    where it is read. None where no form fits."""
    index = mutant.token
    opening = source.within[index]
    kind = source.kinds.get(opening, "scope")
    compound = mutant.what.startswith(("+=", "-="))
    first, last = source.statement(index) if compound else source.expression(index)
    tokens = source.tokens[first:last]
    if any(source.token(around - 1) in CONSTANT for around in source.enclosing(index)
           if source.kinds[around] == "("):
        return None
    if "constexpr" in source.declaration(index):
        return _constant(source, index)
    if mutant.statement:
        return mutant.first, mutant.last, "statement"
    if "co_await" in tokens:  # within ?: GCC 12 gets it wrong
        return _awaiting_statement(source, index, kind)
    if kind == "scope" and source.token(first - 1) != "=" or not tokens or tokens[0] == "{":
        return None
    return source.starts[first], source.ends[last - 1], "expression"


def _awaiting_statement(source, index, kind):
    first, last = source.statement(index)
    begins = source.token(first)
    if kind != "block" or source.token(last) != ";" or begins in ("const", "auto"):
        return None
    return source.starts[first], source.ends[last], "statement"


def _outermost(source, index):
    """The token itself, or the bracket of its statement in which it stands."""
    for opening in source.enclosing(index):
        if source.kinds[opening] in ("block", "scope"):
            break
        index = opening
    return index


def _constant(source, index):
    """What stands behind the = of a constexpr constant that is read in a function of this file."""
    first, last = source.expression(_outermost(source, index))
    if source.token(first - 1) != "=" or not _reads(source, first - 2):
        return None
    return source.starts[first], source.ends[last - 1], "constant"


def _reads(source, name):
    return [index for index, token in enumerate(source.tokens)
            if token == source.tokens[name] and index != name
            and any(source.kinds[opening] == "block" for opening in source.enclosing(index))]


def _is_constexpr(source, mutant):
    """Whether it stands where a constant may be made of it: there chosen.h must not forbid that."""
    around = list(source.enclosing(mutant.token))
    blocks = [opening for opening in around if source.kinds[opening] == "block"]
    return not blocks or any("constexpr" in source.declaration(opening) for opening in blocks)


def edits_of(source, mutant, number):
    """Where something is put before and behind what is there, and what: four of them for each."""
    first, last, form = span_of(source, mutant)
    new = source.bare[first:mutant.first] + mutant.new + source.bare[mutant.last:last]
    new = re.sub(r"\s*\n\s*", " ", new)
    is_constexpr = form == "constant" or _is_constexpr(source, mutant)
    condition = f"::assay_mutant::{'ChosenAtRunTime' if is_constexpr else 'Chosen'}({number})"
    # A line of its own for each, which says whose an error of the compiler is.
    if form == "statement":
        return [(first, last, f"\n{{ if ({condition}) {{ {new} }} else {{\n", "}}")]
    if form == "expression":
        return [(first, last, f"\n({condition} ? ({new}) :\n(", "))")]
    name = max(at for at in range(len(source.tokens)) if source.starts[at] < first) - 1
    before = f"\n({condition} ? decltype({source.tokens[name]})({new}) :\n"
    return [(source.starts[at], source.ends[at], before, ")") for at in _reads(source, name)]


def rewritten(source, numbered, apart=None):
    """The text with all `numbered` mutants, pairs of a number and a mutant that has a span, and
    with `apart` in place of what it replaces."""
    edits = []  # offset, order at that offset, what is replaced up to, text
    for number, mutant in numbered:
        for first, last, before, behind in edits_of(source, mutant, number):
            edits.append((first, (1, -last, number), first, before))
            edits.append((last, (0, -first, -number), last, behind))
    if apart:
        edits.append((apart.first, (2,), apart.last, apart.new))
    text, at = [INCLUDE], 0
    for first, _, last, new in sorted(edits):
        text += [source.text[at:first], new]
        at = last
    return "".join(text) + source.text[at:]


def blamed(text, line, lines_before):
    """The number of the mutant of a line of a rewritten text, from 0 on, or of the closest that is
    no more than so many lines before it."""
    lines = text.split("\n")
    for at in range(line, line - lines_before - 1, -1):
        number = re.search(r"::assay_mutant::\w+\((\d+)\)", lines[at])
        if number:
            return int(number[1])
    return None
