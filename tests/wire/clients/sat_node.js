// A distributor's program with Node's http and crypto: one purchase from token to verified callback.
// Arguments: URL CLIENT_ID CLIENT_SECRET PRIVATE_KEY PUBLIC_KEY PRODUCT NUMBER REQUEST_ID PORT, the keys
// being files.  As the Node client that is known it takes the token at the root of the host, signs with
// a salt of 32 bytes, sends request_id among the attributes, and verifies a callback's raw bytes.
"use strict";
const crypto = require("crypto");
const fs = require("fs");
const http = require("http");

const [url, clientId, clientSecret, privateFile, publicFile, product, number, requestId, port] = process.argv.slice(2);
const PSS = crypto.constants.RSA_PKCS1_PSS_PADDING;
const privateKey = fs.readFileSync(privateFile);
const publicKey = fs.readFileSync(publicFile);

function sign(text) {
  return crypto.sign("sha256", Buffer.from(text), { key: privateKey, padding: PSS, saltLength: 32 }).toString("base64");
}

function verify(bytes, signature) {
  const key = { key: publicKey, padding: PSS, saltLength: crypto.constants.RSA_PSS_SALTLEN_AUTO };
  if (!crypto.verify("sha256", bytes, key, Buffer.from(signature, "base64"))) {
    throw new Error("the signature is not valid");
  }
}

function send(method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { "Content-Length": Buffer.byteLength(body) };
    const asked = http.request(new URL(path, url), { method, headers: { ...headers, ...length }, timeout: 30000 }, (answer) => {
      const pieces = [];
      answer.on("data", (piece) => pieces.push(piece));
      answer.on("end", () => {
        const bytes = Buffer.concat(pieces);
        resolve({ bytes, headers: answer.headers, told: JSON.parse(bytes) });
      });
      answer.on("error", reject);
    });
    asked.on("timeout", () => asked.destroy(new Error("no answer within 30 s")));
    asked.on("error", reject);
    asked.end(body);
  });
}

function listen(callbacks) {
  return new Promise((resolve) => {
    const called = new Promise((done) => {
      const server = http.createServer((request, answer) => {
        const pieces = [];
        request.on("data", (piece) => pieces.push(piece));
        request.on("end", () => {
          const bytes = Buffer.concat(pieces);
          verify(bytes, request.headers.signature);
          callbacks.push({ type: request.headers["content-type"], document: JSON.parse(bytes) });
          answer.end();
          done();
        });
      });
      server.listen(Number(port), "127.0.0.1", () => resolve({ server, called: () => called }));
    });
  });
}

async function main() {
  const callbacks = [];
  const { server, called } = await listen(callbacks);
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
  const form = { Authorization: `Basic ${basic}`, "Content-Type": "application/x-www-form-urlencoded" };
  const token = (await send("POST", "/token", form, "grant_type=client_credentials")).told;
  const headers = { Authorization: `${token.token_type} ${token.access_token}`, "Content-Type": "application/json" };
  const api = "/tokopedia/b2b/api";
  const ping = (await send("GET", `${api}/ping`, headers)).told;
  const saldo = async () => (await send("GET", `${api}/v2/account`, headers)).told.data.attributes.saldo;
  const before = await saldo();
  const products = (await send("GET", `${api}/v2/product-list?product_code=${product}`, headers)).told;
  const wanted = { product_code: product, client_number: number, fields: [] };
  const asked = JSON.stringify({ data: { type: "inquiry", attributes: wanted } });
  const inquiry = (await send("POST", `${api}/v2/inquiry`, headers, asked)).told.data.attributes;
  const attributes = { ...wanted, amount: inquiry.sales_price, request_id: requestId };
  const body = JSON.stringify({ data: { type: "order", id: requestId, attributes } });
  const order = (await send("POST", `${api}/v2/order`, { ...headers, Signature: sign(body) }, body)).told;
  const again = (await send("POST", `${api}/v2/order`, { ...headers, Signature: sign(body) }, body)).told;
  const status = await send("GET", `${api}/v2/order/${requestId}`, headers);
  verify(status.bytes, status.headers.signature);
  const after = await saldo();
  await called();
  server.close();
  console.log(JSON.stringify({
    ping, product: products.data[0].attributes, price: inquiry.sales_price,
    order, again, status: status.told, spent: before - after, callbacks,
  }));
}

main().then(() => process.exit(0), (problem) => {
  console.error(problem);
  process.exit(1);
});
