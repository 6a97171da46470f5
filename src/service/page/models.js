// The models: which one answers, whether it keeps its promise, and which one should answer from now on.

import { ask, tried } from "./ask.js";
import "./frame.js";
import { place } from "./place.js";
import { by, day, failure, labelName, language, make, number, percent, say, sentence, targetName } from "./say.js";

const shelf = place(by("models"), by("status"));
const figures = place(by("figures"));
const version = by("version");
const score = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const change = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: "exceptZero" });

// ---- the shelf

function standing(model) {
  const { audit } = model;
  if (!audit) return say("models.no_audit");
  if (audit.withdrawn_since) return say("models.withdrawn", { date: day(audit.withdrawn_since) });
  if (!audit.n_drawn) return say("models.not_asked");
  return say("models.asked", { drawn: number(audit.n_drawn), answered: number(audit.n_answered), wrong: number(audit.n_wrong) });
}

const fact = (name, value) => make("div", {}, make("dt", {}, name), make("dd", {}, value));

function modelView(model, champion, shadow) {
  const role = model.champion ? "champion" : model.version === shadow?.version ? "shadow" : null;
  const scores = Object.entries(model.macro_f1).map(([target, value]) => fact(`${targetName(target)} (F1)`, score.format(value)));
  return make("li", { className: `panel model ${role ?? ""}` },
    make("div", { className: "headline" },
      make("h2", {}, model.version), role ? make("span", { className: `badge ${role}` }, say(`models.${role}`)) : null),
    make("p", { className: "quiet small" },
      say("models.learned", { n: number(model.n_tickets), date: day(model.trained_at), plan: model.plan })),
    make("dl", { className: "facts" }, scores, fact(say("models.auto"), percent(model.auto_share))),
    make("p", { className: model.audit?.withdrawn_since ? "failure small" : "small" }, standing(model)),
    model.retrain_since ? make("p", { className: "failure small" }, say("models.retrain", { date: day(model.retrain_since) })) : null,
    model.champion ? null : make("button", { type: "button", className: "promote", onclick: () => promote(model, champion) },
      say("models.promote")));
}

function shadowView(shadow) {
  const agreed = Object.entries(shadow.targets).filter(([, one]) => one.agreement !== null)
    .map(([target, one]) => `${targetName(target)} ${percent(one.agreement)}`).join(", ");
  return make("p", { className: "notice" }, say("models.shadow_text",
    { version: shadow.version, date: day(shadow.since), n: number(shadow.n_scored) }),
  agreed ? ` ${say("models.agreement", { shares: agreed })}` : null);
}

function shelfView({ champion, models, shadow, refused }) {
  const standingChampion = models.find((model) => model.champion);
  return [
    refused ? failure(say("models.refused", { version: refused.version ?? "–", reason: refused.reason })) : null,
    champion ? null : sentence(say("page.no_model_cure"), "notice"),
    make("div", { className: "actions" }, make("button", { type: "button", id: "roll-back", onclick: () => rollBack(standingChampion) },
      say("models.roll_back"))),
    shadow ? shadowView(shadow) : null,
    make("ol", { className: "models" }, models.map((model) => modelView(model, standingChampion, shadow)))].filter(Boolean);
}

async function showShelf() {
  await shelf.fill(say("models.loading"), async (signal) => {
    const answer = await ask("v1/models", { signal });
    by("insight").hidden = !answer.models.length;
    const kept = answer.models.some((model) => model.version === version.value) ? version.value : answer.champion;
    version.replaceChildren(...answer.models.map((model) => make("option", { value: model.version }, model.version)));
    if (kept) version.value = kept;
    return { nodes: shelfView(answer) };
  });
  if (version.value) showFigures();
}

// ---- promote and roll back, once what changes was read

