// One waiting ticket at a time, labelled by keys, without knowing what the model or anybody else thinks of it.

import { ask, feedback } from "./ask.js";
import { onKey } from "./frame.js";
import { place } from "./place.js";
import { by, failure, make, moment, say, sentence, targetName, targets } from "./say.js";

const AT_ONCE = 20;
const shown = place(by("review"), by("left"));
const skipped = new Set();
let waiting = [];
let left = 0;
let current = null;

function group(target, at) {
  const labels = targets.get(target).labels.map(({ name, display }, number) => make("label", { className: "choice" },
    make("input", { type: "radio", name: target, value: name, required: true }),
    make("kbd", { "aria-hidden": "true" }, String(number + 1)), make("span", {}, display)));
  return make("fieldset", { className: at === 0 ? "asked" : "", "data-target": target },
    make("legend", {}, targetName(target)), make("div", { className: "choices" }, labels));
}

function view(review) {
  const { ticket } = review;
  const facts = [ticket.id, ticket.product, ticket.customer, ticket.channel, moment(review.decided_at)].filter(Boolean);
  const form = make("form", { className: "panel labelling", id: "labelling" },
    [...targets.keys()].map(group),
    make("div", { className: "actions" },
      make("button", { type: "submit", className: "primary" }, `${say("review.save")} `, make("kbd", {}, "Enter")),
      make("button", { type: "button", id: "skip" }, `${say("review.skip")} `, make("kbd", {}, "s"))),
    make("div", { id: "refused" }));
  form.addEventListener("submit", save);
  form.addEventListener("change", ({ target }) => {
    const asked = target.closest("fieldset");
    askFor(asked.nextElementSibling?.matches("fieldset") ? asked.nextElementSibling : asked);
  });
  form.querySelector("#skip").addEventListener("click", skip);
  return [make("div", { className: "desk" },
    make("article", { className: "panel" },
      make("p", { className: "quiet small" }, facts.join(" · ")),
      make("h2", { tabIndex: -1 }, ticket.subject || say("review.no_subject")),
      make("p", { className: "full" }, ticket.body || say("preview.no_text")),
      review.kind === "audit" ? sentence(say("review.audit"), "notice small") : null),
    form)];
}

const askFor = (fieldset) => {
  for (const one of fieldset.parentElement.querySelectorAll("fieldset")) one.classList.toggle("asked", one === fieldset);
};

async function next() {
  await shown.fill(say("review.loading"), async (signal) => {
    waiting = waiting.filter((one) => !skipped.has(one.classification_id));
    if (!waiting.length) {
      const found = await ask(`v1/reviews?limit=${AT_ONCE + skipped.size}`, { signal });
      left = found.n_waiting;
      waiting = found.reviews.filter((one) => !skipped.has(one.classification_id));
    }
    current = waiting.shift() ?? null;
    if (current) return { nodes: view(current), words: say("review.left", { n: left }) };
    const nodes = [make("div", { className: "begin" },
      make("p", {}, say(skipped.size ? "review.only_skipped" : "review.done")),
      make("button", { type: "button", onclick: begin }, say("review.again")))];
    return { nodes, words: "" };
  });
  by("review").querySelector("h2")?.focus();
}

async function save(event) {
  event.preventDefault();
  const labels = Object.fromEntries(new FormData(event.target));
  const refused = await feedback({ classification_id: current.classification_id, labels });
  if (refused) return by("refused").replaceChildren(failure(refused));
  left -= 1;
  return next();
}

function skip() {
  if (!current) return;
  skipped.add(current.classification_id);
  next();
}

function begin() {
  skipped.clear();
  waiting = [];
  next();
}

/** A digit chooses a label of the question that is asked and goes on to the next one. */
function choose({ key }) {
  const fieldset = document.querySelector("fieldset.asked");
  const choice = fieldset?.querySelectorAll("input")[Number(key) - 1];
  choice?.click();
  return Boolean(choice);
}

for (const digit of "123456789") onKey(digit, choose);
onKey("s", skip);
onKey("Enter", (event) => {
  if (event.target.matches("button, a")) return false;
  by("labelling")?.requestSubmit();
  return true;
});
onKey("Escape", () => {
  const before = document.querySelector("fieldset.asked")?.previousElementSibling;
  if (before?.matches("fieldset")) askFor(before);
});
begin();
