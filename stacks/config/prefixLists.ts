import { defaultClients } from "../../components/service/clients";
import { clientNetworkFault } from "./clientNetworks";
import { list, section, text, textOr, wholeNumber } from "./fields";

const idFix = "write the id that the VPC console shows, pl- and 17 hexadecimal digits";

/** Managed prefix lists: networks that somebody keeps in one place, AWS those of CloudFront. */
function prefixListsSchema() {
  const id = text("an id such as pl-0a1b2c3d4e5f60718", /^pl-[0-9a-f]{8}([0-9a-f]{9})?$/, idFix);
  return list(
    textOr(
      id.transform((given) => ({ id: given, maxEntries: 1 })),
      section({
        id,
        /** The most entries that it may have, or its weight where it is AWS's: it takes so many rules. Default: 1. */
        maxEntries: wholeNumber(1, 1000).default(1),
      }),
      "pl-0a1b2c3d4e5f60718, or { id: pl-0a1b2c3d4e5f60718, maxEntries: 20 }",
    ),
    "ids such as pl-0a1b2c3d4e5f60718",
  );
}

/** Who may connect to a load balancer. */
export const clientKeys = () => ({
  /** Networks that may connect. Default: everybody, or private ones where it is internal; with prefix lists, none. */
  allowedCidrs: list(
    text("a network such as 203.0.113.0/24", clientNetworkFault),
    "networks",
  ).optional(),
  /** Managed prefix lists whose networks may connect. Default: none. */
  allowedPrefixLists: prefixListsSchema().default([]),
});

/** With what may connect where config does not say it. */
export function withClients<
  T extends {
    allowedCidrs?: string[] | undefined;
    allowedPrefixLists: readonly unknown[];
    internal: boolean;
    ipv6: boolean;
  },
>(given: T) {
  const { allowedCidrs, allowedPrefixLists } = given;
  const hasPrefixLists = allowedPrefixLists.length > 0;
  return { ...given, allowedCidrs: allowedCidrs ?? defaultClients({ ...given, hasPrefixLists }) };
}
