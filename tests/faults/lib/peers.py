# Members that no browser library plays: with a small receive buffer, that stop reading, or whose
# packets all vanish. One JSON command a line on standard input, one JSON answer a line back.
#
#   join   {port, session, cookies, rcvbuf, rung}  opens and joins, chooses what it is sent of a
#          stage; nothing is read any more
#   answer {ms}     reads and answers pings for so long, then nothing any more
#   say    {}       each sends a harmless command: the last byte the server will have of it
#   vanish {}       a socket filter takes every packet to them: no ACK, no FIN, no RST ever again
#   wake   {ms}     reads what is there, to the end: how did the server leave?
#   resume {}       joins again with what was seen last
import ctypes, json, os, socket, ssl, struct, sys, time

SO_ATTACH_FILTER = 26
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE


class Gone(Exception):
    pass


class Peer:
    def __init__(self, where, cookie):
        self.where, self.cookie = where, cookie
        self.seq, self.epoch, self.place, self.id = 0, None, None, 1
        self.connect()

    def connect(self):
        w = self.where
        raw = socket.socket()
        if w.get("rcvbuf"):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, w["rcvbuf"])
        raw.settimeout(20)
        raw.connect(("127.0.0.1", w["port"]))
        self.socket = context.wrap_socket(raw, server_hostname="localhost")
        self.buffer, self.bytes, self.code, self.answers = b"", 0, None, {}
        self.socket.sendall((
            f"GET /live HTTP/1.1\r\nHost: localhost:{w['port']}\r\nOrigin: https://localhost:{w['port']}\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: amphi.2\r\n"
            f"Cookie: __Host-amphi={self.cookie}\r\n\r\n").encode())
        head = b""
        while b"\r\n\r\n" not in head:
            head += self.receive()
        head, self.buffer = head.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise Gone(head.split(b"\r\n")[0].decode())

    def receive(self):
        bytes_ = self.socket.recv(65536)
        if not bytes_:
            raise Gone("end")
        self.bytes += len(bytes_)
        return bytes_

    def write(self, opcode, body):
        size = bytes([0x80 | len(body)]) if len(body) < 126 else bytes([0x80 | 126]) + struct.pack(">H", len(body))
        self.socket.sendall(bytes([0x80 | opcode]) + size + bytes(4) + body)
        self.said = time.time()

    def command(self, name, data):
        self.id += 1
        place = {"place": self.place} if self.place else {}
        self.write(1, json.dumps({"id": self.id, **place, "command": name, "data": data}).encode())
        return self.id

    # Whole frames out of the buffer, without their contents being looked at where that is not needed.
    def take(self):
        while len(self.buffer) >= 2:
            at, size = 2, self.buffer[1] & 127
            if size >= 126:
                wide = 2 if size == 126 else 8
                at += wide
                size = int.from_bytes(self.buffer[2:at], "big")
            if len(self.buffer) < at + size:
                return
            opcode, body = self.buffer[0] & 15, self.buffer[at:at + size]
            self.buffer = self.buffer[at + size:]
            self.frame(opcode, body)

    def frame(self, opcode, body):
        if opcode == 9:
            self.write(10, body)
        elif opcode == 8:
            self.code = struct.unpack(">H", body[:2])[0] if len(body) >= 2 else 1005
        elif opcode == 1:
            frame = json.loads(body)
            if "event" in frame:
                self.seq = frame["seq"]
            elif "id" in frame:
                self.answers[frame["id"]] = frame

    def join(self, resume=None):
        id_ = self.command("session.join", {"session": self.where["session"], **({"resume": resume} if resume else {})})
        while id_ not in self.answers:
            self.take()
            if id_ not in self.answers:
                self.buffer += self.receive()
        ok = self.answers[id_].get("ok")
        if not ok:
            raise Gone(self.answers[id_]["error"]["code"])
        self.epoch, self.place = ok["epoch"], ok["place"]
        if not ok["resumed"]:
            self.seq = ok["seq"]
        return ok

    def read_for(self, ms):
        end = time.time() + ms / 1000
        try:
            while self.code is None and time.time() < end:
                self.socket.settimeout(max(0.01, end - time.time()))
                self.buffer += self.receive()
                self.take()
            return str(self.code or "open")
        except TimeoutError:
            return "open"
        except Gone:
            return str(self.code or "end")
        except ssl.SSLEOFError:  # a FIN without TLS's own farewell
            return str(self.code or "end")
        except OSError as error:
            return str(self.code or ("reset" if error.errno in (104, 32) else type(error).__name__))

    def vanish(self):
        drop = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0))  # BPF: return 0
        program = struct.pack("HL", 1, ctypes.addressof(drop))
        self.socket.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)


peers = []


def join(c):
    mine = [Peer(c, cookie) for cookie in c["cookies"]]
    for peer in mine:
        peer.join()
        if c.get("rung"):
            peer.command("media.watch", {"rung": c["rung"]})
    peers.extend(mine)
    return [{"seq": p.seq, "epoch": p.epoch} for p in mine]


def answer(c):
    end = time.time() + c["ms"] / 1000
    while time.time() < end:
        for peer in peers:
            peer.read_for(10)
    return [{"said": p.said} for p in peers]


def say(c):
    for peer in peers:
        peer.command("presence.visible", {"visible": True})
    return [{"said": p.said} for p in peers]


def vanish(c):
    for peer in peers:
        peer.vanish()
    return []


def wake(c):
    return [{"ended": p.read_for(c["ms"]), "bytes": p.bytes} for p in peers]


def resume(c):
    out = []
    for p in peers:
        before = {"epoch": p.epoch, "seq": p.seq}
        p.socket.close()
        p.connect()
        ok = p.join(before)
        if ok["resumed"]:
            while p.seq < ok["seq"]:
                p.buffer += p.receive()
                p.take()
        out.append({"resumed": ok["resumed"], "seq": p.seq, "before": before["seq"]})
    return out


for line in sys.stdin:
    command = json.loads(line)
    try:
        result = {"ok": globals()[command["do"]](command)}
    except (Gone, OSError) as error:
        result = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(result), flush=True)
os._exit(0)
