// Shows a party's OpenAPI and signs what is sent: the keyed hash over client_code, timestamp, method, path
// and body, each as it goes out. The demo credentials come from the admin API, where it can be reached.
"use strict";

const base = document.body.dataset.base;
const sandbox = base.match(/^\/s\/[^/]+/)?.[0] ?? "";
const form = document.querySelector(".signer");

async function json(path) {
  const answer = await fetch(path);
  return answer.ok ? answer.json() : {};
}

function hex(bytes) {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function hmac(key, text) {
  const encoder = new TextEncoder();
  const how = { name: "HMAC", hash: "SHA-1" };
  const imported = await crypto.subtle.importKey("raw", encoder.encode(key), how, false, ["sign"]);
  return hex(await crypto.subtle.sign("HMAC", imported, encoder.encode(text)));
}

function operationAt(document_, method, path) {
  for (const [template, operations] of Object.entries(document_.paths)) {
    const pattern = template.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{[^}]+\}/g, "[^/]+");
    if (new RegExp(`^${pattern}$`).test(path)) return operations[method.toLowerCase()];
  }
  return undefined;
}

function signing(document_, clients) {
  const typed = () => form.elements.code.value && {
    client_code: form.elements.code.value, sign_key: form.elements.key.value,
  };
  return async (request) => {
    const path = new URL(request.url, location.href).pathname.slice(base.length);
    const operation = operationAt(document_, request.method, path);
    const needed = new Set((operation?.security ?? []).flatMap((scheme) => Object.keys(scheme)));
    const who = typed() || clients.find((one) => one.party === operation?.["x-signed-by"]);
    if (who && needed.has("X-Client-Id")) request.headers["X-Client-Id"] = who.client_code;
    if (!who || !(needed.has("signature") || needed.has("X-Signature"))) return request;

    const timestamp = String(Math.floor(Date.now() / 1000));
    const signed = who.client_code + timestamp + request.method.toUpperCase() + path + (request.body ?? "");
    const signature = await hmac(who.sign_key, signed);
    const names = needed.has("signature")
      ? { client_code: who.client_code, timestamp, signature }
      : { "X-Client-Id": who.client_code, "X-Timestamp": timestamp, "X-Signature": signature };
    Object.assign(request.headers, names);
    return request;
  };
}

async function start() {
  const [document_, told] = await Promise.all([
    json(`${base}/openapi.json`), json(`${sandbox}/__admin/clients`).catch(() => ({})),
  ]);
  document.title = document_.info.title;
  form.hidden = !JSON.stringify(document_.paths).includes('"x-signed-by"');
  window.ui = SwaggerUIBundle({
    spec: document_,
    domNode: document.getElementById("ui"),
    docExpansion: "list",
    validatorUrl: null,
    tryItOutEnabled: true,
    defaultModelsExpandDepth: 0,
    requestInterceptor: signing(document_, told.clients ?? []),
  });
}

start();
