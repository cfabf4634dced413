// Follows the state of the deployment and shows it.

import { byId, say } from "./dom.js";
import { showExecution } from "./executions.js";
import { loadFaults, showCrashes, showFactories } from "./factories.js";
import { showLetters, showMails } from "./letters.js";
import { showProducts } from "./products.js";
import * as timeline from "./timeline.js";

timeline.start((execution) => showExecution(execution).catch((error) => say(error.message, true)));
// First, because the state is shown only when it changes.
await loadFaults().catch((error) => say(error.message, true));

const events = new EventSource("/events");
events.addEventListener("state", (event) => showState(JSON.parse(event.data)));
events.addEventListener("error", () => connection("Not connected. Is restock still running?", true));

function showState(state) {
  connection(state.error ?? "Live", state.error !== null);
  showProducts(state.products);
  showFactories(state.factories);
  showCrashes(state.crashes);
  timeline.update(state.executions);
  showMails(state.mails);
  showLetters(state.dead_letters);
}

function connection(text, isBad) {
  byId("connection").textContent = text;
  byId("connection").classList.toggle("bad", isBad);
}
