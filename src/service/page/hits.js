// What was found: in a list, and in full beside it, with its resolution first.

import { ask, feedback, Refusal } from "./ask.js";
import { day, failure, labelName, listed, make, marked, number, safeLink, say, sentence, unescaped, waiting } from "./say.js";

export const titleOf = (hit) => hit.title || say("hit.untitled", { id: hit.id });
const plain = (words) => words.replace(/\s+/g, " ").trim();

/** Whether a snippet shows the whole of a text, spaces aside. */
const isWhole = (snippet, text) => plain(unescaped(snippet.replace(/<\/?mark>/g, ""))) === plain(text);

export function tagsOf(hit) {
  const tags = Object.entries(hit.labels ?? {}).map(([target, label]) => make("li", {}, labelName(target, label)));
  if (hit.evidence) tags.unshift(make("li", { className: "proof" }, say("hit.evidence")));
  if (hit.product) tags.unshift(make("li", {}, hit.product));
  tags.push(...(hit.flags ?? []).map((flag) => make("li", { className: flag }, say(`flag.${flag}`, {}, flag))));
  return tags.length ? make("ul", { className: "tags" }, tags) : null;
}

/** The resolution, its matches marked where the snippet shows it, and the snippet where that says something else. */
export function excerpt(hit) {
  const snippet = hit.snippet ?? "";
  if (!hit.resolution) return [make("p", { className: "snippet" }, marked(snippet))];
  const whole = isWhole(snippet, hit.resolution);
  return [
    make("p", { className: "resolution" }, make("span", { className: "unseen" }, `${say("hit.resolution")}: `),
      whole ? marked(snippet) : hit.resolution),
    snippet && !whole ? make("p", { className: "snippet" }, marked(snippet)) : null];
}

/** Put words on the clipboard, also where a browser offers that to secure pages alone. */
async function toClipboard(words) {
  if (navigator.clipboard) return navigator.clipboard.writeText(words);
  const field = make("textarea", { value: words, className: "unseen" });
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

export function copyButton(words) {
  const button = make("button", { type: "button", className: "copy" }, say("hit.copy"));
  const told = make("span", { className: "quiet small", role: "status" });
  button.addEventListener("click", async () => {
    await toClipboard(words);
    told.textContent = say("hit.copied");
  });
  return [button, told];
}

export function votes(hit, query) {
  const answer = make("span", { className: "quiet small", role: "status" });
  const buttons = [true, false].map((helpful) => {
    const words = say(helpful ? "hit.helpful" : "hit.not_helpful");
    const label = say("hit.vote_for", { vote: words, title: titleOf(hit) });
    const button = make("button", { type: "button", className: `vote ${helpful ? "helped" : "not-helped"}`,
      "aria-label": label, "aria-pressed": "false" }, words);
    button.addEventListener("click", async () => {
      const failed = await feedback({ query, hit_id: hit.id, helpful });
      answer.textContent = failed ?? say("hit.thanks");
      if (!failed) for (const one of buttons) one.setAttribute("aria-pressed", String(one === button));
    });
    return button;
  });
  return make("div", { className: "votes" }, buttons, answer);
}

function foundBy(why) {
  if (!why?.length) return null;
  const channels = why.map(({ channel, rank }) =>
    say("hit.rank", { channel: say(`channel.${channel}`, {}, channel), rank: number(rank) }));
  return say("hit.found_by", { channels: listed(channels) });
}

function facts(hit) {
  const href = safeLink(hit.url);
  return [
    hit.n_similar ? sentence(say("hit.similar", { n: number(hit.n_similar), ids: hit.similar.join(", ") }), "quiet small") : null,
    sentence([hit.id, hit.customer, hit.dated ? day(hit.dated) : null, foundBy(hit.why)].filter(Boolean).join(" · "), "quiet small"),
    href ? make("p", {}, make("a", { href, target: "_blank", rel: "noopener noreferrer" }, say("hit.source"))) : null];
}

/** A document in full: the resolution first, then the thread, which is fetched. */
export function preview(hit, query, mayVote, signal) {
  const thread = make("div", { className: "thread" }, waiting(say("preview.loading")));
  ask(`v1/documents/${hit.kind}/${encodeURIComponent(hit.id)}`, { signal }).then(
    ({ body }) => thread.replaceChildren(
      make("h3", {}, say(hit.kind === "ticket" ? "preview.thread" : "preview.article")),
      body ? make("p", { className: "full" }, body) : sentence(say("preview.no_text"))),
    (error) => {
      if (error instanceof Refusal) thread.replaceChildren(failure(error.message));
      else if (error.name !== "AbortError") throw error;
    });
  return make("div", { className: "preview" },
    make("h2", { tabIndex: -1 }, titleOf(hit)), tagsOf(hit),
    hit.resolution ? make("section", { className: "solution" }, make("h3", {}, say("hit.resolution")),
      make("p", { className: "full" }, hit.resolution)) : null,
    make("div", { className: "actions" }, hit.resolution ? copyButton(hit.resolution) : null,
      mayVote ? votes(hit, query) : null),
    thread, ...facts(hit));
}

/** One hit that stands by itself, with what can be done with it. */
export function card(hit, query, mayVote) {
  const href = safeLink(hit.url);
  const title = titleOf(hit);
  return make("li", { className: "hit" },
    make("h3", {}, href ? make("a", { href, target: "_blank", rel: "noopener noreferrer" }, title) : title),
    tagsOf(hit), ...excerpt(hit),
    make("div", { className: "actions" }, hit.resolution ? copyButton(hit.resolution) : null,
      mayVote ? votes(hit, query) : null));
}
