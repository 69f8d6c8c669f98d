import { environment } from "gantry";

export = environment();
