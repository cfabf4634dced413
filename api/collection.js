// Prints the Postman collection of the document `openapi.json`, whose path is the argument. openapi-to-postmanv2 makes a request for each
// operation. This program makes one for each answer that a client can cause, and adds tests.

const fs = require("fs");
const { convertV2 } = require("openapi-to-postmanv2");
const { answers, cannotBeCaused } = require("./answers.js");

const OPTIONS = { parametersResolution: "Example" };
const document = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));

/** The schema without references, so that it can be read and checked alone. */
function resolved(schema) {
  if (Array.isArray(schema)) return schema.map(resolved);
  if (schema === null || typeof schema !== "object") return schema;
  if (schema.$ref) return resolved(schema.$ref.slice(2).split("/").reduce((part, name) => part[name], document));
  return Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, resolved(value)]));
}

/** The tests of an answer: its status, its content type, and its schema. */
function tests(operation, status, more) {
  const content = Object.entries(operation.responses[status].content);
  const types = JSON.stringify(content.map(([type]) => type));
  const lines = [
    `pm.test("the status is ${status}", () => pm.response.to.have.status(${status}));`,
    `pm.test("the content type is documented", () => pm.expect(${types}).to.include(pm.response.headers.get("Content-Type")));`,
  ];
  const { schema } = content[0][1];
  if (schema) {
    lines.push(`const schema = ${JSON.stringify(resolved(schema))};`);
    lines.push('pm.test("the body is as openapi.json describes it", () => pm.response.to.have.jsonSchema(schema));');
  }
  return [...lines, ...(more || [])];
}

function script(listen, lines) {
  return { listen, script: { type: "text/javascript", exec: lines } };
}

/** Changes a part of a request: a header, a parameter or the body. `null` removes the part. */
function change(request, name, value) {
  if (name === "body") return void (request.body.raw = value);
  const lists = [request.header, request.url.query, request.url.variable];
  const list = lists.find((list) => list.some((part) => part.key === name));
  if (!list) throw new Error(`${request.name} has no ${name}`);
  const at = list.findIndex((part) => part.key === name);
  if (value === null) list.splice(at, 1);
  else list[at].value = value;
}

/** The request that causes an answer, with its tests and the example of the answer. */
function request(converted, operation, answer) {
  const { status, name, set, before, after } = answer;
  const item = structuredClone(converted);
  Object.assign(item, { name: `${status} ${name}` });
  for (const [part, value] of Object.entries(set || {})) change(item.request, part, value);
  item.response = item.response.filter((response) => response.code === Number(status));
  item.event = [script("test", tests(operation, status, after))];
  if (before) item.event.unshift(script("prerequest", before));
  return item;
}

/** Fails if the document has an answer that no request of the collection causes. */
function checkComplete(name, operation) {
  const caused = (answers[name] || []).map((answer) => answer.status);
  const missing = Object.keys(operation.responses).filter((status) => ![...caused, ...cannotBeCaused].includes(status));
  if (missing.length) throw new Error(`api/answers.js has no request of ${name} for ${missing}`);
}

/** A folder with the requests of one operation. */
function folder(converted) {
  const path = "/" + converted.request.url.path.join("/").replace(/:(\w+)/g, "{$1}");
  const operation = document.paths[path][converted.request.method.toLowerCase()];
  checkComplete(operation.operationId, operation);
  const item = answers[operation.operationId].map((answer) => request(converted, operation, answer));
  return { name: `${converted.request.method} ${path}`, description: converted.request.description, item };
}

function requests(item) {
  return item.item ? item.item.flatMap(requests) : [item];
}

/** Without the ids, which are random, and the converter's empty parts. */
function withoutIds(value) {
  if (Array.isArray(value)) return value.map(withoutIds);
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([name]) => !["id", "_postman_id"].includes(name));
  return Object.fromEntries(kept.map(([name, part]) => [name, withoutIds(part)]));
}

convertV2({ type: "json", data: document }, OPTIONS, (error, converted) => {
  if (error || !converted.result) throw error || new Error(converted.reason);
  const collection = converted.output[0].data;
  const item = requests(collection).map((request) => folder(withoutIds(request)));
  const { info, variable } = withoutIds(collection);
  console.log(JSON.stringify({ info, item, variable }, null, 2));
});
