// A Bukalapak v4 program with Node's http and https alone: logs in, confirms its phone, buys a course,
// prints what it got.  Arguments: ACCOUNTS API CLIENT_ID CLIENT_SECRET PHONE PASSWORD COURSE CARD SMS
// [ACCOUNTS_HOST API_HOST].  SMS is where the text messages of a phone can be read.  As the official
// JavaScript client it sends all OAuth parameters in the query of a POST with an empty body, counts a
// token's life from created_at and expires_in by its own clock, and where it has run out asks for a
// guest's token and refreshes, the old access token sent along.  CONNECT is done by hand.
"use strict";
const http = require("http");
const https = require("https");
const tls = require("tls");

const [accounts, api, clientId, clientSecret, phone, password, course, card, sms, accountsHost, apiHost] =
  process.argv.slice(2);
const VERSION = "application/vnd.bukalapak.v4+json";
const statuses = new Set();
let tokens;
let refreshed = 0;

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

async function call(method, url, headers, content) {
  const target = new URL(url);
  const secure = target.protocol === "https:";
  const options = { method, headers: { "Content-Length": Buffer.byteLength(content), ...headers }, timeout: 30000 };
  if (secure && process.env.HTTPS_PROXY) {
    const socket = await tunnel(new URL(process.env.HTTPS_PROXY), target);
    options.createConnection = () => socket;
  }
  return new Promise((resolve, reject) => {
    const asked = (secure ? https : http).request(target, options, (answer) => {
      let text = "";
      answer.on("data", (piece) => { text += piece; });
      answer.on("end", () => resolve({ status: answer.statusCode, told: JSON.parse(text) }));
      answer.on("error", reject);
    });
    asked.on("timeout", () => asked.destroy(new Error("no answer within 30 s")));
    asked.on("error", reject);
    asked.end(content);
  });
}

async function grant(parameters) {
  const query = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...parameters });
  const headers = { Accept: VERSION, ...(accountsHost ? { Host: accountsHost } : {}) };
  const { status, told } = await call("POST", `${accounts}/oauth/token?${query}`, headers, "");
  if (status !== 200) throw new Error(`${told.error}: ${told.error_description}`);
  return told;
}

async function fresh() {
  if (tokens.created_at + tokens.expires_in > Date.now() / 1000) return;
  await grant({ grant_type: "client_credentials", scope: "public" });
  const { refresh_token, access_token } = tokens;
  tokens = await grant({ grant_type: "refresh_token", refresh_token, access_token });
  refreshed += 1;
}

async function send(method, path, body, more = {}) {
  await fresh();
  const content = body === undefined ? "" : JSON.stringify(body);
  const headers = {
    Accept: VERSION, Authorization: `Bearer ${tokens.access_token}`, "Bukalapak-Identity": "5e1f",
    ...(content ? { "Content-Type": "application/json" } : {}), ...(apiHost ? { Host: apiHost } : {}), ...more,
  };
  const { status, told } = await call(method, api + path, headers, content);
  statuses.add(status);
  return status < 300 ? told.data : told.errors[0].code;
}

async function messages(after) {
  const query = new URLSearchParams({ to: phone, after, wait: after ? "10s" : "0s" });
  return (await call("GET", `${sms}?${query}`, {}, "")).told;
}

async function withOtp(method, path, body) {
  const before = (await messages(0)).messages.length;
  const first = await send(method, path, body);
  if (first !== 10110 && first.state !== "otp_required") throw new Error(`unexpected ${JSON.stringify(first)}`);
  const { otp } = await messages(before);
  return send(method, path, body, { "Bukalapak-OTP-Key": otp, "Bukalapak-OTP-Device-ID": "5e1f" });
}

async function main() {
  tokens = await grant({ grant_type: "password", username: phone, password, scope: "public user" });
  const me = await send("GET", "/me");
  if (!me.phone_confirmed) await withOtp("PUT", "/users/tfa-status", { state: "active" });
  const found = await send("GET", "/prakerja/courses?keywords=prakerja&limit=50");
  const detail = await send("GET", `/prakerja/courses/${course}`);
  const ordered = await send("POST", "/prakerja/transactions", { course_id: course, tnc_accepted: true });
  const invoice = await send("POST", "/invoices", {
    transactions: [{ id: ordered.id, type: "prakerja" }], payment_type: "prakerja",
  });
  const payment = `/payments/${invoice.payment_id}/prakerja`;
  const checked = await send("POST", `${payment}/cards`, { card_number: card });
  const paid = await withOtp("POST", payment, { card_number: card });
  const bill = await send("GET", `/invoices/${invoice.id}`);
  console.log(JSON.stringify({
    found: found.some((one) => one.id === course),
    curriculum: detail.curriculum.length,
    checked: checked.state,
    paid: paid.state,
    coupon: bill.transactions[0].coupon.code,
    confirmed: (await send("GET", "/me")).phone_confirmed,
    statuses: [...statuses].sort(),
    refreshed: refreshed > 0,
  }));
}

main().catch((problem) => {
  console.error(problem);
  process.exitCode = 1;
});
