// What the shop promises its buyers, tried on a simulated Prakerja.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Shop } from "./shop.js";
import { lease } from "./simulator.js";

let box, shop, order;

beforeEach(async () => {
  box = await lease();
  shop = new Shop(box.env);
  order = await shop.order({ invoice: "INV-1", course: box.course, card: box.siti.prakerja_id, buyer: "b-1" });
});

afterEach(() => box.drop());

test("the card pays once however often the buyer presses", async () => {
  const otp = await box.otp();
  assert(await shop.pay(order, otp));
  assert(await shop.pay(order, otp));
  assert.equal(await box.balance(), 350_000);
  await box.verify({ party: "prakerja", path: "payment/authorize", body: { invoice_code: "INV-1" }, times: 1 });
});

test("a wrong OTP pays nothing and may be typed again", async () => {
  const otp = await box.otp();
  const wrong = String((Number(otp) + 1) % 1_000_000).padStart(6, "0");
  assert.equal(await shop.pay(order, wrong), false);
  assert.equal(await box.balance(), 1_000_000);
  assert(await shop.pay(order, otp));
});

test("after a lost reply the shop asks what became of the payment", async () => {
  const otp = await box.otp();
  const fault = await box.arm("reply_lost", "payment/authorize");
  assert(await shop.pay(order, otp), "the card paid, and the buyer has no class");
  assert.equal((await box.disarm(fault)).struck, 1);
  assert.equal(await box.balance(), 350_000);
  await box.verify({
    in_order: ["send-otp", "authorize", "status"].map((step) => ({ party: "prakerja", path: `payment/${step}` })),
  });
  await box.verify({ party: "prakerja", path: "payment/authorize", times: 1 });
});