/** Whether a person agrees to what changes. */
function agreed(heading, act, ...changes) {
  by("confirm-heading").textContent = heading;
  by("confirmed").textContent = act;
  by("changes").replaceChildren(...changes);
  const dialog = by("confirm");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

function differences(model, champion) {
  const before = champion ? say("confirm.from", { version: champion.version }) : say("confirm.from_none");
  const rows = Object.entries(model.macro_f1).map(([target, value]) =>
    [`${targetName(target)} (F1)`, champion?.macro_f1[target], value, score, change]);
  rows.push([say("models.auto"), champion?.auto_share, model.auto_share, { format: percent }, null]);
  return [make("p", {}, before), make("table", {},
    make("thead", {}, make("tr", {}, ["confirm.figure", "confirm.now", "confirm.then"].map((name) => make("th", { scope: "col" }, say(name))))),
    make("tbody", {}, rows.map(([name, now, then, shown, signed]) => make("tr", {}, make("th", { scope: "row" }, name),
      make("td", {}, now === undefined ? "–" : shown.format(now)),
      make("td", {}, shown.format(then), signed && now !== undefined ? ` (${signed.format(then - now)})` : null))))),
  make("p", { className: "quiet" }, say("confirm.text"))];
}

async function promote(model, champion) {
  const heading = say("confirm.promote", { version: model.version });
  if (await agreed(heading, say("models.promote"), ...differences(model, champion))) {
    await act(`v1/models/${encodeURIComponent(model.version)}/promote`, say("models.promoted", { version: model.version }));
  }
}

async function rollBack(champion) {
  const text = say("confirm.roll_back_text", { version: champion?.version ?? "–" });
  if (await agreed(say("confirm.roll_back"), say("models.roll_back"), make("p", {}, text), make("p", { className: "quiet" }, say("confirm.text")))) {
    await act("v1/models/rollback", say("models.rolled_back"));
  }
}

async function act(path, done) {
  shelf.tell(say("models.changing"));
  const refused = await tried(ask(path, { method: "POST", changes: true }));
  version.value = "";
  await showShelf();
  shelf.box.prepend(refused ? failure(refused) : sentence(done, "notice done"));
  shelf.tell(refused ?? done);
}

// ---- one model in figures

function plot(name, heading, words, table = null, target = "") {
  const address = (dark) => `v1/models/${encodeURIComponent(version.value)}/plots/${name}.svg?${new URLSearchParams(
    { lang: language, dark, ...(target ? { target } : {}) })}`;
  return make("figure", { className: "panel" }, make("h3", {}, heading),
    make("picture", {}, make("source", { srcset: address(true), media: "screen and (prefers-color-scheme: dark)" }),
      make("img", { src: address(false), alt: `${heading}. ${words}`, loading: "lazy" })),
    make("figcaption", { className: "quiet small" }, words),
    table ? make("details", {}, make("summary", {}, say("insight.as_table")), make("div", { className: "scrolled", tabIndex: 0, role: "region", "aria-label": heading }, table)) : null);
}

const grid = (heads, rows) => make("table", {},
  make("thead", {}, make("tr", {}, heads.map((head) => make("th", { scope: "col" }, head)))),
  make("tbody", {}, rows.map(([head, ...cells]) =>
    make("tr", {}, make("th", { scope: "row" }, head), cells.map((cell) => make("td", {}, cell))))));

function ofTarget(target, report) {
  const labels = Object.keys(report.confusion);
  const name = targetName(target);
  return [
    plot("reliability", say("insight.reliability", { target: name }), say("insight.reliability_text", { ece: percent(report.ece) }),
      grid([say("plot.confidence"), say("plot.right"), say("plot.n_tickets")],
        report.reliability.map((bin) => [percent(bin.mean_confidence), percent(bin.accuracy), number(bin.n_tickets)])), target),
    plot("confusion", say("insight.confusion", { target: name }), say("insight.confusion_text", { n: number(report.n_tickets), accuracy: percent(report.accuracy) }),
      grid(["", ...labels.map((label) => labelName(target, label))],
        labels.map((row) => [labelName(target, row), ...labels.map((one) => number(report.confusion[row][one]))])), target),
    plot("growth", say("insight.growth", { target: name }), say("insight.growth_text"), null, target)];
}

function weeksTable(weeks) {
  const heads = ["insight.week", "plot.auto", "plot.suggest", "plot.review", "insight.answered", "plot.wrong"].map((key) => say(key));
  return grid(heads, weeks.map((week) => [day(week.week), ...[week.n_auto, week.n_suggest, week.n_review,
    week.n_answered, week.n_wrong].map(number)]));
}

function showFigures() {
  return figures.fill(say("models.loading"), async (signal) => {
    const { report, weeks } = await ask(`v1/models/${encodeURIComponent(version.value)}/insight`, { signal });
    const { promise, auto_share } = report.decision;
    const bound = { error: percent(promise.max_error), confidence: percent(promise.confidence) };
    return { nodes: [
      make("p", {}, promise.threshold === null ? say("insight.no_promise") : say("insight.promise", { ...bound, share: percent(auto_share) })),
      make("div", { className: "plots" },
        plot("promise", say("insight.kept"), say("insight.kept_text"), weeks.length ? weeksTable(weeks) : null),
        plot("actions", say("insight.actions"), say("insight.actions_text")),
        plot("drift", say("insight.drift"), say("insight.drift_text")),
        Object.entries(report.targets).flatMap(([target, one]) => ofTarget(target, one)))] };
  });
}

version.addEventListener("change", showFigures);
showShelf();
