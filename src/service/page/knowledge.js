// What the knowledge base holds, what it could not take in, and what was of no use to anybody.

import { ask } from "./ask.js";
import "./frame.js";
import { place } from "./place.js";
import { by, make, number, percent, say, sentence } from "./say.js";

const shown = place(by("knowledge"));
const gaps = place(by("gaps"));
const N_GAPS = 10;

const grid = (heads, rows) => make("div", { className: "scrolled", tabIndex: 0, role: "region", "aria-label": heads.join(", ") }, make("table", {},
  make("thead", {}, make("tr", {}, heads.map((head) => make("th", { scope: "col" }, head)))),
  make("tbody", {}, rows.map(([head, ...cells]) =>
    make("tr", {}, make("th", { scope: "row" }, head), cells.map((cell) => make("td", {}, cell)))))));

const panel = (heading, words, rows, table, nothing) => make("section", { className: "panel" },
  make("h2", {}, heading), words ? sentence(words, "quiet") : null, rows.length ? table(rows) : sentence(nothing));

const searchLink = (query) => make("a", { href: `./?${new URLSearchParams({ q: query })}` }, query);

function indexed({ n_articles, n_tickets, sources }) {
  const kinds = { article: say("search.articles"), ticket: say("search.tickets") };
  return panel(say("knowledge.indexed"), say("knowledge.counts", { articles: number(n_articles), tickets: number(n_tickets) }), sources,
    (rows) => grid([say("knowledge.source"), say("knowledge.kind"), say("knowledge.n")],
      rows.map((one) => [one.source ?? say("knowledge.over_http"), kinds[one.kind] ?? one.kind, number(one.n_documents)])),
    say("page.no_knowledge_cure"));
}

function view(answer) {
  return [indexed(answer),
    panel(say("knowledge.rejected"), say("knowledge.rejected_text"), answer.rejected,
      (rows) => grid([say("knowledge.reason"), say("knowledge.n"), say("knowledge.example")],
        rows.map((one) => [one.reason.replaceAll("_", " "), number(one.n_rejected),
          [one.line === null ? one.file : say("knowledge.line", { file: one.file, line: one.line }), one.cure].filter(Boolean).join(" – ")])),
      say("knowledge.none_rejected")),
    panel(say("knowledge.unhelpful"), say("knowledge.unhelpful_text", { n: number(answer.n_voted) }), answer.unhelpful,
      (rows) => grid([say("knowledge.article"), say("knowledge.n_no")],
        rows.map((one) => [searchLink(one.title), number(one.n_votes)])),
      say("knowledge.none_unhelpful")),
    panel(say("knowledge.fruitless"), say("knowledge.fruitless_text"), answer.fruitless,
      (rows) => grid([say("knowledge.search"), say("knowledge.n_no")],
        rows.map((one) => [searchLink(one.query), number(one.n_votes)])),
      say("knowledge.none_fruitless"))];
}

by("find-gaps").addEventListener("click", () => gaps.fill(say("gaps.loading"), async (signal) => {
  const found = await ask(`v1/knowledge/gaps?limit=${N_GAPS}`, { signal });
  const told = say("gaps.told", { n: number(found.n_without_answer), all: number(found.n_tickets), recall: percent(found.recall) });
  return { nodes: [sentence(told, "quiet"), found.gaps.length ? grid([say("gaps.theme"), say("gaps.n_tickets")],
    found.gaps.map((gap) => [searchLink(gap.name), number(gap.n_tickets)])) : sentence(say("gaps.none"))] };
}));
shown.fill(say("models.loading"), async (signal) => ({ nodes: view(await ask("v1/insight/knowledge", { signal })) }));
