// A tiny marketplace. What it sends to Prakerja is signed:
// HMAC-SHA1 over client_code, time, method, path, Authorization and body.
import { createHmac } from "node:crypto";

const API = "/api/v1/integration/payment/";
const MILLISECONDS = 2000;
const WRONG_OTP = "ERRPLT40094";
const UNKNOWN_PAYMENT = "ERRPLT40099";

/** Prakerja said no; `code` is its own, such as ERRPLT40094. */
export class Declined extends Error {
  constructor(code, message) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

/** Nothing came back, so nobody here knows what Prakerja did. */
export class NoAnswer extends Error {}

/** Orders of one shop; `env` has PRAKERJA_BASE_URL, PRAKERJA_CLIENT_CODE and PRAKERJA_SIGN_KEY. */
export class Shop {
  constructor(env = process.env) {
    this.env = env;
  }

  /** The buyer chose a class and typed his card number: Prakerja sends him an OTP. */
  async order({ invoice, course, card, buyer }) {
    const asked = await this.call("send-otp", {
      prakerja_id: card,
      user_platform_id: buyer,
      amount: course.price,
      course_code: course.course_code,
      schedule_code: course.schedule_code,
    });
    return { invoice, state: "waiting", token: asked.payment_token };
  }

  /** The buyer typed the OTP; whether the class is his now. A wrong OTP may be typed again. */
  async pay(order, otp) {
    if (order.state === "paid") return true;
    const body = { otp, invoice_code: order.invoice, invoice_url: "https://shop.example/orders" };
    try {
      const paid = await this.call("authorize", body, order.token);
      Object.assign(order, { state: "paid", transaction: paid.transaction_code });
      return true;
    } catch (problem) {
      if (problem instanceof NoAnswer) return this.recover(order);
      if (problem.code === WRONG_OTP) return false;
      throw problem;
    }
  }

  /** Nobody here knows whether the card paid: Prakerja does. */
  async recover(order) {
    order.state = "unclear";
    try {
      const paid = await this.call("status", { invoice_code: order.invoice });
      Object.assign(order, { state: "paid", transaction: paid.transaction_code });
      return true;
    } catch (problem) {
      if (problem.code !== UNKNOWN_PAYMENT) throw problem;
      order.state = "waiting";
      return false;
    }
  }

  /** One signed request; answers `data`. Throws Declined or NoAnswer. */
  async call(step, body, token = "") {
    const { PRAKERJA_BASE_URL, PRAKERJA_CLIENT_CODE, PRAKERJA_SIGN_KEY } = this.env;
    const raw = JSON.stringify(body);
    const now = String(Math.floor(Date.now() / 1000));
    const authorization = token && `Payment ${token}`;
    const text = PRAKERJA_CLIENT_CODE + now + "POST" + API + step + authorization + raw;
    const headers = {
      "Content-Type": "application/json",
      client_code: PRAKERJA_CLIENT_CODE,
      timestamp: now,
      signature: createHmac("sha1", PRAKERJA_SIGN_KEY).update(text).digest("hex"),
    };
    if (token) headers.Authorization = authorization;
    let answer;
    try {
      const url = (PRAKERJA_BASE_URL ?? "https://api.prakerja.go.id") + API + step;
      const signal = AbortSignal.timeout(MILLISECONDS);
      answer = await (await fetch(url, { method: "POST", headers, body: raw, signal })).json();
    } catch (problem) {
      throw new NoAnswer(String(problem.cause ?? problem));
    }
    if (!answer.success) throw new Declined(answer.code, answer.message);
    return answer.data ?? {};
  }
}
