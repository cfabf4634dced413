// A spike: a tenth of the rate, then suddenly the whole rate, then a tenth again. Each takes a third of the time.

import { buy, handleSummary, thresholds } from "./customer.js";

export { handleSummary };

const rate = Number(__ENV.RATE);
const calm = Math.max(1, Math.round(rate / 10));
const third = `${Math.ceil(Number(__ENV.SECONDS) / 3)}s`;

export const options = {
  thresholds,
  scenarios: {
    spike: {
      executor: "ramping-arrival-rate",
      startRate: calm,
      timeUnit: "1s",
      preAllocatedVUs: 50,
      maxVUs: 500,
      stages: [
        { target: calm, duration: third },
        { target: rate, duration: "0s" },
        { target: rate, duration: third },
        { target: calm, duration: "0s" },
        { target: calm, duration: third },
      ],
    },
  },
};

export default buy;
