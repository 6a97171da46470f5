// Asks the service, and lives through what comes between: a session that ended, a connection that was lost.

import { by, say } from "./say.js";

const RETRY_MS = 1500;
const TOLD_MS = 2500;
const BUSY_TRIES = 8;

/** What the service refused; its message is a sentence to show. */
export class Refusal extends Error {}

/** An id for one act, so that it is done once however often it is sent. */
function ofAct() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const pause = (milliseconds, signal) => new Promise((resolve, reject) => {
  const timer = setTimeout(resolve, milliseconds);
  signal?.addEventListener("abort", () => { clearTimeout(timer); reject(signal.reason); }, { once: true });
});

/**
 * The service's answer; a Refusal carries the sentence to show.
 * What is done by a `POST` or `DELETE` is done once, also where it had to be sent again.
 */
export async function ask(path, { method = "GET", facts, signal, changes = false } = {}) {
  const headers = {};
  if (facts !== undefined) headers["content-type"] = "application/json";
  if (changes) headers["idempotency-key"] = ofAct();
  const request = { method, headers, signal, body: facts === undefined ? undefined : JSON.stringify(facts) };
  for (let busy = 0; ;) {
    const response = await fetched(path, request, signal);
    if (response.status === 401) {
      await signedIn();
      continue;
    }
    const answer = await response.json().catch(() => null);
    if (response.ok) return answer;
    if (response.status === 409 && answer?.type?.endsWith("request-in-progress") && busy++ < BUSY_TRIES) {
      await pause(RETRY_MS, signal);
      continue;
    }
    const detail = typeof answer?.detail === "string" ? answer.detail : answer?.title;
    throw new Refusal(detail || say("error.server", { status: response.status }));
  }
}

/** Nothing when it was done, or the sentence that says why not. */
export async function tried(work) {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

export const feedback = (facts) => tried(ask("v1/feedback", { method: "POST", facts, changes: true }));

// ---- a connection that was lost

async function fetched(path, request, signal) {
  for (;;) {
    try {
      return await fetch(path, request);
    } catch (error) {
      if (signal?.aborted || error.name === "AbortError") throw error;
      await reconnected(signal);
    }
  }
}

let reconnecting = null;

function reconnected(signal) {
  reconnecting ??= tryAgain().finally(() => { reconnecting = null; });
  if (!signal) return reconnecting;
  return Promise.race([reconnecting, new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  })]);
}

async function tryAgain() {
  const banner = by("connection");
  banner.textContent = say("connection.lost");
  banner.classList.remove("back");
  banner.hidden = false;
  do await pause(RETRY_MS); while (!(await fetch("livez").then((response) => response.ok, () => false)));
  banner.textContent = say("connection.back");
  banner.classList.add("back");
  setTimeout(() => { if (!reconnecting) banner.hidden = true; }, TOLD_MS);
}

// ---- a session that ended

let signingIn = null;

/** Once a person has signed in again, in a dialog above whatever they were at. */
function signedIn() {
  signingIn ??= new Promise((resolve) => {
    const dialog = by("expired");
    const form = by("sign-in-again");
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    form.onsubmit = async (event) => {
      event.preventDefault();
      const failed = await begun(form.elements.key.value);
      by("refusal-again").hidden = !failed;
      by("refusal-again").textContent = failed ?? "";
      if (failed) return form.elements.key.select();
      form.reset();
      dialog.close();
      resolve();
    };
    dialog.showModal();
  }).finally(() => { signingIn = null; });
  return signingIn;
}

async function begun(key) {
  const response = await fetch("session", {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ key }) }).catch(() => null);
  if (response?.ok) return null;
  const problem = await response?.json().catch(() => null);
  return problem?.detail ?? say("sign_in.failed");
}
