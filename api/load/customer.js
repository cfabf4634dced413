// A customer as docs/api.md describes one: a new key for each purchase, and the same key again while the outcome is unknown.

import http from "k6/http";
import exec from "k6/execution";
import { sleep } from "k6";
import { Counter, Trend } from "k6/metrics";

const { API, SKU, RUN, SUMMARY } = __ENV;

/** How often a purchase is sent before its outcome counts as unknown. */
const ATTEMPTS = 5;

const sold = new Counter("sold");
const refused = new Counter("refused");
const sentAgain = new Counter("sent_again");
const errors = new Counter("purchase_errors");
const contradictions = new Counter("contradictions");
const answerTime = new Trend("answer_time");

/** Every purchase has an outcome. No answer contradicts itself: sold with a stock below zero, or sold out with a stock that suffices. */
export const thresholds = { purchase_errors: ["count==0"], contradictions: ["count==0"] };

function send(key) {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": key };
  const answer = http.post(`${API}/checkout`, JSON.stringify({ sku: SKU, quantity: 1 }), { headers, timeout: "30s" });
  answerTime.add(answer.timings.duration);
  return answer;
}

/** Whether the outcome is unknown, or the gateway has too many requests: no answer, 429 or 5xx. */
function mustRetry({ status }) {
  return status === 0 || status === 429 || status >= 500;
}

function body(answer) {
  try {
    return answer.json() || {};
  } catch {
    return {};
  }
}

function count(answer) {
  const { outcome, stock } = body(answer);
  if (answer.status === 200 && outcome === "sold") {
    sold.add(1);
    contradictions.add(stock >= 0 ? 0 : 1);
  } else if (answer.status === 409 && outcome === "sold_out") {
    refused.add(1);
    contradictions.add(stock < 1 ? 0 : 1);
  } else {
    errors.add(1);
    console.error(`a purchase was answered ${answer.status}: ${answer.body || answer.error}`);
  }
}

/** Buys one. */
export function buy() {
  const key = `${RUN}-${exec.scenario.iterationInTest}`;
  let answer = send(key);
  for (let attempt = 1; attempt < ATTEMPTS && mustRetry(answer); attempt++) {
    sentAgain.add(1);
    sleep(Number(answer.headers["Retry-After"] || 1));
    answer = send(key);
  }
  count(answer);
}

/** What `restock load` reads: one number for each metric, and the thresholds that were exceeded. */
export function handleSummary({ metrics }) {
  const total = (name) => (metrics[name] ? metrics[name].values.count : 0);
  const time = metrics.answer_time ? metrics.answer_time.values : { med: 0, "p(95)": 0 };
  const rules = Object.entries(metrics).flatMap(([name, metric]) =>
    Object.entries(metric.thresholds || {}).map(([rule, { ok }]) => ({ rule: `${name} ${rule}`, ok })),
  );
  const summary = {
    sold: total("sold"),
    refused: total("refused"),
    sent_again: total("sent_again"),
    errors: total("purchase_errors"),
    contradictions: total("contradictions"),
    not_started: total("dropped_iterations"),
    median_ms: time.med,
    p95_ms: time["p(95)"],
    exceeded: rules.filter(({ ok }) => !ok).map(({ rule }) => rule),
  };
  return { [SUMMARY]: JSON.stringify(summary) };
}
