// The glue between a test and the simulator: a sandbox is a world of this test alone.
import assert from "node:assert/strict";

const URL = process.env.PRAKERJA_SIM_URL ?? "http://127.0.0.1:8420";
const TOKEN = process.env.PRAKERJA_SIM_TOKEN;

/** One operation of the admin API; throws with its refusal. */
export async function admin(address, method = "GET", body = undefined) {
  const headers = { "Content-Type": "application/json" };
  if (TOKEN) headers.Authorization = `Bearer ${TOKEN}`;
  const answer = await fetch(address, { method, headers, body: body && JSON.stringify(body) });
  const told = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${address}: ${told.error.message}`);
  return told;
}

/** A new sandbox with one buyer and one course; `drop` ends it. */
export async function lease() {
  const course = { code: "barista-dasar", title: "Barista Dasar", category: "Makanan & Minuman" };
  const leased = await admin(`${URL}/__admin/sandboxes`, "POST", {
    people: [{ name: "Siti Aminah" }],
    courses: [{ ...course, institution: "lp-kopi", price: 650_000, new: true }],
  });
  const at = (path, ...more) => admin(leased.addresses.admin + path, ...more);
  const [siti] = leased.people;
  const credential = leased.credentials.find((one) => one.party === "tokopedia");
  return {
    siti,
    course: leased.courses[0],
    env: {
      PRAKERJA_BASE_URL: leased.addresses.prakerja,
      PRAKERJA_CLIENT_CODE: credential.client_code,
      PRAKERJA_SIGN_KEY: credential.sign_key,
    },
    otp: async () => (await at(`/inbox/sms?to=${siti.phone}&otp=true&after=0&wait=5s`)).otp,
    balance: async () => (await at(`/ledger?account=card:${siti.prakerja_id}&limit=1`)).accounts[0].balance,
    arm: (fault, where) => at("/faults", "POST", { fault, where, times: 1 }),
    disarm: ({ number }) => at(`/faults/${number}`, "DELETE"),
    verify: async (claim) => {
      const { passed, says } = await at("/timeline/verify", "POST", claim);
      assert(passed, says);
    },
    drop: () => admin(`${URL}/__admin/sandboxes/${leased.name}`, "DELETE"),
  };
}
