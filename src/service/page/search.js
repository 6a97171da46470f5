// Search as one types: solved tickets beside articles, and what is chosen in full, without leaving the list.

import { ask } from "./ask.js";
import { onKey } from "./frame.js";
import { excerpt, preview, tagsOf, titleOf } from "./hits.js";
import { place } from "./place.js";
import { by, make, say, sentence } from "./say.js";

const DEBOUNCE_MS = 40;
const LIMIT = 12;
const FILTERS = ["product", "customer"];
const SHOWN_CHIPS = 4;
const SHORTEST = 2;
const wide = matchMedia("(min-width: 64rem)");
const input = by("query");
const pane = by("pane");
const finder = by("finder");
const mayVote = JSON.parse(finder.dataset.feedback);
const list = place(by("found"), by("status"));
const chosen = { product: new Set(), customer: new Set() };
const offered = { product: new Map(), customer: new Map() };
let hits = new Map();
let open = null;
let reading = new AbortController();

const keyOf = (hit) => `${hit.kind}:${hit.id}`;
const query = () => input.value.trim();
const filters = () =>
  Object.fromEntries(FILTERS.filter((name) => chosen[name].size).map((name) => [name, [...chosen[name]]]));

// ---- the address says what is searched for, so that it can be sent to somebody

function writeAddress() {
  const address = new URLSearchParams();
  if (query()) address.set("q", query());
  for (const name of FILTERS) for (const value of chosen[name]) address.append(name, value);
  if (open) address.set("hit", open);
  history.replaceState(null, "", `${location.pathname}${address.size ? `?${address}` : ""}`);
}

function readAddress() {
  const address = new URLSearchParams(location.search);
  input.value = address.get("q") ?? new URLSearchParams(location.hash.slice(1)).get("q") ?? "";
  for (const name of FILTERS) chosen[name] = new Set(address.getAll(name));
  open = address.get("hit");
}

// ---- filters

function chip(name, value) {
  const on = chosen[name].has(value);
  const button = make("button", { type: "button", className: "chip", "aria-pressed": String(on) },
    make("span", { className: "quiet" }, `${say(`filter.${name}`)} `), value);
  button.addEventListener("click", () => {
    if (on) chosen[name].delete(value);
    else chosen[name].add(value);
    search().then(() => [...by("filters").children].find((one) => one.textContent === button.textContent)?.focus());
  });
  return button;
}

function showChips() {
  const chips = FILTERS.flatMap((name) => {
    const counted = [...offered[name]].sort(([, one], [, other]) => other - one).map(([value]) => value);
    return [...new Set([...chosen[name], ...counted])].slice(0, Math.max(SHOWN_CHIPS, chosen[name].size))
      .map((value) => chip(name, value));
  });
  by("filters").replaceChildren(...chips);
  by("filters").hidden = !chips.length;
}

/** What the hits can be narrowed by: what they would be without the filter of that name stays on offer. */
function offer(found) {
  for (const name of FILTERS) {
    if (chosen[name].size) continue;
    offered[name] = new Map();
    for (const { [name]: value } of found) if (value) offered[name].set(value, (offered[name].get(value) ?? 0) + 1);
  }
  showChips();
}

// ---- the list

function entry(hit) {
  const link = make("a", { className: "hit", href: `?${new URLSearchParams({ q: query(), hit: keyOf(hit) })}`,
    "data-hit": keyOf(hit) },
  make("span", { className: "title" }, titleOf(hit)), tagsOf(hit), ...excerpt(hit));
  link.addEventListener("focus", () => { if (wide.matches) choose(link); });
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(link);
    if (event.detail === 0) pane.querySelector("h2")?.focus();
  });
  return make("li", {}, link);
}

const column = (kind, found) => {
  const heading = make("h2", { id: `${kind}s-heading` }, say(`search.${kind}s`));
  const nothing = sentence(say(`search.no_${kind}s`));
  return make("section", { "aria-labelledby": heading.id, "data-kind": kind }, heading,
    found.length ? make("ol", { className: "hits" }, found.map(entry)) : nothing);
};

