// The executions as a list, failures first, with a filter.

import { byId, element, show, time } from "./dom.js";

let executions = [];
let chosen = null;
let onChoose = () => {};

export function start(choose) {
  onChoose = choose;
  byId("filter").addEventListener("input", showTimeline);
  byId("failures-first").addEventListener("change", showTimeline);
}

export function update(latest) {
  executions = latest;
  if (!find(chosen)) chosen = latest[0] ? key(latest[0]) : null;
  showTimeline();
  onChoose(find(chosen));
}

function find(wanted) {
  return executions.find((one) => key(one) === wanted);
}

function key({ machine, name }) {
  return `${machine}/${name}`;
}

function showTimeline() {
  const text = byId("filter").value.trim().toLowerCase();
  const shown = executions.filter((one) => !text || words(one).includes(text));
  if (byId("failures-first").checked) shown.sort((a, b) => isBad(b) - isBad(a));
  const seen = shown.map((one) => [key(one), one.status, one.steps.length]);
  show(byId("timeline"), [seen, chosen], () => shown.length ? shown.map(line) : [element("li", { class: "soft" }, "no executions")]);
}

function words({ machine, name, status, steps }) {
  return [machine, name, status, ...steps.map((step) => Object.values(step)[0])].join(" ").toLowerCase();
}

export function isBad({ status }) {
  return !["RUNNING", "SUCCEEDED"].includes(status);
}

function line(one) {
  const kind = isBad(one) ? "bad" : one.status === "RUNNING" ? "warn" : "good";
  const onclick = () => {
    chosen = key(one);
    showTimeline();
    onChoose(find(chosen));
  };
  const button = { type: "button", "aria-pressed": String(key(one) === chosen), "data-key": key(one), onclick };
  return element("li", {}, element("button", button,
    element("span", { class: kind }, one.status.toLowerCase()),
    element("span", { class: "name" }, one.name),
    element("span", { class: "soft" }, time(one.started_at)),
    element("span", { class: "last" }, `${one.machine}: ${last(one)}`)));
}

// The latest state, or the last error.
function last({ steps }) {
  const failed = steps.findLast((step) => step.failed);
  const entered = steps.findLast((step) => step.entered);
  return [entered?.entered, failed && `error ${failed.failed}`].filter(Boolean).join(", ");
}
