// A crowd: all customers buy at the same moment, again and again.

import { buy, handleSummary, thresholds } from "./customer.js";

export { handleSummary };

export const options = {
  thresholds,
  scenarios: {
    crowd: {
      executor: "per-vu-iterations",
      vus: Number(__ENV.BUYERS),
      iterations: Number(__ENV.PURCHASES),
      maxDuration: "10m",
    },
  },
};

export default buy;
