"""The few lines below the language: arrays at an address, and calling compiled parts one after another.

A part is a compiled function of one argument, a table of whole numbers ("the desk"): how many, where, and the address
of every column. So parts do not depend on each other: they compile side by side and are kept apart on disk.
"""

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array

# the desk: header, then SLOTS numbers for each named thing
COUNT, OFFSET, IN_TILE, REGIME, CITIZENS, BESIDE, CLOCK = 0, 1, 2, 3, 4, 5, 6
HEADER = 53
ROWS = 16  # header slots 16..31: the row of the current regime in the columns of each kind
BESIDE_ROWS = 32  # 32..47: those of the regime beside it
FAULT, FAULT_AT, REACHED = 48, 49, 50  # the first checked loop that stopped, from 1; at which slot; how far the last one came
HELD, BEGIN = 51, 52  # how many citizens the columns hold, of all CITIZENS, and the first of their slots
ADDRESS, STRIDE, FIRST, SECOND = 0, 1, 2, 3
SLOTS = 4
SHARED, OWN = 0, 1
BYTE = types.uint8
HUGE = 1 << 40  # length given to arrays whose bounds the loops respect by themselves
ALWAYS, WEEKLY, MONTHLY = 0, 1, 2


def array_at(context, builder, dtype, address, shape):
    """The array value of this shape at an address; it owns nothing."""
    laid = types.Array(dtype, len(shape), "C")
    array = context.make_array(laid)(context, builder)
    item = context.get_data_type(dtype)
    size = ir.Constant(ir.IntType(64), context.get_abi_sizeof(item))
    strides = [size]
    for extent in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], extent))
    populate_array(array, data=builder.inttoptr(address, item.as_pointer()), shape=shape, strides=strides, itemsize=size, meminfo=None)
    return array._getvalue()


@intrinsic
def column(typingctx, address, count, dtype):
    """The array of `count` values that begins at an address."""

    def build(context, builder, signature, args):
        return array_at(context, builder, dtype.dtype, args[0], [args[1]])

    return types.Array(dtype.dtype, 1, "C")(types.int64, types.int64, dtype), build


@intrinsic
def table(typingctx, address, rows, columns, dtype):
    """The table of `rows` x `columns` values that begins at an address."""

    def build(context, builder, signature, args):
        return array_at(context, builder, dtype.dtype, args[0], [args[1], args[2]])

    return types.Array(dtype.dtype, 2, "C")(types.int64, types.int64, types.int64, dtype), build


@intrinsic
def _call(typingctx, function, desk):
    def build(context, builder, signature, args):
        kind = ir.FunctionType(ir.VoidType(), [ir.IntType(64)])
        target = builder.inttoptr(args[0], kind.as_pointer())
        builder.call(target, [args[1]])
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), build


@njit(cache=True, nogil=True, _nrt=False, error_model="numpy")
def run_tiles(lo, hi, regimes, day, monthly, tile_size, block_size, program, rows, beside, desk, desk_address):
    """One day for tiles lo..hi: every part of the program in order, for each regime that it concerns.

    program: (parts, 4) int64: address, SHARED or OWN, ALWAYS/WEEKLY/MONTHLY, kind of regime (-1 all; -2 - k those not of kind k).
    """
    total = desk[HELD]
    parts = len(program)
    blocks = tile_size // block_size
    before = desk[BEGIN] // block_size
    first_own = 0
    while first_own < parts and program[first_own, 1] == SHARED:
        first_own += 1
    for tile in range(lo, hi):
        start = tile * tile_size
        n = min(total, start + tile_size) - start
        first_week = (7 - (before + tile * blocks + day) % 7) % 7  # the first block whose day of the week it is; then every seventh
        for r in range(-1, regimes):
            if r >= 0:
                desk[REGIME] = r
                desk[BESIDE] = beside[r]
                for k in range(len(rows)):
                    desk[ROWS + k] = max(0, rows[k, r])
                    desk[BESIDE_ROWS + k] = max(0, rows[k, beside[r]])
            for p in range(0 if r < 0 else first_own, first_own if r < 0 else parts):
                kind = program[p, 3]
                if r >= 0 and kind >= 0 and rows[kind, r] < 0:
                    continue
                if r >= 0 and kind <= -2 and rows[-2 - kind, r] >= 0:
                    continue
                gate = program[p, 2]
                if gate == MONTHLY and monthly == 0:
                    continue
                if gate == WEEKLY:
                    for block in range(first_week, blocks, 7):
                        w0 = block * block_size
                        w1 = min(n, w0 + block_size)
                        if w1 > w0:
                            desk[COUNT] = w1 - w0
                            desk[OFFSET] = start + w0
                            desk[IN_TILE] = w0
                            _call(program[p, 0], desk_address)
                    continue
                desk[COUNT] = n
                desk[OFFSET] = start
                desk[IN_TILE] = 0
                _call(program[p, 0], desk_address)


@njit(cache=True, nogil=True, _nrt=False, error_model="numpy")
def run_days(first, tiles, regimes, tile_size, block_size, program, rows, beside, desk, desk_address, copies, words, sums, yesterday, out):
    """Several days of everybody on one core, day after day without leaving compiled code.

    copies: (fields, 3) int64, what others see: from, to, bytes. words: the two places on the desk where the addresses of yesterday's
    and today's words stand. sums: (regimes, totals) int64, filled by a day; yesterday: the same, as steps read it a day later;
    out: (days, regimes, totals), where all are kept.
    """
    for d in range(len(out)):
        desk[CLOCK] = first + d
        for k in range(len(copies)):
            there, here = column(copies[k, 0], copies[k, 2], BYTE), column(copies[k, 1], copies[k, 2], BYTE)
            for b in range(copies[k, 2]):
                here[b] = there[b]
        run_tiles(0, tiles, regimes, first + d, 0, tile_size, block_size, program, rows, beside, desk, desk_address)
        if desk[FAULT] != 0:
            return
        if words[0] >= 0:
            desk[words[0]], desk[words[1]] = desk[words[1]], desk[words[0]]
        for r in range(regimes):
            for s in range(sums.shape[1]):
                out[d, r, s] = yesterday[r, s] = sums[r, s]
                sums[r, s] = 0
