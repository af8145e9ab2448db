"""Small faults, planted one at a time in the source of a rule: what `tools/mutate.py` runs the tests against."""

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

COMPARE = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
BINARY = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
CONSTANTS = {
    "NO": "YES",
    "YES": "NO",
    "ZERO": "ONE",
    "ONE": "ZERO",
    "HALF": "ONE",
    "TWO": "THREE",
    "THREE": "TWO",
    "FOUR": "FIVE",
    "FIVE": "FOUR",
    "EIGHT": "FIVE",
    "JOBLESS": "ORDINARY",
    "ORDINARY": "PRESTIGE",
    "PRESTIGE": "ORDINARY",
    "MISSED": "OWN",
    "OWN": "SENT",
    "SENT": "OWN",
    "UNGRADED": "YES",
}
TYPES = {"f32", "i32", "i64", "u32", "u64"}
LARGE = 16  # a larger constant is doubled, since one more may be lost in rounding


@dataclass(frozen=True)
class Mutant:
    """One planted fault: where, the statement before and after, and the source of the faulty function or definition."""

    module: str
    function: str
    before: str
    after: str
    source: str

    @property
    def name(self) -> str:
        """What identifies it as long as the statement stays as it is."""
        return f"{self.module}.{self.function}: {self.before}  ->  {self.after}"


def node(text: str) -> ast.expr:
    """An expression."""
    return ast.parse(text, mode="eval").body


def is_none_of(expression: ast.expr) -> bool:
    """Is this already the constant for nothing?"""
    return ast.unparse(expression) in ("NO", "ZERO", "u32(0)", "u64(0)", "False", "0")


def nothing(annotation: ast.expr) -> ast.expr:
    """The 0 of an annotated type."""
    name = ast.unparse(annotation)
    return node("False" if name == "bool" else f"{name}(0)")


def neighbours(function: ast.FunctionDef) -> dict[str, str]:
    """For each argument of a rule the next one of its type: what one might write by mistake."""
    by_type: dict[str, list[str]] = {}
    for argument in function.args.args:
        by_type.setdefault(ast.unparse(argument.annotation), []).append(argument.arg)
    return {name: names[(i + 1) % len(names)] for names in by_type.values() for i, name in enumerate(names) if len(names) > 1}


