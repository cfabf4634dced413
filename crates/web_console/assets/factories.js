// The factory simulators, their faults, and the buttons that kill functions.

import { act, read, send } from "./api.js";
import { byId, element, show } from "./dom.js";

let faults = [];

export async function loadFaults() {
  faults = await read("/faults");
}

export function showFactories(factories) {
  byId("factories-section").hidden = Object.keys(factories).length === 0;
  show(byId("factories"), [factories, faults], () => Object.entries(factories).map(factory));
}

function factory([id, { fault, orders }]) {
  const state = fault ? element("p", { class: "bad" }, `Fault: ${fault}`) : element("p", { class: "good" }, "works as it should");
  return element("div", { class: "factory", "data-factory": id },
    element("h3", {}, id), state, ...orders.map(order),
    element("details", { "data-key": id },
      element("summary", { "data-key": `faults of ${id}` }, "Faults"),
      element("div", { class: "faults" }, ...faults.map((name) => toggle(id, name, fault === name)))));
}

function order({ product, count, progress, step }) {
  const dots = [1, 2, 3, 4, 5].map((at) => element("i", { class: at <= step ? "done" : "" }));
  return element("div", { class: "order" },
    element("span", {}, `${count} × ${product}`), element("span", { class: "soft" }, progress),
    element("div", { class: "track", "aria-hidden": "true" }, ...dots));
}

function toggle(id, name, isOn) {
  const onclick = (event) => act(event.target, async () => {
    await send("/fault", { factory: id, fault: isOn ? null : name });
    return isOn ? `${id} works as it should` : `${id}: ${name}`;
  });
  return element("button", { type: "button", "aria-pressed": String(isOn), "data-key": `${id} ${name}`, onclick }, name);
}

export function showCrashes(crashes) {
  byId("crashes-section").hidden = Object.keys(crashes).length === 0;
  show(byId("crashes"), crashes, () => Object.entries(crashes).map(crash));
}

function crash([name, waits]) {
  const onclick = (event) => act(event.target, async () => {
    await send("/crash", { function: name, wanted: !waits });
    return waits ? `${name} is not killed` : `${name} is killed in its next invocation`;
  });
  const text = waits ? `${name}: waits` : name;
  return element("button", { type: "button", "aria-pressed": String(waits), "data-key": name, "data-function": name, onclick }, text);
}
