"""Poseidon, instance poseidonperm_x5_255_5, with its constants from the Grain LFSR."""

from primitives import R, ascii_integer

WIDTH, FULL, PARTIAL = 5, 8, 60
ARITY = {"acct": 4, "aid": 4, "tag": 2, "cm": 4, "nf": 2, "st": 2, "node": 4, "imt": 4, "run": 4,
         "aud": 4}


def _grain_bits():
    fields = [(1, 2), (0, 4), (255, 12), (WIDTH, 12), (FULL, 10), (PARTIAL, 10), ((1 << 30) - 1, 30)]
    state = [int(bit) for value, width in fields for bit in format(value, f"0{width}b")]

    def step():
        bit = state[62] ^ state[51] ^ state[38] ^ state[23] ^ state[13] ^ state[0]
        state.append(bit)
        del state[0]
        return bit

    for _ in range(160):
        step()
    while True:
        keep, bit = step(), step()
        if keep:
            yield bit


def _constants():
    bits = _grain_bits()

    def draw():
        value = 0
        for _ in range(255):
            value = 2 * value + next(bits)
        return value

    rounds = []
    while len(rounds) < (FULL + PARTIAL) * WIDTH:
        value = draw()
        if value < R:
            rounds.append(value)
    elements = [draw() % R for _ in range(2 * WIDTH)]
    xs, ys = elements[:WIDTH], elements[WIDTH:]
    return rounds, [[pow(x + y, -1, R) for y in ys] for x in xs]


ROUND_CONSTANTS, MDS = _constants()


def permute(state):
    state = list(state)
    for number in range(FULL + PARTIAL):
        state = [(x + ROUND_CONSTANTS[WIDTH * number + i]) % R for i, x in enumerate(state)]
        full = number < FULL // 2 or number >= FULL // 2 + PARTIAL
        for i in range(WIDTH if full else 1):
            state[i] = pow(state[i], 5, R)
        state = [sum(m * x for m, x in zip(row, state)) % R for row in MDS]
    return state


def domain(name):
    return ascii_integer("Louver/1/" + name)


def lanes(name, *inputs):
    """Lanes 0 to 4 of the permutation of a domain over its inputs."""
    assert len(inputs) == ARITY[name]
    return permute([domain(name), *inputs] + [0] * (4 - len(inputs)))


def hash_fr(name, *inputs):
    return lanes(name, *inputs)[1]
