// Products, their purchases and their ledgers.

import { act, read, send } from "./api.js";
import { byId, element, keyed, show } from "./dom.js";

const CROWD = 100;

export function showProducts(products) {
  show(byId("products"), products.map(card), () => products.map(product));
}

// What a card shows: the seconds that a wait lasts change with each reading, and are left out.
function card(product) {
  return [product.sku, product.name, product.stock, product.restock?.overview ?? product.restock?.cycle, waits(product)];
}

function product(one) {
  const level = one.stock === 0 ? "none" : one.stock <= one.reorder_point ? "low" : "";
  return element("article", { class: `card ${level}`, "data-sku": one.sku },
    element("h3", {}, one.name),
    element("p", { class: "soft" }, `${one.sku}, made by ${one.factory}`),
    element("div", { class: "stock" }, String(one.stock)),
    element("meter", {
      class: "bar", min: 0, max: Math.max(one.target_stock, one.stock), low: one.reorder_point, value: one.stock,
      "aria-label": `Stock of ${one.sku}`,
    }),
    element("p", {}, `reorder point ${one.reorder_point}, target ${one.target_stock}`),
    element("p", { class: one.restock ? "warn" : "soft" }, waits(one)),
    element("div", { class: "buttons" },
      button(one, "Buy one", "main", (event) => buy(event.target, one.sku, 1)),
      button(one, `Crowd of ${CROWD}`, "", (event) => buy(event.target, one.sku, CROWD)),
      button(one, "Ledger", "", (event) => act(event.target, () => openLedger(one.sku)))));
}

function button(one, text, kind, onclick) {
  return element("button", { type: "button", class: kind, onclick, "data-key": `${text} ${one.sku}`, "aria-label": `${text}: ${one.sku}` }, text);
}

function waits({ restock }) {
  if (!restock) return "no restock is open";
  const { waiting } = restock;
  const name = `restock ${restock.cycle}`;
  switch (waiting.state) {
    case "callback": return `${name} waits for the factory`;
    case "step": return waiting.error ? `${name} repeats ${waiting.step} after ${waiting.error}` : `${name}: ${waiting.step}`;
    case "ended": return `${name}: its execution has ended (${waiting.status})`;
    default: return `${name}: its execution does not exist`;
  }
}

function buy(button, sku, customers) {
  return act(button, async () => {
    const { sold, sold_out, other } = await send("/buy", { sku, customers });
    const unclear = other ? `, other answers ${other}` : "";
    return `${sku}: sold ${sold}, sold out ${sold_out}${unclear}`;
  });
}

async function openLedger(sku) {
  const history = await read(`/ledger/${encodeURIComponent(sku)}`);
  byId("ledger-title").textContent = `Ledger of ${sku}: ${history.stock} in stock`;
  byId("ledger-content").replaceChildren(table(history.events));
  const dialog = byId("ledger");
  // The button may have been drawn again meanwhile.
  dialog.onclose = () => keyed(`Ledger ${sku}`)?.focus();
  dialog.showModal();
}

function table(events) {
  const head = ["time", "what", "units", "stock after"].map((text, at) =>
    element("th", { scope: "col", class: at > 1 ? "number" : "" }, text));
  const rows = [...events].reverse().map(row);
  return element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows));
}

function row({ at, kind }) {
  const moved = kind.Moved?.movement;
  return element("tr", {},
    element("td", {}, local(at)),
    element("td", {}, moved ? `${moved.kind} ${moved.reference}` : other(kind)),
    element("td", { class: "number" }, moved ? signed(moved.quantity) : ""),
    element("td", { class: "number" }, moved ? String(moved.stock_after) : ""));
}

// `2026-11-27 09:32:38.000000` in UTC, as the local time that the executions show too.
function local(at) {
  return new Date(`${at.slice(0, 10)}T${at.slice(11, 19)}Z`).toLocaleString();
}

function signed(number) {
  return number > 0 ? `+${number}` : String(number);
}

function other(kind) {
  if (kind.RestockOpened) return `restock ${kind.RestockOpened.cycle} opened`;
  if (kind.Ordered) return `ordered ${kind.Ordered.quantity} (restock ${kind.Ordered.cycle}, attempt ${kind.Ordered.attempt})`;
  if (kind.Changed) return `changed by ${kind.Changed.by}: ${kind.Changed.reason}`;
  const { cycle, failure } = kind.RestockClosed;
  return failure ? `restock ${cycle} failed: ${failure}` : `restock ${cycle} completed`;
}
