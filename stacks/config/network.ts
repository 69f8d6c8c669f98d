import { isIPv4 } from "node:net";
import { z } from "zod";
import { maximumZones } from "../../components/network/cidr";
import { endpointServices, isEndpointService } from "./aws/endpointServices";
import { allowedVpcCidr, cidrFault, vpcCidrFault } from "./cidrText";
import type { StackDefaults } from "./defaults";
import { nearest } from "./nearest";
import {
  choice,
  filledList,
  flag,
  keysOf,
  list,
  section,
  text,
  variantError,
  wholeNumber,
} from "./fields";

const addressFix = "write the public address that the VPC console shows of a NAT gateway";

/** The VPC of the environment: made here, or one that is there already. */
export function networkSchema(defaults: StackDefaults["network"]) {
  const create = {
    /** `create` (default) makes a VPC. */
    mode: z.literal("create").default("create"),
    /** The VPC's network, /16 to /21, private. Default: 10.10.0.0/16; in production 10.20.0.0/16. */
    cidr: text(allowedVpcCidr, vpcCidrFault).default(defaults.cidr),
    /** Availability zones, 2 to 6. Default: 2; in production 3. */
    zones: wholeNumber(2, maximumZones).default(defaults.zones),
    /** How private subnets reach the internet. Default: `single`; in production `perZone`. */
    nat: choice(["none", "single", "perZone"]).default(defaults.nat),
    /** Whether the VPC and its public subnets have IPv6 networks as well. It cannot be taken away. Default: no. */
    ipv6: flag().default(false),
    /** AWS services reached inside the VPC, by short name: `ecr.api`, `logs`. Default: none. */
    interfaceEndpoints: list(interfaceEndpoint(), "service names such as ecr.api").default([]),
    /** Whether the VPC's traffic is logged. Default: yes. */
    flowLogs: flag().default(true),
    /** Networks that this one will reach (peers, VPN, office), which it may not overlap. Default: none. */
    peerCidrs: list(
      text("a network such as 192.168.0.0/16", cidrFault),
      "networks such as 192.168.0.0/16",
    ).default([]),
  };
  const existing = {
    /** `existing` uses a VPC that is there. */
    mode: z.literal("existing"),
    /** The VPC. Default: the account's default VPC and its subnets. */
    vpcId: resourceId("vpc").optional(),
    /** Subnets with a route to the internet, for a load balancer that faces it: two at least. Only with `vpcId`. */
    publicSubnetIds: filledList(resourceId("subnet"), "subnet ids").optional(),
    /** Subnets for the tasks; two at least for internal load balancers, databases and caches. Only with `vpcId`. Default: the public ones, with public addresses. */
    privateSubnetIds: filledList(resourceId("subnet"), "subnet ids").optional(),
    /**
     * Public addresses of the NAT gateways of these subnets. Default: none; where `loadBalancer.allowedCidrs` keeps the
     * world out, a pipeline's verification comes from them. Without `vpcId`, they say that the default VPC's subnets have
     * been given such gateways.
     */
    natAddresses: filledList(
      text("an address such as 203.0.113.7", (given) => (isIPv4(given) ? undefined : addressFix)),
      "addresses such as 203.0.113.7",
    ).optional(),
  };
  return z.discriminatedUnion(
    "mode",
    [
      section(create, keysOf(existing, "mode: existing")),
      section(existing, keysOf(create, "mode: create")),
    ],
    { error: variantError(["create", "existing"]) },
  );
}

/** The name of a service as EC2 has it: with its partition and region, as newer ones must be written. */
const wholeName = /^(?:(?:cn\.)?com\.amazonaws|aws\.(?:api|sagemaker))\.[a-z0-9-]+\.([a-z0-9.-]+)$/;

function interfaceEndpoint() {
  return text("a service that AWS has an interface endpoint for, such as ecr.api", (given) => {
    const short = wholeName.exec(given)?.[1];
    if ((short ?? given) === "s3") {
      return "remove s3: every network has its gateway endpoint, which is free";
    }
    if (isEndpointService(given)) return undefined;
    if (short !== undefined) return isEndpointService(short) ? `write ${short}` : undefined;
    const meant = nearest(given, endpointServices);
    return meant === undefined
      ? "write it as ecr.api or logs; what Gantry does not know yet by its whole name, com.amazonaws.<region>.<service>"
      : `write ${meant}`;
  });
}

function resourceId(kind: "vpc" | "subnet") {
  return text(
    `an id such as ${kind}-0a1b2c3d4e5f60718`,
    new RegExp(`^${kind}-[0-9a-f]{8}([0-9a-f]{9})?$`),
    `write the id that the VPC console shows, ${kind}- and 17 hexadecimal digits`,
  );
}
