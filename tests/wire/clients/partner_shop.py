"""A partner's own shop, a program that knows Prakerja by its environment alone: `partner_shop.py CATALOGUE`.

POST /orders {course, phone, card} asks for the OTP, POST /orders/ID/otp {otp} pays. The address is printed.
"""

import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

ORDERS = {}
CATALOGUE = json.loads(sys.argv[1])


def prakerja(path, body, authorization=""):
    code, key = os.environ["PRAKERJA_CLIENT_CODE"], os.environ["PRAKERJA_SIGN_KEY"]
    raw, now = json.dumps(body).encode(), str(int(time.time()))
    path = f"/api/v1/integration/payment/{path}"
    signed = f"{code}{now}POST{path}{authorization}".encode() + raw
    headers = {
        "client_code": code,
        "timestamp": now,
        "signature": hmac.new(key.encode(), signed, hashlib.sha1).hexdigest(),
        "Content-Type": "application/json",
        **({"Authorization": authorization} if authorization else {}),
    }
    request = urllib.request.Request(os.environ["PRAKERJA_BASE_URL"] + path, raw, headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return 200, json.load(answer)["data"]
    except urllib.error.HTTPError as problem:
        return problem.code, json.load(problem)


class Shop(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        _, _, order, *_ = (*self.path.split("/"), "")
        if order:
            invoice = {"invoice_code": f"INV-{order}", "invoice_url": "https://toko.example/1"}
            status, said = prakerja("authorize", {"otp": body["otp"], **invoice}, f"Payment {ORDERS[order]}")
        else:
            course = CATALOGUE[body["course"]]
            about = {
                "prakerja_id": body["card"],
                "user_platform_id": body["phone"],
                "amount": course["price"],
            }
            about |= {"course_code": body["course"], "schedule_code": course["schedule_code"]}
            status, said = prakerja("send-otp", about)
            order = str(len(ORDERS) + 1)
            ORDERS[order] = said.get("payment_token")
        raw = json.dumps({"order": order, **said}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Shop)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
