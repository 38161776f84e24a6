// An institution's program with Node's http, https and crypto: asks about a redeem code, commits it,
// prints both answers.  Arguments: URL CLIENT_CODE SIGN_KEY REDEEM_CODE [HOST].  The CA comes from the
// environment, as Node reads it.  Node 20 heeds no HTTPS_PROXY, so CONNECT is done by hand, as a proxy
// agent does it.  Like the clients of 2022 it sends no sequence.
"use strict";
const crypto = require("crypto");
const http = require("http");
const https = require("https");
const tls = require("tls");

const [url, clientCode, signKey, redeemCode, host] = process.argv.slice(2);
const PATH = "/api/v1/integration/payment/redeem-code/";

function tunnel(proxy, target) {
  return new Promise((resolve, reject) => {
    const asked = http.request({
      host: proxy.hostname, port: proxy.port, method: "CONNECT", path: `${target.hostname}:${target.port || 443}`,
    });
    asked.on("connect", (answer, socket) => {
      if (answer.statusCode !== 200) return reject(new Error(`the proxy answers ${answer.statusCode}`));
      resolve(tls.connect({ socket, servername: target.hostname }));
    });
    asked.on("error", reject);
    asked.end();
  });
}

async function call(step, body) {
  const content = JSON.stringify(body);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = crypto.createHmac("sha1", signKey)
    .update(clientCode + timestamp + "POST" + PATH + step + content).digest("hex");
  const headers = {
    "Content-Type": "application/json", "Content-Length": Buffer.byteLength(content),
    client_code: clientCode, signature, timestamp,
  };
  if (host) headers.Host = host;
  const target = new URL(url + PATH + step);
  const secure = target.protocol === "https:";
  const options = { method: "POST", headers, timeout: 30000 };
  if (secure && process.env.HTTPS_PROXY) {
    const socket = await tunnel(new URL(process.env.HTTPS_PROXY), target);
    options.createConnection = () => socket;
  }
  return new Promise((resolve, reject) => {
    const asked = (secure ? https : http).request(target, options, (answer) => {
      let text = "";
      answer.on("data", (piece) => { text += piece; });
      answer.on("end", () => resolve(JSON.parse(text)));
      answer.on("error", reject);
    });
    asked.on("timeout", () => asked.destroy(new Error("no answer within 30 s")));
    asked.on("error", reject);
    asked.end(content);
  });
}

async function main() {
  const status = await call("status", { redeem_code: redeemCode });
  const commit = await call("commit", { redeem_code: redeemCode });
  console.log(JSON.stringify({ status, commit }));
}

main().catch((problem) => {
  console.error(problem);
  process.exitCode = 1;
});
