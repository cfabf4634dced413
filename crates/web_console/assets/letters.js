// Dead letters and mails.

import { act, send } from "./api.js";
import { byId, element, show } from "./dom.js";

export function showLetters(letters) {
  byId("redrive").hidden = letters.length === 0;
  show(byId("letters"), letters, () =>
    letters.length ? letters.map(letter) : [element("p", { class: "soft" }, "There are no dead letters.")]);
}

function letter(one) {
  return element("details", { "data-key": one.id },
    element("summary", {}, `${one.about}: ${one.error}`),
    element("p", {}, one.meaning ?? ""),
    element("p", {}, one.remedy ?? ""),
    element("p", {}, element("strong", {}, "A redrive now: "), predicted(one)),
    element("pre", {}, one.cause));
}

function predicted(one) {
  switch (one.prediction) {
    case "restocks": return `orders ${one.units} units`;
    case "fails_again": return `orders ${one.units} units; fails again if ${one.error} still holds`;
    case "ordered_by_older": return "orders nothing: the first letter of this product does";
    case "not_needed": return `orders nothing: ${one.stock} in stock is above the reorder point of ${one.reorder_point}`;
    case "under_way": return `orders nothing: restock ${one.cycle} is open`;
    case "retired": return "orders nothing: the product is retired";
    case "unknown_product": return "fails again: there is no such product";
    case "handles_callback": return "handles the callback again";
    default: return "nothing: its message is not valid, so it stays";
  }
}

// Outside of what is drawn again, so that a new letter does not take away what was typed.
byId("redrive").addEventListener("submit", (event) => {
  event.preventDefault();
  act(event.submitter, async () => {
    const { moved, left } = await send("/redrive", { sku: null, reason: byId("reason").value });
    return `dead letters moved: ${moved}, left: ${left}`;
  });
});

export function showMails(mails) {
  show(byId("mails"), mails.length, () => mails.length
    ? mails.map((mail, at) => element("details", { "data-key": String(mails.length - at) },
      element("summary", {}, mail.subject), element("pre", {}, mail.text)))
    : [element("p", { class: "soft" }, "No mail was sent.")]);
}
