// Builds what the page shows. Text goes in as text nodes only; no answer is ever parsed as HTML.

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const text = read("text");
const targets = new Map(read("taxonomy").map((target) => [target.name, target]));
const language = document.documentElement.lang;
const SHOWN_LABELS = 5;
const LONG_RESOLUTION = 320;

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

const number = (value) => new Intl.NumberFormat(language).format(value);

/** A share as percent; never rounded up to certainty or down to nothing. */
export function percent(share) {
  const rounded = new Intl.NumberFormat(language, { style: "percent" });
  const digit = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  if (share > 0.995 && share < 1) return `> ${rounded.format(0.99)}`;
  if (share < 0.005 && share > 0) return `< ${rounded.format(0.01)}`;
  return share < 0.1 ? digit.format(share) : rounded.format(share);
}

const targetName = (name) => targets.get(name)?.display ?? name;
export const labelName = (target, label) =>
  targets.get(target)?.labels.find((one) => one.name === label)?.display ?? label;

const NAMED = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const unescape = (escaped) =>
  escaped.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(amp|lt|gt|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (name) return NAMED[name.toLowerCase()];
    const code = decimal ? Number(decimal) : parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

/** A snippet's nodes: <mark> pairs become elements, everything else stays text. */
export const marked = (snippet) =>
  snippet.split(/<mark>([\s\S]*?)<\/mark>/).map((part, place) =>
    place % 2 ? make("mark", {}, unescape(part)) : unescape(part));

const safeLink = (url) => /^https?:\/\//i.test(url ?? "") ? url : null;

function sureness(confidence) {
  const word = confidence >= 0.95 ? "very_high" : confidence >= 0.8 ? "high" : confidence >= 0.6 ? "medium" : "low";
  return say(`confidence.${word}`);
}

export const sentence = (words, kind = "empty") => make("p", { className: kind }, words);
export const failure = (words) => make("p", { className: "failure", role: "alert" }, words);

/** Grey lines where an answer will be, with the words for those who hear the page. */
export const waiting = (words) =>
  make("div", { className: "waiting" }, make("p", { className: "quiet" }, words),
    [0, 1, 2].map(() => make("span", { "aria-hidden": "true" })));

// ---- a classification

function reasonLine({ code, target }) {
  const words = say(`reason.${code}`, {}, code);
  return make("li", {}, target ? make("strong", {}, `${targetName(target)}: `) : null, words);
}

function decisionView({ decision, predictions }) {
  const proposed = (target) =>
    say("decision.label", { label: labelName(target, decision.labels?.[target] ?? predictions[target].label) });
  const listed = (targets) => new Intl.ListFormat(language).format(targets.map(proposed));
  const labels = listed(Object.keys(predictions));
  const notes = Object.keys(decision.labels).filter((target) => decision.labels[target] !== predictions[target]?.label)
    .map((target) => say("decision.cost", { label: proposed(target) }));
  if (decision.action !== "auto" && decision.certain.length) {
    notes.push(say("decision.certain", { labels: listed(decision.certain) }));
  }
  const { promise } = decision;
  return make("div", { className: `decision ${decision.action}` },
    make("span", { className: "signal", "aria-hidden": "true" }, ["review", "suggest", "auto"].map((lamp) =>
      make("i", { className: lamp === decision.action ? "lit" : "" }))),
    make("div", {},
      make("h3", {}, say(`decision.${decision.action}`)),
      make("p", {}, say(`decision.${decision.action}_text`, { labels })),
      decision.reasons.length ? make("ul", { className: "reasons" }, decision.reasons.map(reasonLine)) : null,
      notes.map((words) => make("p", { className: "quiet" }, words)),
      decision.action === "auto" && promise ? make("p", { className: "quiet" }, say("decision.promise",
        { error: percent(promise.max_error), confidence: percent(promise.confidence) })) : null,
      decision.audit ? make("p", {}, say("decision.audit")) : null));
}

function labelRow(target, label, share, predicted, correct) {
  const bar = make("span", { className: "bar", "aria-hidden": "true" }, make("i"));
  bar.firstChild.style.inlineSize = `${share * 100}%`;
  const name = labelName(target, label);
  const button = make("button", { type: "button", title: say("labels.correct", { label: name }),
    className: label === predicted ? "label predicted" : "label", "aria-pressed": "false" },
  make("span", { className: "label-name" }, name), bar, make("span", { className: "share" }, percent(share)));
  button.addEventListener("click", () => correct(label, button));
  return make("li", {}, button);
}

function labelsView(target, { label, probabilities }, correct) {
  const rows = Object.entries(probabilities).sort(([, one], [, other]) => other - one)
    .map(([name, share]) => labelRow(target, name, share, label, correct));
  const rest = rows.slice(SHOWN_LABELS);
  return [make("ul", { className: "labels" }, rows.slice(0, SHOWN_LABELS)),
    rest.length ? make("details", {}, make("summary", {}, say("labels.more", { n: number(rest.length) })),
      make("ul", { className: "labels" }, rest)) : null];
}

function wordsView(words) {
  if (!words?.length) return sentence(say("why.none"), "quiet small");
  return [make("h5", {}, say("why.heading")), make("ul", { className: "chips" }, words.map(({ text: word, weight }) =>
    make("li", { className: weight < 0 ? "against" : "for" },
      make("span", { "aria-hidden": "true" }, weight < 0 ? "−" : "+"),
      make("span", { className: "unseen" }, say(weight < 0 ? "why.against" : "why.for")), ` ${word}`)))];
}

function predictionView(target, prediction, words, send) {
  const answer = make("p", { className: "answer", role: "status" });
  async function correct(label, button) {
    const failed = await send({ [target]: label });
    answer.textContent = failed ?? say("labels.thanks", { label: labelName(target, label) });
    answer.classList.toggle("failed", Boolean(failed));
    if (failed) return;
    for (const one of view.querySelectorAll(".label")) one.setAttribute("aria-pressed", String(one === button));
  }
  const view = make("article", { className: "prediction" },
    make("h4", {}, targetName(target)),
    make("p", { className: "verdict" }, make("strong", {}, labelName(target, prediction.label)), " ",
      make("span", { className: "quiet" }, `${sureness(prediction.confidence)} · ${percent(prediction.confidence)}`)),
    labelsView(target, prediction, correct), answer, wordsView(words));
  return view;
}

/** A classification; `correct(labels)` sends a person's labels and gives words only when that failed. */
export function classificationView(answer, correct) {
  const { model, predictions, explanation } = answer;
  const day = model?.trained_at && new Date(model.trained_at);
  const date = day && !Number.isNaN(day.valueOf())
    ? new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(day) : "–";
  const copies = (answer.duplicates ?? []).map((one) =>
    one.ticket_id ?? new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "short" }).format(new Date(one.received_at)));
  return [decisionView(answer),
    copies.length ? sentence(say("result.duplicates", { tickets: new Intl.ListFormat(language).format(copies) })) : null,
    sentence(say("labels.caption"), "quiet small caption"),
    make("div", { className: "predictions" }, Object.entries(predictions).map(([target, prediction]) =>
      predictionView(target, prediction, explanation?.[target], correct))),
    model?.version ? sentence(say("result.model", { version: model.version, date }), "quiet small") : null,
  ].filter(Boolean);
}

