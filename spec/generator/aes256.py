"""One block of AES-256 (FIPS 197), both ways."""


def _double(x):
    return (x << 1 ^ 0x11B if x & 0x80 else x << 1) & 0xFF


def _times(x, y):
    product = 0
    while y:
        if y & 1:
            product ^= x
        x, y = _double(x), y >> 1
    return product


def _sbox():
    box = []
    for x in range(256):
        inverse = next((y for y in range(256) if _times(x, y) == 1), 0)
        value = 0x63
        for shift in range(5):
            value ^= (inverse << shift | inverse >> (8 - shift)) & 0xFF
        box.append(value)
    return box


SBOX = _sbox()
INVERSE_SBOX = [SBOX.index(x) for x in range(256)]


def _round_keys(key):
    words = [list(key[i : i + 4]) for i in range(0, 32, 4)]
    constant = 1
    for i in range(8, 60):
        word = words[i - 1][:]
        if i % 8 == 0:
            word = [SBOX[x] for x in word[1:] + word[:1]]
            word[0] ^= constant
            constant = _double(constant)
        elif i % 8 == 4:
            word = [SBOX[x] for x in word]
        words.append([x ^ y for x, y in zip(words[i - 8], word)])
    return [sum(words[i : i + 4], []) for i in range(0, 60, 4)]


def _mix(state, first_row):
    out = []
    for column in range(0, 16, 4):
        for row in range(4):
            value = 0
            for i in range(4):
                value ^= _times(state[column + i], first_row[(i - row) % 4])
            out.append(value)
    return out


def encrypt(key, block):
    keys = _round_keys(key)
    state = [x ^ k for x, k in zip(block, keys[0])]
    for number in range(1, 15):
        state = [SBOX[x] for x in state]
        state = [state[(i + 4 * (i % 4)) % 16] for i in range(16)]
        if number < 14:
            state = _mix(state, (2, 3, 1, 1))
        state = [x ^ k for x, k in zip(state, keys[number])]
    return bytes(state)


def decrypt(key, block):
    keys = _round_keys(key)
    state = list(block)
    for number in range(14, 0, -1):
        state = [x ^ k for x, k in zip(state, keys[number])]
        if number < 14:
            state = _mix(state, (14, 11, 13, 9))
        state = [state[(i - 4 * (i % 4)) % 16] for i in range(16)]
        state = [INVERSE_SBOX[x] for x in state]
    return bytes(x ^ k for x, k in zip(state, keys[0]))
