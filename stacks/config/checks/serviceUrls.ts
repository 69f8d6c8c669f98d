import { serviceUrlsText } from "../../../contract/serviceUrls";
import { cited, limits } from "../limits";
import type { Check } from "../checks";
import type { EnvironmentConfig, WebServiceConfig } from "../types";

/** A load balancer's own name at its longest: 32 characters, what AWS makes of it, the region's with the longest name. */
const ownName = `internal-${"n".repeat(32)}-${"0".repeat(10)}.ap-northeast-1.elb.amazonaws.com.cn`;

/** The addresses of all services stand in one variable of the verification's project. */
export const checkServiceUrls: Check = (config, report) => {
  if (config.pipeline === undefined) return;
  const urls = Object.fromEntries(
    Object.entries(config.services).flatMap(([name, service]) =>
      service.kind === "web" ? [[name, addressOf(service, config)] as const] : [],
    ),
  );
  const characters = serviceUrlsText(urls).length;
  const { variableCharacters } = limits;
  if (characters <= variableCharacters.most) return;
  report({
    path: ["services"],
    given: `addresses of ${Object.keys(urls).length} services with up to ${characters} characters together`,
    allowed: `at most ${variableCharacters.most}, which a variable of CodeBuild holds ${cited(variableCharacters)}`,
    fix: "give services paths of one host instead of hosts of their own, shorten verifyUrl, or divide the product (gantry:name)",
  });
};

/** No shorter than what the pipeline tells of it. */
function addressOf({ verifyUrl, route }: WebServiceConfig, { loadBalancer }: EnvironmentConfig) {
  if (verifyUrl !== undefined) return verifyUrl;
  const host = route.hosts.find((name) => !/[*?]/.test(name)) ?? loadBalancer.domain?.name;
  return `https://${host ?? ownName}${route.paths[0] ?? ""}`;
}
