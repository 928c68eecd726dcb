#!/usr/bin/env python3
"""Verifies an export of rollcall's audit trail with Python 3 alone: verify-audit.py TRAIL [PUBLIC-KEY-FILE]"""
import base64, hashlib, json, os, sys

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493  # Ed25519: RFC 8032, section 5.1
D = -121665 * pow(121666, -1, P) % P
def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()
def unbase64(text): return base64.b64decode(text, validate=True)
def text_of(path): return open(path, encoding="utf-8", newline="").read()
def need(holds, why):
    if not holds: raise ValueError(why)

def add(p, q):  # RFC 8032, section 5.1.4, in extended coordinates
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * p[3] * q[3] * D, 2 * p[2] * q[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P
def times(n, p):
    q = (0, 1, 1, 0)
    for bit in bin(n)[2:]: q = add(add(q, q), p) if bit == "1" else add(q, q)
    return q
def point(data):  # section 5.1.3
    y, sign = int.from_bytes(data, "little") % 2**255, data[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    need(y < P and (x * x - square) % P == 0 and (x or not sign), "no point of the curve")
    x = x if x % 2 == sign else P - x
    return x, y, 1, x * y % P
def verifies(key, text, signature):  # section 5.1.7
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(r + key + text).digest(), "little") % L
    one, two = times(s, point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))), add(point(r), times(h, point(key)))
    return len(signature) == 64 and s < L and all((one[i] * two[2] - two[i] * one[2]) % P == 0 for i in (0, 1))

def key_of(vkey):  # C2SP signed-note, "Verifier keys": NAME+ID+base64(0x01, key)
    name, id, key = vkey.strip().split("+", 2)
    need(sha(name.encode(), b"\n", unbase64(key))[:4].hex() == id and unbase64(key)[0] == 1, "no public key")
    return name, bytes.fromhex(id), unbase64(key)[1:]
def whole(number):
    need(number.lstrip("-").isdigit() and abs(int(number)) < 2**53, f"the number {number}")
    return int(number)
def ordered(value):  # RFC 8785, section 3.2.3: members in the order of UTF-16 code units
    if isinstance(value, list): return [ordered(item) for item in value]
    if not isinstance(value, dict): return value
    return {name: ordered(value[name]) for name in sorted(value, key=lambda n: n.encode("utf-16-be", "surrogatepass"))}
def canonical(entry): return json.dumps(ordered(entry), ensure_ascii=False, separators=(",", ":")) + "\n"

class Trail:
    def __init__(self, path, key_file):
        self.keys = [key_of(line) for line in text_of(key_file).splitlines() if line.strip() and line[0] != "#"]
        self.leaves = text_of(path + ".leaves").splitlines() if os.path.exists(path + ".leaves") else []
        blocks = text_of(path + ".checkpoint").removesuffix("\n").split("\n\n")
        notes = zip(blocks[::2], blocks[1::2], strict=True)
        self.notes = sorted(((int(text.split("\n")[1]), text + "\n", lines) for text, lines in notes), reverse=True)
        self.size, self.edge, self.covered, self.news, self.purged, self.absent = 0, [], None, [], [], []
        self.reach()
    def root(self):  # RFC 6962, section 2.1; `edge` has the roots of the full subtrees, the largest first
        root = self.edge[-1] if self.edge else sha()
        for left in self.edge[-2::-1]: root = sha(b"\1", left, root)
        return base64.b64encode(root).decode()
    def append(self, leaf):
        for _ in range((~self.size & self.size + 1).bit_length() - 1): leaf = sha(b"\1", self.edge.pop(), leaf)
        self.edge.append(leaf); self.size += 1; self.reach()
    def reach(self):  # the checkpoints of this size
        while self.notes and self.notes[-1][0] == self.size:
            _, text, lines = self.notes.pop()
            origin, _, root = text.split("\n")[:3]
            signed = {(name, unbase64(raw)) for name, raw in (line[2:].split(" ") for line in lines.split("\n"))}
            signed = [(key, raw[4:]) for name, id, key in self.keys for by, raw in signed
                      if by == name == origin and raw[:4] == id]
            is_good = signed and all(verifies(key, text.encode(), raw) for key, raw in signed)
            need(is_good, f"the checkpoint of {self.size} records is signed by no known key")
            need(root == self.root(), f"another root is signed of the first {self.size} records: "
                 f"something from seq {self.covered or 0} on was changed")
            self.covered = self.size
            self.keys += [key_of(entry["publicKey"]) for entry in self.news if entry["event"] == "key.rotated"]
            self.purged += [(entry["from"], entry["to"]) for entry in self.news if entry["event"] == "retention.purged"]
            self.news = []
    def pass_over(self, seq):  # the hash is here, the record is not
        while self.size < min(seq, len(self.leaves)):
            self.absent.append(self.size)
            self.append(bytes.fromhex(self.leaves[self.size]))
    def record(self, line):
        leaf = sha(b"\0", line[:-1])
        entry = json.loads(line, parse_int=whole, parse_float=whole, parse_constant=whole)
        self.pass_over(entry["seq"])
        need(entry["seq"] == self.size, f"seq {entry['seq']}, where {self.size} follows")
        is_written = self.leaves[self.size:self.size + 1] in ([], [leaf.hex()])
        need(is_written, f"seq {self.size} is not the record that was written")
        need(canonical(entry).encode("utf-8", "surrogatepass") == line, "it is not in canonical form")
        self.news += [entry] if entry["event"] in ("key.rotated", "retention.purged") else []
        self.append(leaf)
    def finish(self):
        self.pass_over(len(self.leaves))
        lost = [seq for seq in self.absent if not any(begin <= seq <= end for begin, end in self.purged)]
        need(not lost, f"{len(lost)} records are not here, the first is seq {lost[:1]}")
        need(not self.notes, f"there are checkpoints of more than {self.size} records")
        need(self.covered == self.size, f"the records from seq {self.covered or 0} on are signed by nobody")

try:
    trail = Trail(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else sys.argv[1] + ".vkey")
    for number, line in enumerate(open(sys.argv[1], "rb"), 1):
        try: trail.record(line)
        except (ValueError, LookupError, TypeError) as error: raise ValueError(f"line {number}: {error}")
    trail.finish()
    print(f"whole\nsize {trail.size}\nroot {trail.root()}")
except (ValueError, LookupError, OSError) as error: sys.exit(f"broken: {error}")
