// Small helpers to build and update elements. Text is always set as text, never as HTML.

export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "class") made.className = value;
    else if (typeof value === "boolean" && !key.startsWith("aria-")) made.toggleAttribute(key, value);
    else if (value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function byId(id) {
  return document.getElementById(id);
}

// Replaces the children only if what they show has changed, so that the focus stays where it is.
export function show(parent, key, build) {
  const text = JSON.stringify(key);
  if (parent.dataset.shown === text) return;
  const focused = parent.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  const open = [...parent.querySelectorAll("details[open]")].map((one) => one.dataset.key);
  parent.replaceChildren(...[build()].flat());
  parent.dataset.shown = text;
  for (const one of parent.querySelectorAll("details")) if (open.includes(one.dataset.key)) one.open = true;
  if (focused) keyed(focused)?.focus();
  busy.forEach(mark);
}

// The keys of buttons that are at work. A button can be drawn again meanwhile.
const busy = new Set();

// Whether the button may start. It keeps the focus, so it is not disabled.
export function begin(key) {
  if (busy.has(key)) return false;
  busy.add(key);
  mark(key);
  return true;
}

export function end(key) {
  busy.delete(key);
  keyed(key)?.removeAttribute("aria-disabled");
}

function mark(key) {
  keyed(key)?.setAttribute("aria-disabled", "true");
}

export function keyed(key) {
  return document.querySelector(`[data-key="${CSS.escape(key)}"]`);
}

let hiding;

// Bad news stays until the next.
export function say(text, isBad = false) {
  const answer = byId("answer");
  clearTimeout(hiding);
  if (!isBad) hiding = setTimeout(() => { answer.hidden = true; }, 10_000);
  answer.textContent = text;
  answer.hidden = false;
  answer.classList.toggle("bad", isBad);
}

export function time(milliseconds) {
  return new Date(milliseconds).toLocaleTimeString();
}
