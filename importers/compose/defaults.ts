import type { DifferingDefault } from "../imported";

/** Sources: the Compose specification (05-services.md); docs/config.md. */
export const composeDefaults: readonly DifferingDefault[] = [
  {
    what: "readonlyRootFilesystem",
    there: "false",
    here: "true",
    now: "config says false, where the file says nothing",
  },
  {
    what: "tasks of a service",
    there: "1",
    here: "1 to 2; production 2 to 10",
    now: "Gantry's, where the file says nothing",
  },
  {
    what: "healthCheck.path",
    there: "none is asked",
    here: "/health",
    now: "config says /, where healthcheck names no path: set what the program answers with 200",
  },
  {
    what: "cpu and memoryMiB",
    there: "no limit",
    here: "256 and 512; production 512 and 1024",
    now: "Gantry's, where the file says nothing",
  },
  {
    what: "stopTimeoutSeconds",
    there: "10",
    here: "30",
    now: "Gantry's, where the file says nothing",
  },
  {
    what: "deployment.strategy",
    there: "recreate: old containers stop first",
    here: "rolling; in production blueGreen for web services",
    now: "Gantry's, unless deploy.update_config.order is stop-first",
  },
  {
    what: "initProcess",
    there: "false",
    here: "true",
    now: "Gantry's, where the file says nothing",
  },
  { what: "PORT", there: "not set", here: "the service's port", now: "Gantry's" },
  {
    what: "how services find each other",
    there: "by their names",
    here: "by their names, those that say calls",
    now: "calls has what depends_on, links and variables name",
  },
];
