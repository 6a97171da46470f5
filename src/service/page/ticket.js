// Paste a ticket, or open one by its number: what it is, why, and what helped before.

import { ask, feedback } from "./ask.js";
import { classificationView } from "./classification.js";
import "./frame.js";
import { card } from "./hits.js";
import { place } from "./place.js";
import { by, failure, make, say, sentence } from "./say.js";

const LIMIT = 5;
const DRAFT = "stellwerk-draft";
const form = by("ticket");
const result = place(by("result"), by("status"));
const related = place(by("related"));
const mayCorrect = JSON.parse(related.box.dataset.feedback);

const facts = () => Object.fromEntries([...new FormData(form)].filter(([, words]) => words.trim()));
const fill = (ticket) => { for (const field of form.querySelectorAll("[name]")) field.value = ticket[field.name] ?? ""; };
const find = (ticket, kind, signal) => ask("v1/search", {
  method: "POST", signal, facts: { ticket, kinds: [kind], limit: LIMIT } }).then(({ hits }) => hits);

/** The evidence first, told in full where the search knows the ticket too; then what else is like it. */
function withEvidence(evidence, found) {
  const known = new Map(found.map((hit) => [hit.id, hit]));
  const proof = evidence.map((one) => ({ ...one, ...known.get(one.id), evidence: true }));
  const ids = new Set(proof.map((one) => one.id));
  return [...proof, ...found.filter((hit) => !ids.has(hit.id))];
}

function column(heading, hits, nothing, query) {
  return make("section", {}, make("h2", {}, heading),
    hits.length ? make("ol", { className: "hits" }, hits.map((hit) => card(hit, query, mayCorrect))) : sentence(nothing));
}

async function classify(event) {
  event?.preventDefault();
  const asked = facts();
  if (!asked.subject && !asked.body) {
    result.show(failure(say("form.needs_text")));
    by("body").focus();
    return;
  }
  related.forget();
  related.box.hidden = true;
  let answered = null;
  await result.fill(say("result.loading"), async (signal) => {
    const answer = await ask("v1/classifications", { method: "POST", facts: asked, signal, changes: true });
    const text = [asked.subject, asked.body].filter(Boolean).join("\n");
    const correct = (labels) => feedback({ classification_id: answer.id, labels });
    answered = answer;
    return { nodes: classificationView(answer, text, correct), words: say("result.ready") };
  });
  if (!answered) return;
  const query = asked.subject ?? asked.body;
  await related.fill(say("search.loading"), async (signal) => {
    const [tickets, articles] = await Promise.all(["ticket", "article"].map((kind) => find(asked, kind, signal)));
    return { nodes: [
      column(say("related.tickets"), withEvidence(answered.evidence, tickets), say("search.no_tickets"), query),
      column(say("related.articles"), articles, say("search.no_articles"), query)] };
  });
}

/** Open a ticket by its number, as it was kept, and route it. */
async function open(id) {
  by("number").value = id;
  let opened = null;
  await result.fill(say("form.opening"), async (signal) => {
    opened = (await ask(`v1/tickets/${encodeURIComponent(id)}`, { signal })).ticket;
    return { nodes: [] };
  });
  if (!opened) return;
  fill(opened);
  await classify();
}

function clear() {
  result.forget();
  related.forget();
  related.box.hidden = true;
  result.show(sentence(say("result.empty")));
  result.tell("");
  history.replaceState(null, "", location.pathname);
  by("subject").focus();
}

// ---- the other language keeps what was typed

for (const link of document.querySelectorAll(".languages a")) {
  link.addEventListener("click", () => sessionStorage.setItem(DRAFT, JSON.stringify(facts())));
}
const draft = sessionStorage.getItem(DRAFT);
sessionStorage.removeItem(DRAFT);
if (draft) fill(JSON.parse(draft));

form.addEventListener("submit", classify);
form.addEventListener("reset", clear);
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
by("open").addEventListener("submit", (event) => {
  event.preventDefault();
  const id = by("number").value.trim();
  if (!id) return;
  history.replaceState(null, "", `?${new URLSearchParams({ ticket: id })}`);
  open(id);
});
const named = new URLSearchParams(location.search).get("ticket");
if (named) open(named);
