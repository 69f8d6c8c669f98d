import type { Job, Service } from "../components";
import { admitCallers, admitDirectCallers, callOrder } from "./calls";
import { createJob } from "./job";
import { createService, type ServiceContext } from "./service";

/** Every service and every job, in config's order. */
export function createServices(context: Omit<ServiceContext, "made">): Map<string, Service | Job> {
  const { config, tags } = context;
  const made = new Map<string, Service>();
  const jobs = new Map<string, Job>();
  for (const name of callOrder(config.services)) {
    const service = config.services[name];
    if (service.kind === "job") jobs.set(name, createJob(name, service, { ...context, made }));
    else made.set(name, createService(name, service, { ...context, made }));
  }
  admitCallers(made, config, tags);
  admitDirectCallers({ services: made, jobs }, config, tags);
  return new Map(
    Object.keys(config.services).map((name) => [
      name,
      jobs.get(name) ?? (made.get(name) as Service),
    ]),
  );
}