// ---- hits

function foundBy(why) {
  if (!why?.length) return null;
  const channels = why.map(({ channel, name, rank }) =>
    say("hit.rank", { channel: say(`channel.${channel ?? name}`, {}, channel ?? name), rank: number(rank) }));
  return sentence(say("hit.found_by", { channels: new Intl.ListFormat(language).format(channels) }), "quiet small");
}

function votes(hit, title, vote) {
  const answer = make("span", { className: "quiet small", role: "status" });
  const buttons = [true, false].map((helpful) => {
    const words = say(helpful ? "hit.helpful" : "hit.not_helpful");
    const label = say("hit.vote_for", { vote: words, title });
    const button = make("button", { type: "button", className: "vote", "aria-label": label, "aria-pressed": "false" }, words);
    button.addEventListener("click", async () => {
      const failed = await vote(hit.id, helpful);
      answer.textContent = failed ?? say("hit.thanks");
      if (!failed) for (const one of buttons) one.setAttribute("aria-pressed", String(one === button));
    });
    return button;
  });
  return make("div", { className: "votes" }, buttons, answer);
}

/** Whether a snippet shows the whole of a text, spaces aside. */
const isWhole = (snippet, text) => {
  const plain = (words) => words.replace(/\s+/g, " ").trim();
  return plain(unescape(snippet.replace(/<\/?mark>/g, ""))) === plain(text);
};

/** A solution in full, its matches marked where the snippet shows it, or folded behind its beginning when it is long. */
function resolutionView(words, snippet) {
  const head = make("strong", {}, `${say("hit.resolution")}: `);
  if (isWhole(snippet, words)) return make("p", { className: "resolution" }, head, marked(snippet));
  if (words.length <= LONG_RESOLUTION) return make("p", { className: "resolution" }, head, words);
  return make("details", { className: "resolution" },
    make("summary", {}, head, `${words.slice(0, LONG_RESOLUTION / 2)} …`), words);
}

function hitView(hit, vote) {
  const title = hit.title || say("hit.untitled", { id: hit.id });
  const href = safeLink(hit.url);
  const tags = Object.entries(hit.labels ?? {}).map(([target, label]) =>
    make("li", {}, labelName(target, label)));
  tags.push(...(hit.flags ?? []).map((flag) => make("li", { className: flag }, say(`flag.${flag}`, {}, flag))));
  return make("li", { className: "hit" },
    make("h4", {}, href ? make("a", { href, target: "_blank", rel: "noopener noreferrer" }, title) : title),
    hit.evidence || tags.length ? make("ul", { className: "tags" },
      hit.evidence ? make("li", { className: "proof" }, say("hit.evidence")) : null, tags) : null,
    hit.snippet && !isWhole(hit.snippet, hit.resolution ?? "") ?
      make("p", { className: "snippet" }, marked(hit.snippet)) : null,
    hit.resolution ? resolutionView(hit.resolution, hit.snippet ?? "") : null,
    hit.n_similar ? sentence(say("hit.similar", { n: number(hit.n_similar), ids: hit.similar.join(", ") }), "quiet small") : null,
    foundBy(hit.why), votes(hit, title, vote));
}

/** One headed list of hits, or a sentence when there are none. */
export function hitsView(heading, hits, nothing, vote) {
  return make("section", { className: "hits" }, make("h3", {}, heading),
    hits.length ? make("ol", {}, hits.map((hit) => hitView(hit, vote))) : sentence(nothing));
}
