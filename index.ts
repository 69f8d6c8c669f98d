import { environment } from "./stacks";

export = environment();
