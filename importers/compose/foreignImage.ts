import { parseImageReference } from "../../contract/imageReference";
import { imageSchema } from "../../stacks/config/image";
import { below, plainValue, type SourceNode } from "../source";
import { comesAlong } from "./volumes";

/** Servers that keep state or pass messages on, as their official images are called: no task of a service is one. */
const stores = new Set(
  (
    "postgres postgis pgvector timescaledb mysql mariadb percona mssql-server mongo mongodb redis redis-stack valkey keydb " +
    "memcached rabbitmq kafka zookeeper nats elasticsearch opensearch cassandra clickhouse-server influxdb couchdb neo4j " +
    "minio localstack dynamodb-local"
  ).split(" "),
);

/** Named volumes, which are made empty. */
function allComeAlong(given: SourceNode): boolean {
  return [plainValue(given)].flat().every(comesAlong);
}

/** The engine of `gantry:databases` that talks as an image does. */
function engineOf(name: string): "postgres" | "mysql" | undefined {
  if (["postgres", "postgis", "pgvector"].includes(name)) return "postgres";
  return ["mysql", "mariadb", "percona"].includes(name) ? "mysql" : undefined;
}

/** Why a service whose image is built elsewhere is none here, and what to do; undefined where it can be one. */
export function whyNotForeign(
  service: SourceNode,
  image: unknown,
): { readonly why: string; readonly fix: string } | undefined {
  if (typeof image !== "string" || !imageSchema().safeParse(image).success) {
    return {
      why: "its image has no version that stays",
      fix: "write the service yourself, with image: <image>:<version>",
    };
  }
  const name = parseImageReference(image)?.path.split("/").at(-1) ?? "";
  if (name === "minio") {
    return {
      why: "it keeps files, and tasks have no volumes",
      fix: "write gantry:buckets: { name: {} }, and uses: [name] of the services that call it",
    };
  }
  const engine = engineOf(name);
  if (engine !== undefined) {
    return {
      why: "it keeps data, and tasks have no volumes",
      fix: `write gantry:databases: { ${name}: { engine: ${engine}, version, serverless: { min: 0, max: 2 } } }, and uses: [${name}] of the services that connect to it`,
    };
  }
  if (["redis", "redis-stack", "valkey", "keydb"].includes(name)) {
    const cache = name === "valkey" ? 'valkey, version: "8.0"' : 'redis, version: "7.1"';
    return {
      why: "it keeps state, and tasks have no volumes",
      fix: `write gantry:caches: { ${name}: { engine: ${cache}, node: cache.t4g.micro } }, and uses: [${name}] of the services that connect to it`,
    };
  }
  if (stores.has(name)) {
    return {
      why: "it keeps state or passes messages on, and tasks have no volumes",
      fix: "use a managed one, such as RDS, ElastiCache or Amazon MQ, made in resources.ts",
    };
  }
  const mounts = ["volumes", "volumes_from", "configs"].find((key) => {
    const given = below(service, key);
    return given && !(key === "volumes" && allComeAlong(given));
  });
  return mounts === undefined
    ? undefined
    : {
        why: `its image is built elsewhere, and what it mounts (${mounts}) is not in it`,
        fix: "for a database or a cache use a managed one; else build an image FROM it that has the files",
      };
}
