"""AES-256-GCM-SIV, the opening half, as RFC 8452 gives it: slow, for a verifier that has nothing but the standard library."""


def doubled(byte):
    return (byte << 1 ^ (0x11B if byte & 0x80 else 0)) & 0xFF


def s_box():
    box, p, q = [0x63] * 256, 1, 1
    while True:
        p ^= doubled(p)
        for shift in (1, 2, 4):
            q ^= q << shift & 0xFF
        q ^= 0x09 if q & 0x80 else 0
        turned = [(q << by | q >> 8 - by) & 0xFF for by in range(1, 5)]
        box[p] = q ^ turned[0] ^ turned[1] ^ turned[2] ^ turned[3] ^ 0x63
        if p == 1:
            return box


BOX = s_box()
FIELD = 1 << 128 | 1 << 127 | 1 << 126 | 1 << 121 | 1


def expanded(key):
    words, factor = [list(key[at : at + 4]) for at in range(0, 32, 4)], 1
    for at in range(8, 60):
        word = words[-1]
        if at % 8 == 0:
            word = [BOX[byte] for byte in word[1:] + word[:1]]
            word[0] ^= factor
            factor = doubled(factor)
        elif at % 8 == 4:
            word = [BOX[byte] for byte in word]
        words.append([one ^ other for one, other in zip(words[-8], word)])
    return [sum(words[at : at + 4], []) for at in range(0, 60, 4)]


def encrypted(keys, block):
    state = [one ^ other for one, other in zip(block, keys[0])]
    for number, key in enumerate(keys[1:], 1):
        state = [BOX[state[(at + 4 * (at % 4)) % 16]] for at in range(16)]
        if number < 14:
            mixed = []
            for at in range(0, 16, 4):
                column = state[at : at + 4]
                every = column[0] ^ column[1] ^ column[2] ^ column[3]
                mixed += [column[i] ^ every ^ doubled(column[i] ^ column[(i + 1) % 4]) for i in range(4)]
            state = mixed
        state = [one ^ other for one, other in zip(state, key)]
    return bytes(state)


def polyval(key, data):
    by, total = int.from_bytes(key, "little"), 0
    for at in range(0, len(data), 16):
        total ^= int.from_bytes(data[at : at + 16], "little")
        product = 0
        for place in range(128):
            if by >> place & 1:
                product ^= total
            if product & 1:
                product ^= FIELD
            product >>= 1
        total = product
    return total.to_bytes(16, "little")


def padded(data):
    return data + bytes(-len(data) % 16)


def opened(key, nonce, aad, sealed):
    """What was sealed, or None."""
    if len(sealed) < 16:
        return None
    drawn = expanded(key)
    parts = [encrypted(drawn, number.to_bytes(4, "little") + nonce)[:8] for number in range(6)]
    authenticates, keys = parts[0] + parts[1], expanded(b"".join(parts[2:]))
    text, tag = sealed[:-16], sealed[-16:]
    counter, stream = int.from_bytes(tag[:4], "little"), b""
    rest = tag[4:15] + bytes([tag[15] | 0x80])
    while len(stream) < len(text):
        stream += encrypted(keys, counter.to_bytes(4, "little") + rest)
        counter = (counter + 1) % 2**32
    plain = bytes(one ^ other for one, other in zip(text, stream))
    lengths = (8 * len(aad)).to_bytes(8, "little") + (8 * len(plain)).to_bytes(8, "little")
    hashed = bytearray(polyval(authenticates, padded(aad) + padded(plain) + lengths))
    for place, byte in enumerate(nonce):
        hashed[place] ^= byte
    hashed[15] &= 0x7F
    return plain if encrypted(keys, hashed) == tag else None
