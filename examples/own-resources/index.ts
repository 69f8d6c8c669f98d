import { environment } from "gantry";
import { resources } from "./resources";

export = environment({ resources });
