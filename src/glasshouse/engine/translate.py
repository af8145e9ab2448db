"""From the loops of a part, as they are written, to machine code.

Numba compiles the rules, once for each choice of types. The loops around them are so plain (read, call, store, pass over) that
they are turned into LLVM code here, node by node: through all of Numba they would take five times as long to compile. The
arithmetic is Numba's.
"""

import ast
import functools
import operator
from dataclasses import dataclass

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.callconv import create_error_model
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target
from numba.np.numpy_support import from_dtype

from .native import HUGE, array_at

SIGNS = {ast.Add: operator.add, ast.Mult: operator.mul, ast.FloorDiv: operator.floordiv, ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt}
WORD = ir.IntType(64)


@dataclass(frozen=True)
class Number:
    """A number in the machine, and its type."""

    value: ir.Value
    type: types.Type


@dataclass(frozen=True)
class Array:
    """Where an array begins, its shape and what it holds."""

    address: ir.Value
    shape: tuple[ir.Value, ...]
    holds: types.Type
    endless: bool = False  # the loops respect its bounds by themselves


@functools.cache
def _context():
    """What Numba knows of this machine, with all that it can do read in; dividing by 0 stops nobody."""
    cpu_target.typing_context.refresh()
    cpu_target.target_context.refresh()
    context = cpu_target.target_context.subtarget()
    context.error_model = create_error_model("numpy", context)
    return context


@functools.cache
def _typed(sign: type, left: types.Type, right: types.Type):
    """An operation, and the types in which two numbers meet in it and of what comes out."""
    operation = SIGNS[sign]
    return operation, cpu_target.typing_context.resolve_function_type(operation, (left, right), {})


