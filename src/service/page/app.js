// Ties the page's two forms to the service: a ticket is classified, words are searched, people's answers go back.

import { classificationView, failure, hitsView, say, sentence, waiting } from "./view.js";

const DEBOUNCE_MS = 250;
const LIMIT = 6;
const DRAFT = "stellwerk-draft";
const by = (id) => document.getElementById(id);
const ticketForm = by("ticket");
const queryInput = by("query");

class Refusal extends Error {}

/** The service's answer to `facts`; a Refusal carries the sentence to show. */
async function post(path, facts, signal) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(facts), signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal(say("error.network"));
  }
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  if (response.status === 401) location.reload(); // the session has ended: the page asks for a key again
  const detail = typeof answer?.detail === "string" ? answer.detail : answer?.title;
  throw new Refusal(detail || say("error.server", { status: response.status }));
}

/** Nothing when the feedback was kept, or the sentence that says why not. */
async function feedback(facts) {
  try {
    await post("v1/feedback", facts);
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

const voteOn = (query) => (hitId, helpful) => feedback({ query, hit_id: hitId, helpful });
const find = (facts, kind, signal) =>
  post("v1/search", { ...facts, kinds: [kind], limit: LIMIT }, signal).then((answer) => answer.hits);

/** A place on the page that shows one answer at a time: the newest, while older ones are let go. */
function place(id, statusId) {
  const box = by(id);
  let current = new AbortController();
  const show = (...nodes) => { box.hidden = false; box.replaceChildren(...nodes); };
  const tell = (words) => { if (statusId) by(statusId).textContent = words; };
  const forget = () => { current.abort(); box.removeAttribute("aria-busy"); };
  async function fill(loading, work) {
    forget();
    const mine = current = new AbortController();
    box.setAttribute("aria-busy", "true");
    if (!box.querySelector(".hit")) show(waiting(loading));
    tell(loading);
    try {
      const { nodes, words } = await work(mine.signal);
      if (mine.signal.aborted) return;
      show(...nodes);
      tell(words ?? "");
    } catch (error) {
      if (mine.signal.aborted) return;
      if (!(error instanceof Refusal)) throw error;
      show(failure(error.message));
      tell("");
    } finally {
      if (mine === current) box.removeAttribute("aria-busy");
    }
  }
  return { show, tell, forget, fill, box };
}

const result = place("result", "result-status");
const related = place("related");
const hits = place("hits", "search-status");

// ---- a ticket

const ticket = () => Object.fromEntries([...new FormData(ticketForm)].filter(([, words]) => words.trim()));

/** The evidence first, told in full where the search knows the ticket too; then what else is like it. */
function withEvidence(evidence, found) {
  const known = new Map(found.map((hit) => [hit.id, hit]));
  const proof = evidence.filter((one) => one.kind === "ticket")
    .map((one) => ({ ...one, ...known.get(one.id), evidence: true }));
  const ids = new Set(proof.map((one) => one.id));
  return [...proof, ...found.filter((hit) => !ids.has(hit.id))];
}

async function classify(event) {
  event.preventDefault();
  const asked = ticket();
  if (!asked.subject && !asked.body) {
    result.show(failure(say("form.needs_text")));
    by("body").focus();
    return;
  }
  related.forget();
  related.box.hidden = true;
  let evidence = null;
  await result.fill(say("result.loading"), async (signal) => {
    const answer = await post("v1/classifications", asked, signal);
    evidence = answer.evidence ?? [];
    const correct = (labels) => feedback({ classification_id: answer.id, labels });
    return { nodes: classificationView(answer, correct), words: say("result.ready") };
  });
  if (!evidence) return;
  const vote = voteOn(asked.subject ?? asked.body);
  await related.fill(say("related.loading"), async (signal) => {
    const [tickets, articles] = await Promise.all(
      ["ticket", "article"].map((kind) => find({ ticket: asked }, kind, signal)));
    return { nodes: [
      hitsView(say("related.tickets"), withEvidence(evidence, tickets), say("related.no_tickets"), vote),
      hitsView(say("related.articles"), articles, say("related.no_articles"), vote)] };
  });
}

function clear() {
  result.forget();
  related.forget();
  related.box.hidden = true;
  result.show(sentence(say("result.empty")));
  result.tell("");
  by("subject").focus();
}

// ---- a search

let timer = 0;

function search() {
  clearTimeout(timer);
  const query = queryInput.value.trim();
  const { pathname, search: asked } = location;
  history.replaceState(null, "", `${pathname}${asked}${query ? `#q=${encodeURIComponent(query)}` : ""}`);
  if (!query) {
    hits.forget();
    hits.show(sentence(say("search.empty")));
    hits.tell("");
    return;
  }
  hits.fill(say("related.loading"), async (signal) => {
    const [articles, tickets] = await Promise.all(["article", "ticket"].map((kind) => find({ query }, kind, signal)));
    const vote = voteOn(query);
    const columns = document.createElement("div");
    columns.className = "columns";
    columns.append(
      hitsView(say("search.articles"), articles, say("related.no_articles"), vote),
      hitsView(say("search.tickets"), tickets, say("related.no_tickets"), vote));
    return { nodes: [columns], words: say("search.found", { articles: articles.length, tickets: tickets.length }) };
  });
}

/** Runs the search a permalink names (`#q=words`). */
function followLink() {
  const query = new URLSearchParams(location.hash.slice(1)).get("q");
  if (!query || query === queryInput.value.trim()) return;
  queryInput.value = query;
  search();
  queryInput.closest("section").scrollIntoView();
}

// ---- the other language keeps what was typed

function keepDraft(event) {
  sessionStorage.setItem(DRAFT, JSON.stringify(ticket()));
  event.currentTarget.hash = location.hash;
}

function restoreDraft() {
  const draft = sessionStorage.getItem(DRAFT);
  sessionStorage.removeItem(DRAFT);
  for (const [name, words] of Object.entries(JSON.parse(draft ?? "{}"))) ticketForm.elements[name].value = words;
}

ticketForm.addEventListener("submit", classify);
ticketForm.addEventListener("reset", clear);
ticketForm.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) ticketForm.requestSubmit();
});
by("search").addEventListener("submit", (event) => { event.preventDefault(); search(); });
queryInput.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, DEBOUNCE_MS); });
by("sign-out")?.addEventListener("click", async () => {
  await fetch("session", { method: "DELETE" });
  location.reload();
});
addEventListener("hashchange", followLink);
for (const link of document.querySelectorAll(".languages a")) link.addEventListener("click", keepDraft);
restoreDraft();
followLink();
