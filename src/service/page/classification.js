// One ticket's answer: what to do with it and why, its labels to be corrected, and the words that counted.

import { day, labelName, listed, make, moment, number, percent, say, sentence, sureness, targetName } from "./say.js";

const SHOWN_LABELS = 5;

function reasonLine({ code, target }) {
  const words = say(`reason.${code}`, {}, code);
  return make("li", {}, target ? make("strong", {}, `${targetName(target)}: `) : null, words);
}

function decisionView({ decision, predictions }) {
  const proposed = (target) =>
    say("decision.label", { label: labelName(target, decision.labels?.[target] ?? predictions[target].label) });
  const all = (targets) => listed(targets.map(proposed));
  const labels = all(Object.keys(predictions));
  const notes = Object.keys(decision.labels).filter((target) => decision.labels[target] !== predictions[target]?.label)
    .map((target) => say("decision.cost", { label: proposed(target) }));
  if (decision.action !== "auto" && decision.certain.length) {
    notes.push(say("decision.certain", { labels: all(decision.certain) }));
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

const escapedForPattern = (word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The ticket's text with the words marked that counted for a target, for its label or against it. */
function countedView(text, words) {
  const weights = new Map(words.map(({ text: word, weight }) => [word.toLowerCase(), weight]));
  const pattern = [...weights.keys()].sort((one, other) => other.length - one.length).map(escapedForPattern).join("|");
  const parts = pattern ? text.split(new RegExp(`(?<![\\p{L}\\p{N}])(${pattern})(?![\\p{L}\\p{N}])`, "iu")) : [text];
  return make("p", { className: "counted" }, parts.map((part, place) => {
    if (place % 2 === 0) return part;
    const against = weights.get(part.toLowerCase()) < 0;
    return make("mark", { className: against ? "against" : "for", title: say(against ? "why.against" : "why.for") }, part);
  }));
}

function wordsView(words) {
  return make("ul", { className: "chips" }, words.map(({ text: word, weight }) =>
    make("li", { className: weight < 0 ? "against" : "for" },
      make("span", { "aria-hidden": "true" }, weight < 0 ? "−" : "+"),
      make("span", { className: "unseen" }, say(weight < 0 ? "why.against" : "why.for")), ` ${word}`)));
}

/** Why: the words of one target at a time. */
function whyView(text, explanation) {
  const explained = Object.keys(explanation).filter((target) => explanation[target].length);
  if (!explained.length) return sentence(say("why.none"), "quiet small");
  const shown = make("div", {});
  const buttons = explained.map((target) => make("button", { type: "button", className: "chip" }, targetName(target)));
  const show = (at) => {
    buttons.forEach((button, place) => button.setAttribute("aria-pressed", String(place === at)));
    const words = explanation[explained[at]];
    shown.replaceChildren(countedView(text, words), wordsView(words));
  };
  buttons.forEach((button, place) => button.addEventListener("click", () => show(place)));
  show(0);
  return make("section", { className: "why" },
    make("h3", {}, say("why.heading")), make("div", { className: "filters" }, buttons), shown);
}

function predictionView(target, prediction, send) {
  const answer = make("p", { className: "answer", role: "status" });
  async function correct(label, button) {
    const failed = await send({ [target]: label });
    answer.textContent = failed ?? say("labels.thanks", { label: labelName(target, label) });
    answer.classList.toggle("failed", Boolean(failed));
    if (failed) return;
    for (const one of view.querySelectorAll(".label")) one.setAttribute("aria-pressed", String(one === button));
  }
  const view = make("article", { className: "prediction" },
    make("h3", {}, targetName(target)),
    make("p", { className: "verdict" }, make("strong", {}, labelName(target, prediction.label)), " ",
      make("span", { className: "quiet" }, `${sureness(prediction.confidence)} · ${percent(prediction.confidence)}`)),
    labelsView(target, prediction, correct), answer);
  return view;
}

/** A classification of `text`; `correct(labels)` sends a person's labels and gives words only when that failed. */
export function classificationView(answer, text, correct) {
  const { model, predictions, explanation } = answer;
  const copies = (answer.duplicates ?? []).map((one) => one.ticket_id ?? moment(one.received_at));
  return [decisionView(answer),
    copies.length ? sentence(say("result.duplicates", { tickets: listed(copies) })) : null,
    Object.keys(predictions).length ? sentence(say("labels.caption"), "quiet small caption") : null,
    make("div", { className: "predictions" }, Object.entries(predictions).map(([target, prediction]) =>
      predictionView(target, prediction, correct))),
    Object.keys(predictions).length ? whyView(text, explanation) : null,
    model ? sentence(say("result.model", { version: model.version, date: day(model.trained_at) }), "quiet small") : null,
  ].filter(Boolean);
}