async function search() {
  writeAddress();
  const asked = query();
  if (asked.length < SHORTEST) {
    list.forget();
    by("begin").hidden = false;
    finder.hidden = by("filters").hidden = true;
    list.tell("");
    return;
  }
  finder.hidden = false;
  by("begin").hidden = true;
  const shown = await list.fill(say("search.loading"), async (signal) => {
    const found_of = (kind) => ask("v1/search", {
      method: "POST", signal, facts: { query: asked, kinds: [kind], filters: filters(), limit: LIMIT } });
    const [{ hits: tickets }, { hits: articles }] = await Promise.all([found_of("ticket"), found_of("article")]);
    const found = [...tickets, ...articles];
    hits = new Map(found.map((hit) => [keyOf(hit), hit]));
    offer(found);
    const nodes = [column("ticket", tickets), column("article", articles)];
    return { nodes, words: say("search.found", { articles: articles.length, tickets: tickets.length }) };
  });
  if (shown) chooseAgain();
}

// ---- the pane

/** Show what was chosen: beside the lists, or on a narrow page below it. */
function choose(link) {
  const key = link.dataset.hit;
  if (open === key && pane.querySelector(".preview")) return;
  reading.abort();
  reading = new AbortController();
  open = key;
  for (const one of list.box.querySelectorAll("[data-hit]")) {
    if (one === link) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  }
  pane.replaceChildren(preview(hits.get(key), query(), mayVote, reading.signal));
  if (wide.matches) finder.append(pane);
  else link.after(pane);
  pane.scrollTop = 0;
  writeAddress();
}

/** After new results: what is open stays open where it was found again; else the first is shown beside the lists. */
function chooseAgain() {
  const links = [...list.box.querySelectorAll("[data-hit]")];
  const again = links.find((link) => link.dataset.hit === open);
  open = null;
  if (!pane.isConnected) finder.append(pane);
  const link = again ?? (wide.matches ? links[0] : null);
  if (link) choose(link);
  else pane.replaceChildren(sentence(say("preview.empty")));
}

wide.addEventListener("change", () => {
  const link = list.box.querySelector("[aria-current]");
  if (wide.matches || !link) finder.append(pane);
  else link.after(pane);
});

// ---- keys

const linksOf = (kind) => [...list.box.querySelectorAll(`[data-kind="${kind}"] [data-hit]`)];

/** Go up and down a list, or over to the same place in the other one. */
function move(event) {
  const link = event.target.closest("[data-hit]");
  if (!link) return;
  const kind = link.closest("[data-kind]").dataset.kind;
  const mine = linksOf(kind);
  const at = mine.indexOf(link);
  const other = linksOf(kind === "ticket" ? "article" : "ticket");
  const sideways = other[Math.min(at, other.length - 1)];
  const next = {
    ArrowDown: mine[at + 1], ArrowUp: mine[at - 1] ?? input,
    ArrowLeft: kind === "article" ? sideways : null, ArrowRight: kind === "ticket" ? sideways : null }[event.key];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

input.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown") return;
  event.preventDefault();
  (linksOf("ticket")[0] ?? linksOf("article")[0])?.focus();
});
list.box.addEventListener("keydown", move);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]") || event.target === input) return;
  if (pane.contains(event.target)) list.box.querySelector("[aria-current]")?.focus();
  else input.focus();
});
const press = (selector) => () => {
  const button = pane.querySelector(selector);
  button?.click();
  return Boolean(button);
};
onKey("/", () => input.select());
onKey("c", press(".copy"));
onKey("y", press(".helped"));
onKey("n", press(".not-helped"));

let timer = 0;
input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, DEBOUNCE_MS); });
by("search").addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); search(); });
readAddress();
if (query()) search();
