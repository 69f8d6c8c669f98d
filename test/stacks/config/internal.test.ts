import { checkFaults, parse, type Values } from "./support";

const domain = { name: "shop.example.com", zone: "example.com" };
const inside = (route: Values = {}) => ({ route: { internal: true, ...route } });
const pipeline = { source: { type: "codecommit", repository: "shop" } };

describe("services behind an internal load balancer", () => {
  it("may have the routes and priorities of those that face the internet", () => {
    parse({ services: { web: {}, admin: inside() } });
    parse({ services: { web: { route: { priority: 7 } }, admin: inside({ priority: 7 }) } });
    parse({
      loadBalancer: { domain },
      services: { web: {}, admin: inside({ hosts: ["admin.example.com"], protocol: "grpc" }) },
    });
  });

  it("share the one of an environment that is internal", () => {
    parse({ loadBalancer: { internal: true }, services: { web: {} } });
  });

  const many = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `s${index}`,
        inside({ paths: [`/${index}`], priority: index + 1 }),
      ]),
    );
  it("are counted apart from the others", () => {
    parse({ services: { ...many(49), web: {} } });
  });

  checkFaults("gantry", (values) => values, [
    [
      "two internal services have one route",
      { services: { web: {}, admin: inside(), docs: inside() } },
      "services.docs.route",
      "give docs or admin paths or hosts of its own, such as route: { paths: [/docs/*] }",
    ],
    [
      "all services of an internal environment have one route",
      { loadBalancer: { internal: true }, services: { web: {}, admin: inside() } },
      "services.admin.route",
      "give admin or web paths or hosts of its own, such as route: { paths: [/admin/*] }",
    ],
    [
      "a host leads to both load balancers",
      {
        loadBalancer: { domain },
        services: {
          web: { route: { hosts: ["www.example.com"] } },
          admin: inside({ hosts: ["admin.example.com", "www.example.com"] }),
        },
      },
      "services.admin.route.hosts[1]",
      "give admin a host of its own, such as admin.internal.example.com",
    ],
    [
      "the environment's domain leads inside",
      { loadBalancer: { domain }, services: { web: {}, admin: inside({ hosts: [domain.name] }) } },
      "services.admin.route.hosts[0]",
      "give admin a host of its own, such as admin.internal.example.com",
    ],
    [
      "there are 51 of them",
      { services: { ...many(51), web: {} } },
      "services",
      "divide the product, or set quotas.rulesPerLoadBalancer to what AWS has granted",
    ],
    [
      "one without a host is spoken to by gRPC",
      { loadBalancer: { domain }, services: { web: {}, admin: inside({ protocol: "grpc" }) } },
      "services.admin.route.protocol",
      "set gantry:loadBalancer.domain or certificateArn, or remove protocol",
    ],
    [
      "one is verified where the network has no way out",
      {
        ...{ pipeline, network: { nat: "none" } },
        services: { web: {}, admin: { ...inside(), verify: "npm run verify" } },
      },
      "services.admin.route.internal",
      "set network.nat: single, or leave verify out",
    ],
    [
      "one is verified in the default VPC",
      {
        ...{ pipeline, network: { mode: "existing" }, loadBalancer: { internal: true } },
        services: { web: { verify: "npm run verify" } },
      },
      "loadBalancer.internal",
      "name private subnets with a NAT gateway as network.privateSubnetIds, or leave verify out",
    ],
  ]);
});
