import { start } from "./start";

start(process.env);
