# Connections of nobody, all from one address: keeps `count` of them open for `seconds`; who is let go of
# comes again, at most `tries` times in all. Most say nothing; one in eight speaks TLS and opens the
# websocket with a cookie that is nobody's, and never joins. Prints what it saw as JSON.
import json, selectors, socket, ssl, sys, time

port, count, tries, seconds = (float(a) for a in sys.argv[1:5])
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
UPGRADE = (
    f"GET /live HTTP/1.1\r\nHost: localhost:{port:.0f}\r\nOrigin: https://localhost:{port:.0f}\r\nConnection: Upgrade\r\n"
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    f"Sec-WebSocket-Protocol: amphi.2\r\nCookie: __Host-amphi={'A' * 43}\r\n\r\n").encode()
selector = selectors.DefaultSelector()
seen = {"opened": 0, "closed": 0, "held": 0}
end = time.time() + seconds


def open_one():
    s = socket.socket()
    seen["opened"] += 1
    try:
        s.settimeout(2)
        s.connect(("127.0.0.1", int(port)))
        if seen["opened"] % 8 == 0:
            s = context.wrap_socket(s, server_hostname="localhost")
            s.sendall(UPGRADE)
        s.setblocking(False)
        selector.register(s, selectors.EVENT_READ)
    except OSError:
        seen["closed"] += 1
        s.close()


while time.time() < end:
    held = len(selector.get_map())
    seen["held"] = max(seen["held"], held)
    for _ in range(int(min(50, count - held, tries - seen["opened"]))):
        open_one()
    for key, _ in selector.select(0.005):
        try:
            bytes_ = key.fileobj.recv(65536)
        except ssl.SSLWantReadError:
            continue
        except OSError:
            bytes_ = b""
        if not bytes_:
            selector.unregister(key.fileobj)
            key.fileobj.close()
            seen["closed"] += 1
print(json.dumps(seen))
