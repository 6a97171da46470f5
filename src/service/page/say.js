// The page's words, numbers and elements. Text goes in as text nodes only; no answer is ever parsed as HTML.

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const text = read("text");
export const targets = new Map(read("taxonomy").map((target) => [target.name, target]));
export const language = document.documentElement.lang;
export const by = (id) => document.getElementById(id);

/** The words for `key` with its {facts} filled in, or `otherwise` where the catalogue has none. */
export const say = (key, facts = {}, otherwise = key) =>
  (text[key] ?? otherwise).replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);

/** An element with properties, attributes (names with a dash, and role) and children; empty children are left out. */
export function make(tag, facts = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) {
    if (name.includes("-") || name === "role") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export const number = (value) => new Intl.NumberFormat(language).format(value);

/** A share as percent; never rounded up to certainty or down to nothing. */
export function percent(share) {
  const rounded = new Intl.NumberFormat(language, { style: "percent" });
  const digit = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  if (share > 0.995 && share < 1) return `> ${rounded.format(0.99)}`;
  if (share < 0.005 && share > 0) return `< ${rounded.format(0.01)}`;
  return share < 0.1 ? digit.format(share) : rounded.format(share);
}

export const targetName = (name) => targets.get(name)?.display ?? name;
export const labelName = (target, label) =>
  targets.get(target)?.labels.find((one) => one.name === label)?.display ?? label;

const NAMED = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
export const unescaped = (escaped) =>
  escaped.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(amp|lt|gt|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (name) return NAMED[name.toLowerCase()];
    const code = decimal ? Number(decimal) : parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

/** A snippet's nodes: <mark> pairs become elements, everything else stays text. */
export const marked = (snippet) =>
  snippet.split(/<mark>([\s\S]*?)<\/mark>/).map((part, place) =>
    place % 2 ? make("mark", {}, unescaped(part)) : unescaped(part));

export const safeLink = (url) => /^https?:\/\//i.test(url ?? "") ? url : null;

export function sureness(confidence) {
  const word = confidence >= 0.95 ? "very_high" : confidence >= 0.8 ? "high" : confidence >= 0.6 ? "medium" : "low";
  return say(`confidence.${word}`);
}

export const sentence = (words, kind = "empty") => make("p", { className: kind }, words);
export const failure = (words) => make("p", { className: "failure", role: "alert" }, words);

/** Grey lines where an answer will be, with the words for those who hear the page. */
export const waiting = (words) =>
  make("div", { className: "waiting" }, make("p", { className: "quiet" }, words),
    [0, 1, 2].map(() => make("span", { "aria-hidden": "true" })));

export const day = (time) => new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(new Date(time));
export const moment = (time) =>
  new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "short" }).format(new Date(time));
export const listed = (words) => new Intl.ListFormat(language).format(words);

/** What went wrong, and a button that tries again. */
export const failed = (words, again) => make("div", { className: "failure", role: "alert" }, make("p", {}, words),
  make("button", { type: "button", onclick: again }, say("error.again")));
