// The requests of the Postman collection, by the operation's name in openapi.json: one for each answer that a client can cause.
//
// `set` changes parts of the converted request, `before` is run before it, `after` is added to its tests.

const NEW_KEY = "{{$guid}}";
const checkout = (sku, quantity) => JSON.stringify({ sku, quantity });

/** Answers of a system that is out of order, and of a deployment that requires CloudFront. */
exports.cannotBeCaused = ["403", "503", "5XX"];

exports.answers = {
  "sales-api": [
    {
      status: "200",
      name: "sold",
      set: { "Idempotency-Key": "{{purchase}}" },
      before: ['pm.collectionVariables.set("purchase", pm.variables.replaceIn("{{$guid}}"));'],
      after: ['pm.collectionVariables.set("sold", pm.response.text());'],
    },
    {
      status: "200",
      name: "sold: the same key again is the same purchase",
      set: { "Idempotency-Key": "{{purchase}}" },
      after: [
        'pm.test("the answer is that of the first request", () => pm.expect(pm.response.text()).to.equal(pm.collectionVariables.get("sold")));',
      ],
    },
    { status: "422", name: "key_reused", set: { "Idempotency-Key": "{{purchase}}", body: checkout("CP-502101", 2) } },
    { status: "409", name: "sold_out", set: { "Idempotency-Key": NEW_KEY, body: checkout("CP-502101", 100) } },
    { status: "404", name: "unknown_product", set: { "Idempotency-Key": NEW_KEY, body: checkout("CP-000000", 1) } },
    { status: "400", name: "bad_request", set: { "Idempotency-Key": null } },
    {
      status: "413",
      name: "too_large",
      set: { "Idempotency-Key": NEW_KEY, body: "{{large}}" },
      before: ['pm.variables.set("large", JSON.stringify({ sku: "CP-502101", quantity: 1, more: " ".repeat(4096) }));'],
    },
  ],
  "list-products": [
    { status: "200", name: "products" },
    { status: "400", name: "bad_request", set: { limit: "101" } },
  ],
  "show-product": [
    { status: "200", name: "product" },
    { status: "404", name: "unknown_product", set: { sku: "CP-000000" } },
    { status: "400", name: "bad_request", set: { sku: "cp" } },
  ],
  "receive-completion": [
    { status: "200", name: "stored, and dropped later: the URL is not one that we signed" },
    { status: "400", name: "not stored", set: { signature: "" } },
  ],
};