def changes(item: ast.AST, arrays: set[str], mistaken: dict[str, str]) -> Iterator[ast.AST]:
    """Every way in which one expression may be wrong."""
    match item:
        case ast.Name(name) if name in mistaken:
            yield ast.Name(mistaken[name])
        case ast.Compare(left, [op], right):
            for other in COMPARE[type(op)]:
                yield ast.Compare(left, [other()], right)
        case ast.BinOp(left, op, right):
            yield ast.BinOp(left, BINARY[type(op)](), right)
        case ast.UnaryOp(ast.USub() | ast.Invert() | ast.Not(), operand):
            yield operand
        case ast.BoolOp(op, values):
            yield ast.BoolOp(ast.And() if isinstance(op, ast.Or) else ast.Or(), values)
            for i in range(len(values)):
                rest = values[:i] + values[i + 1 :]
                yield ast.BoolOp(op, rest) if len(rest) > 1 else rest[0]
        case ast.IfExp(test, body, orelse) if not isinstance(test, ast.Compare):  # a comparison is turned round by itself
            yield ast.IfExp(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.Constant(bool()):
            yield ast.Constant(not item.value)
        case ast.Constant(int()):
            yield ast.Constant(1 - item.value if item.value in (0, 1) else item.value + 1 if item.value <= LARGE else 2 * item.value)
        case ast.Name(name) if name in CONSTANTS:
            yield ast.Name(CONSTANTS[name])
        case ast.Subscript(ast.Name(name), index) if name in arrays:
            places = index.elts if isinstance(index, ast.Tuple) else [index]
            for i, place in enumerate(places):
                if not isinstance(place, ast.Constant):
                    moved = [*places[:i], ast.Constant(0), *places[i + 1 :]]
                    yield ast.Subscript(item.value, ast.Tuple(moved) if len(moved) > 1 else moved[0])
        case ast.Call(ast.Name("range"), args):
            start, stop = ([ast.Constant(0), *args])[-2:]
            yield ast.Call(item.func, [ast.BinOp(start, ast.Add(), ast.Constant(1)), stop], [])
            yield ast.Call(item.func, [start, ast.BinOp(stop, ast.Sub(), ast.Constant(1))], [])
        case ast.Call(ast.Name("min" | "max"), args):
            for i in range(len(args)):
                yield ast.Call(item.func, args[:i] + args[i + 1 :], [])
        case ast.Call(ast.Name(name), args) if name not in TYPES | {"len", "abs"}:
            for i, arg in enumerate(args):
                if not (is_none_of(arg) or (isinstance(arg, ast.Name) and arg.id in arrays)):
                    yield ast.Call(item.func, [*args[:i], node(f"type({ast.unparse(arg)})(0)"), *args[i + 1 :]], [])


def statements(item: ast.stmt, known: set[str], returns: ast.expr | None) -> Iterator[ast.stmt]:
    """Every way in which a whole statement may be wrong: left out, negated, its answers swapped or empty."""
    match item:
        case ast.Assign([target]) if {n.id for n in ast.walk(target) if isinstance(n, ast.Name)} <= known:
            yield ast.Pass()
        case ast.If(test, body, orelse) if not isinstance(test, ast.Compare):
            yield ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.While(test, body, orelse) if not isinstance(test, ast.Compare):
            yield ast.While(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.Return(ast.Tuple(elts)):
            kinds = returns.slice.elts if isinstance(returns, ast.Subscript) else []
            for i in range(len(elts) - 1):
                if ast.unparse(elts[i]) != ast.unparse(elts[i + 1]):
                    yield ast.Return(ast.Tuple([*elts[:i], elts[i + 1], elts[i], *elts[i + 2 :]]))
            for i, (each, kind) in enumerate(zip(elts, kinds, strict=True)):
                if not is_none_of(each) and ast.unparse(each) not in CONSTANTS:
                    yield ast.Return(ast.Tuple([*elts[:i], nothing(kind), *elts[i + 1 :]]))
        case ast.Return(value) if value is not None and not is_none_of(value) and ast.unparse(value) not in CONSTANTS:
            yield ast.Return(nothing(returns))


def header(statement: ast.stmt) -> str:
    """A statement on one line; of one with a body, its heading."""
    return ast.unparse(statement).splitlines()[0]


def expressions(statement: ast.stmt) -> Iterator[tuple[ast.AST, str, int | None]]:
    """The expressions that belong to a statement itself, each with its parent's field that holds it."""
    stack: list[ast.AST] = [statement]
    while stack:
        parent = stack.pop()
        for field, value in ast.iter_fields(parent):
            for place, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if isinstance(child, ast.expr | ast.comprehension | ast.keyword):
                    yield parent, field, place
                    stack.append(child)


def variants(statement: ast.stmt, arrays: set[str], mistaken: dict[str, str]) -> Iterator[ast.stmt]:
    """Copies of a statement, each with one expression changed."""
    places = list(expressions(statement))
    for number, (parent, field, place) in enumerate(places):
        child = getattr(parent, field) if place is None else getattr(parent, field)[place]
        if isinstance(getattr(child, "ctx", None), ast.Store):
            continue
        for changed in changes(child, arrays, mistaken):
            twin = copy.deepcopy(statement)
            at, _, _ = list(expressions(twin))[number]
            if place is None:
                setattr(at, field, copy.deepcopy(changed))
            else:
                getattr(at, field)[place] = copy.deepcopy(changed)
            yield twin


def blocks(body: list[ast.stmt]) -> Iterator[tuple[list[ast.stmt], int]]:
    """Every statement under a body, as the list that holds it and its place there."""
    for i, statement in enumerate(body):
        yield body, i
        for field in ("body", "orelse"):
            yield from blocks(getattr(statement, field, []))


def mutants(module: str, source: str) -> list[Mutant]:
    """All mutants of one file of rules: of its functions, and of the constants that it defines."""
    tree = ast.parse(source)
    found: list[Mutant] = []
    seen: Counter[tuple[str, str, str]] = Counter()

    def plant(function: str, top: ast.stmt | None, body: list[ast.stmt], place: int, twins: Iterator[ast.stmt]):
        original = body[place]
        for twin in twins:
            body[place] = ast.fix_missing_locations(twin)
            before, after = header(original), header(twin)
            seen[function, before, after] += 1
            again = seen[function, before, after]
            found.append(Mutant(module, function, before, after if again == 1 else f"{after}  #{again}", ast.unparse(top or twin)))
        body[place] = original

    for place, item in enumerate(tree.body):
        if isinstance(item, ast.FunctionDef):
            arrays = {a.arg for a in item.args.args if "ndarray" in ast.unparse(a.annotation)}
            known = {a.arg for a in item.args.args}
            for body, i in list(blocks(item.body)):
                statement = body[i]
                if isinstance(statement, ast.Expr):  # the docstring
                    continue
                plant(item.name, item, body, i, statements(statement, known, item.returns))
                plant(item.name, item, body, i, variants(statement, arrays, neighbours(item)))
                target = statement.target if isinstance(statement, ast.For) else statement
                if not isinstance(statement, ast.If | ast.While):
                    known |= {n.id for n in ast.walk(target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        elif isinstance(item, ast.Assign) and not isinstance(item.value, ast.Attribute):
            plant("(constants)", None, tree.body, place, variants(item, set(), {}))
            plant("(constants)", None, tree.body, place, floats(item))
    return found


def floats(item: ast.stmt) -> Iterator[ast.stmt]:
    """Copies of a definition, each with one decimal number one per cent larger."""
    count = sum(isinstance(n, ast.Constant) and isinstance(n.value, float) for n in ast.walk(item))
    for number in range(count):
        twin = copy.deepcopy(item)
        constant = [n for n in ast.walk(twin) if isinstance(n, ast.Constant) and isinstance(n.value, float)][number]
        constant.value = round(constant.value * 1.01, 6)
        yield twin
