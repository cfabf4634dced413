// A soak: the same rate for a long time.

import { buy, handleSummary, thresholds } from "./customer.js";

export { handleSummary };

export const options = {
  thresholds,
  scenarios: {
    soak: {
      executor: "constant-arrival-rate",
      rate: Number(__ENV.RATE),
      timeUnit: "1s",
      duration: `${__ENV.SECONDS}s`,
      preAllocatedVUs: 20,
      maxVUs: 500,
    },
  },
};

export default buy;
