// What every page has around its work: help, single keys that can be switched off, the other language, signing out.

import { by } from "./say.js";

const SINGLE_KEYS = "stellwerk-single-keys";
const help = by("help");
const switched = by("single-keys");
const acts = new Map();

/** Let a single key, pressed outside of fields and dialogs, do `act`. */
export const onKey = (key, act) => acts.set(key, act);

const typing = (element) =>
  element.matches("input, textarea, select, [contenteditable]") && !element.matches("[type=radio], [type=checkbox]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (!switched.checked || typing(event.target) || document.querySelector("dialog[open]")) return;
  const act = acts.get(event.key);
  if (act && act(event) !== false) event.preventDefault();
});

switched.checked = localStorage.getItem(SINGLE_KEYS) !== "off";
switched.addEventListener("change", () => localStorage.setItem(SINGLE_KEYS, switched.checked ? "on" : "off"));
by("help-open").addEventListener("click", () => help.showModal());
onKey("?", () => help.showModal());

by("sign-out")?.addEventListener("click", async () => {
  await fetch("session", { method: "DELETE" });
  location.assign("./");
});

for (const link of document.querySelectorAll(".languages a")) {
  link.addEventListener("click", () => {
    const address = new URLSearchParams(location.search);
    address.set("lang", link.lang);
    link.search = address;
  });
}
