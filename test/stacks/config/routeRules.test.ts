import { checkFaults, parse, web } from "./support";

/** So many paths, which are a fifth as many rules. */
const paths = (count: number) => ({
  route: { paths: Array.from({ length: count }, (_, index) => `/${index}`), priority: 1 },
});

describe("the rules of one route", () => {
  it("are as many as a load balancer has, but for the one of its target group", () => {
    parse(web(paths(495)));
  });

  checkFaults("gantry", web, [
    [
      "there are more",
      paths(496),
      "services",
      "divide the product, or set quotas.rulesPerLoadBalancer to what AWS has granted",
    ],
  ]);
});
