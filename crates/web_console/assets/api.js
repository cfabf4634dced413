// The console's HTTP interface.

import { begin, end, say } from "./dom.js";

export async function read(path) {
  return answer(await fetch(path));
}

export async function send(path, body) {
  const headers = { "content-type": "application/json" };
  return answer(await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

async function answer(response) {
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  let reason = text;
  try { reason = JSON.parse(text).error ?? text; } catch { /* the text is no JSON, so it is the reason */ }
  throw new Error(reason);
}

// Does something for a button, once at a time, and says how it went.
export async function act(button, work) {
  const { key } = button.dataset;
  if (!begin(key)) return;
  try {
    const said = await work();
    if (said) say(said);
  } catch (error) {
    say(error.message, true);
  } finally {
    end(key);
  }
}
