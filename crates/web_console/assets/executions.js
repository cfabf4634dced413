// One execution: its state machine with the states lit that it has entered, and its steps.

import { byId, element } from "./dom.js";

const drawings = new Map();
let shownKey = "";

export async function showExecution(execution) {
  const place = byId("execution");
  if (!execution) {
    place.replaceChildren(element("p", { class: "soft" }, "Choose an execution to see its states."));
    shownKey = "";
    return;
  }
  const key = `${execution.machine}/${execution.name}`;
  if (key !== shownKey) {
    shownKey = key;
    const drawing = await drawingOf(execution.machine);
    if (shownKey !== key) return;
    place.replaceChildren(...content(execution, drawing));
    light(place, execution);
    bringIntoView(place);
  } else {
    light(place, execution);
  }
}

// The state that runs, else the first with an error.
function bringIntoView(place) {
  const box = place.querySelector(".machine");
  const state = place.querySelector(".running") ?? place.querySelector("[data-state].failed");
  if (state) box.scrollTop += state.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
}

function content(execution, drawing) {
  const machine = element("div", { class: "machine scroll", tabindex: 0, role: "region", "aria-label": `State machine ${execution.machine}` });
  machine.append(drawing.cloneNode(true));
  return [element("h3", { class: "name" }, execution.name), element("p", { class: "soft link" }, execution.link),
    element("div", { class: "drawn" }, machine, element("ol", { class: "steps", "aria-live": "polite" }))];
}

// The wide drawing where all of it is in view, else the one with its states in a column.
async function drawingOf(machine) {
  const wide = await drawing(machine, "wide");
  return wide.viewBox.baseVal.width <= byId("execution").clientWidth ? wide : drawing(machine, "narrow");
}

// The picture brings a style of its own, which the page loads as a file.
async function drawing(machine, form) {
  const path = `/machines/${machine}/${form}`;
  if (!drawings.has(path)) {
    const answer = await fetch(path);
    const text = answer.ok ? await answer.text() : "<svg/>";
    const withoutStyle = text.replace(/<style>[^]*?<\/style>/, "");
    drawings.set(path, new DOMParser().parseFromString(withoutStyle, "image/svg+xml").documentElement);
  }
  return drawings.get(path);
}

function light(place, { steps, status }) {
  const entered = steps.filter((step) => step.entered).map((step) => step.entered);
  const failed = new Set();
  steps.reduce((state, step) => {
    if (step.failed) failed.add(state);
    return step.entered ?? state;
  }, "");
  for (const drawn of place.querySelectorAll("[data-state]")) {
    const name = drawn.dataset.state;
    drawn.classList.toggle("entered", entered.includes(name));
    drawn.classList.toggle("failed", failed.has(name));
    drawn.classList.toggle("running", status === "RUNNING" && entered.at(-1) === name);
  }
  const pairs = new Set(entered.map((name, at) => `${at ? entered[at - 1] : ""} ${name}`));
  for (const arrow of place.querySelectorAll("[data-from]")) {
    arrow.classList.toggle("taken", pairs.has(`${arrow.dataset.from} ${arrow.dataset.to}`));
  }
  place.querySelector(".steps")?.replaceChildren(...steps.map(line));
}

function line(step) {
  if (step.entered) return element("li", {}, step.entered);
  if (step.failed) return element("li", { class: "bad" }, `error ${step.failed}`);
  return element("li", { class: step.ended === "succeeded" ? "good" : "bad" }, step.ended);
}