class Translator:
    """Writes one part as an LLVM function of one whole number, the address of a desk. names: what the part's names stand for."""

    def __init__(self, name: str, names: dict):
        self.context, self.names = _context(), names
        self.library = self.context.codegen().create_library(name)
        self.library.enable_object_caching()
        module = self.library.create_ir_module(name)
        function = ir.Function(module, ir.FunctionType(ir.VoidType(), [WORD]), name)
        self.builder = ir.IRBuilder(function.append_basic_block())
        self.local: dict = {"pointer": Number(function.args[0], types.int64)}
        self.module, self.next, self.stop = module, [], None

    def part(self, node: ast.FunctionDef, guard: int = 0):
        """The whole part. guard: the number that it leaves if it is stopped, 0 if it cannot be.

        A part that is stopped notes which it was and at whom, unless another was before it.
        """
        self.stop = self.builder.append_basic_block("stop") if guard else None
        for each in node.body:
            self.line(each)
        self.builder.ret_void()
        if guard:
            self.builder.position_at_end(self.stop)
            first, note = ast.parse(f"desk[FAULT] == 0; desk[FAULT], desk[FAULT_AT] = {guard}, desk[BEGIN] + desk[OFFSET] + desk[REACHED]").body
            with self.builder.if_then(self.test(first.value)):
                self.line(note)
            self.builder.ret_void()

    def finish(self) -> tuple[bytes, bytes]:
        """The machine code, and the LLVM bitcode that it was made from."""
        self.library.add_ir_module(self.module)
        self.library.finalize()
        return self.library._get_compiled_object(), self.library._final_module.as_bitcode()

    # ---- lines

    def line(self, node: ast.stmt):
        """One line, or one loop with the lines in it."""
        match node:
            case ast.For():
                self.loop(node)
            case ast.If(test=ast.UnaryOp(ast.Not(), wanted), body=[ast.Continue()]):
                go_on = self.builder.append_basic_block()
                self.builder.cbranch(self.test(wanted), go_on, self.next[-1])
                self.builder.position_at_end(go_on)
            case ast.Assign(targets=[ast.Tuple(targets)], value=value):
                values = [self.look(each) for each in value.elts] if isinstance(value, ast.Tuple) else self.call(value)
                for target, each in zip(targets, values, strict=True):
                    self.assign(target, each)
            case ast.Assign(targets=[target], value=value):
                self.assign(target, self.look(value))
            case ast.AugAssign(target=target, op=ast.Add(), value=value):
                self.assign(target, self.work(ast.Add, self.look(target), self.look(value)))
            case _:
                raise NotImplementedError(ast.unparse(node))

    def loop(self, node: ast.For):
        """for each in range(count)."""
        count = self.whole(node.iter.args[0])
        builder = self.builder
        head, body, after, end = (builder.append_basic_block(word) for word in ("head", "body", "after", "end"))
        before = builder.block
        builder.branch(head)
        builder.position_at_end(head)
        at = builder.phi(WORD)
        at.add_incoming(ir.Constant(WORD, 0), before)
        builder.cbranch(builder.icmp_signed("<", at, count), body, end)
        builder.position_at_end(body)
        self.local[node.target.id] = Number(at, types.int64)
        self.next.append(after)
        for each in node.body:
            self.line(each)
        self.next.pop()
        builder.branch(after)
        builder.position_at_end(after)
        at.add_incoming(builder.add(at, ir.Constant(WORD, 1), flags=["nsw"]), after)
        builder.branch(head)
        builder.position_at_end(end)

    def assign(self, target: ast.expr, value):
        """Gives a name a value, or puts a number at a place."""
        if isinstance(target, ast.Subscript):
            array = self.look(target.value)
            self.builder.store(self.cast(value, array.holds), self.place(array, target.slice))
        elif isinstance(value, Array):
            self.local[target.id] = value
        else:
            held = self.local.get(target.id)
            if not isinstance(held, tuple) or held[1] != value.type:
                held = self.local[target.id] = cgutils.alloca_once(self.builder, value.value.type), value.type
            self.builder.store(value.value, held[0])

    # ---- values

    def look(self, node: ast.expr):
        """What an expression stands for: a Number, an Array, or a result of several as a list."""
        match node:
            case ast.Constant(value=int(number)):
                return Number(ir.Constant(WORD, number), types.int64)
            case ast.UnaryOp(ast.USub(), ast.Constant(value=int(number))):
                return Number(ir.Constant(WORD, -number), types.int64)
            case ast.Name(name):
                return self.named(name)
            case ast.Subscript(value=of, slice=ast.Slice(first, last)):
                array, first, last = self.look(of), self.whole(first), self.whole(last)
                size = ir.Constant(WORD, self.size(array.holds))
                address = self.builder.add(array.address, self.builder.mul(first, size))
                return Array(address, (self.builder.sub(last, first),), array.holds)
            case ast.Subscript(value=of, slice=index):
                array = self.look(of)
                return Number(self.builder.load(self.place(array, index)), array.holds)
            case ast.BinOp(left, op, right):
                return self.work(type(op), self.look(left), self.look(right))
            case ast.IfExp(test, yes, no):
                yes, no = self.look(yes), self.look(no)
                return Number(self.builder.select(self.test(test), yes.value, no.value), yes.type)
            case ast.Call():
                found = self.call(node)
                return found[0] if isinstance(found, list) and len(found) == 1 else found
            case _:
                raise NotImplementedError(ast.unparse(node))

    def named(self, name: str):
        """What a name stands for: of the part itself, else of the engine."""
        held = self.local.get(name)
        if isinstance(held, tuple):
            return Number(self.builder.load(held[0]), held[1])
        if held is not None:
            return held
        known = self.names[name]
        if isinstance(known, int):
            return Number(ir.Constant(WORD, known), types.int64)
        kind = from_dtype(known.dtype)
        return Number(ir.Constant(self.context.get_value_type(kind), float(known)), kind)

    def call(self, node: ast.Call):
        """A type that a number is brought to, an array at an address, a look whether a place is there, or a rule."""
        word, handed = node.func.id, node.args
        if word == "column":
            endless = isinstance(handed[1], ast.Name) and self.names.get(handed[1].id) == HUGE
            return Array(self.whole(handed[0]), (self.whole(handed[1]),), self.kind(handed[2].id), endless)
        if word == "table":
            return Array(self.whole(handed[0]), (self.whole(handed[1]), self.whole(handed[2])), self.kind(handed[3].id))
        if word == "within":
            return self.within(self.whole(handed[0]), self.whole(handed[1]))
        known = self.names[word]
        if isinstance(known, type):
            kind = self.kind(word)
            return Number(self.cast(self.look(handed[0]), kind), kind)
        return self.rule(known, [self.look(each) for each in handed])

    def rule(self, rule, handed: list) -> list[Number]:
        """The results of a rule, which Numba compiles for these types."""
        kinds = tuple(each.type if isinstance(each, Number) else types.Array(each.holds, len(each.shape), "C") for each in handed)
        rule.compile(kinds)
        made = rule.overloads[kinds]
        self.library.add_linking_library(made.library)
        values = [each.value if isinstance(each, Number) else self.laid(each) for each in handed]
        status, result = self.context.call_internal_no_propagate(self.builder, made.fndesc, made.signature, values)
        if self.stop is not None:
            self.leave_if(status.is_error)
        returned = made.signature.return_type
        if isinstance(returned, types.BaseTuple):
            return [Number(each, kind) for each, kind in zip(cgutils.unpack_tuple(self.builder, result), returned, strict=True)]
        return [Number(result, returned)]

    def within(self, place: ir.Value, size: ir.Value) -> Number:
        """The place, if there is one of that number among `size`; else the part stops."""
        builder = self.builder
        below = builder.icmp_signed("<", place, ir.Constant(WORD, 0))
        self.leave_if(builder.or_(below, builder.icmp_signed(">=", place, size)))
        return Number(place, types.int64)

    def leave_if(self, wrong: ir.Value):
        """Stops the part if something is wrong."""
        go_on = self.builder.append_basic_block()
        self.builder.cbranch(wrong, self.stop, go_on)
        self.builder.position_at_end(go_on)

    def laid(self, array: Array) -> ir.Value:
        """An array as rules are handed it; it owns nothing."""
        return array_at(self.context, self.builder, array.holds, array.address, array.shape)

    def place(self, array: Array, index: ast.expr) -> ir.Value:
        """Where in memory a place of an array is; one below 0 counts from the end."""
        number = self.look(index)
        at = self.cast(number, types.int64)
        if number.type.signed and not array.endless:
            behind = self.builder.icmp_signed("<", at, ir.Constant(WORD, 0))
            at = self.builder.select(behind, self.builder.add(at, array.shape[0]), at)
        item = self.context.get_data_type(array.holds)
        return self.builder.gep(self.builder.inttoptr(array.address, item.as_pointer()), [at])

    # ---- arithmetic

    def test(self, node: ast.Compare) -> ir.Value:
        """Whether two numbers are the same, or are not."""
        return self.work(type(node.ops[0]), self.look(node.left), self.look(node.comparators[0])).value

    def work(self, sign: type, left: Number, right: Number) -> Number:
        """Two numbers added, multiplied, divided or compared, as Numba does it."""
        operation, made = _typed(sign, left.type, right.type)
        numbers = [self.cast(each, kind) for each, kind in zip((left, right), made.args, strict=True)]
        return Number(self.context.get_function(operation, made)(self.builder, numbers), made.return_type)

    def cast(self, number: Number, kind: types.Type) -> ir.Value:
        """A number brought to a type."""
        return self.context.cast(self.builder, number.value, number.type, kind)

    def whole(self, node: ast.expr) -> ir.Value:
        """A whole number of 64 bits."""
        return self.cast(self.look(node), types.int64)

    def kind(self, word: str) -> types.Type:
        """The type that a word such as f4 names."""
        return from_dtype(np.dtype(self.names[word]))

    def size(self, kind: types.Type) -> int:
        """How many bytes a value takes."""
        return self.context.get_abi_sizeof(self.context.get_data_type(kind))


@global_compiler_lock
def translate(node: ast.FunctionDef, name: str, names: dict, guard: int = 0) -> tuple[bytes, bytes]:
    """A part as machine code whose symbol is `name`, and the LLVM bitcode that it was made from."""
    translator = Translator(name, names)
    with translator.context.push_code_library(translator.library):
        translator.part(node, guard)
    return translator.finish()
