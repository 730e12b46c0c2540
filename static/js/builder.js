// The pages on which calls and forms are written: rows that are added and removed on the spot.

import { startRows } from "./rows.js";

startRows(document);
