import Broker from 'kafkajs/src/broker/index.js';

/** Makes a request of some kind from its fields. */
type MakeRequest = (fields: object) => unknown;

/** The parts of a node of kafkajs that matter here. */
export interface CoordinatorPrototype {
  readonly lookupRequest: (apiKey: number, definition: object) => MakeRequest;
  joinGroup(request: JoinGroupRequest): Promise<{ readonly memberId: string }>;
  syncGroup(request: MemberRequest): Promise<unknown>;
  heartbeat(request: MemberRequest): Promise<unknown>;
}

interface MemberRequest {
  readonly memberId: string;
}

/** Our assigner names the instance in the protocol that it offers. */
interface JoinGroupRequest {
  readonly groupProtocols: readonly { readonly instanceId?: string }[];
}

/** Instances by the member ids that Kafka gave them. */
const instances = new Map<string, string>();
const patched = new WeakSet<CoordinatorPrototype>();

/**
 * Adds static membership to kafkajs 2.2.4, which knows the requests but never names an instance.
 *
 * Kafka gives the share of an instance to whoever joins next by its name, without waiting for the session of the one before.
 */
export function addStaticMembership(node: CoordinatorPrototype = Broker.prototype): void {
  if (patched.has(node)) return;
  patched.add(node);
  const { joinGroup, syncGroup, heartbeat } = node;
  node.joinGroup = async function (this: CoordinatorPrototype, request) {
    const instanceId = request.groupProtocols[0]?.instanceId;
    if (instanceId === undefined) return joinGroup.call(this, request);
    const joined = await joinGroup.call(inTheNameOf(instanceId, this), request);
    for (const [memberId, known] of instances) if (known === instanceId) instances.delete(memberId);
    instances.set(joined.memberId, instanceId);
    return joined;
  };
  node.syncGroup = function (this: CoordinatorPrototype, request) {
    return syncGroup.call(inTheNameOf(instances.get(request.memberId), this), request);
  };
  node.heartbeat = function (this: CoordinatorPrototype, request) {
    return heartbeat.call(inTheNameOf(instances.get(request.memberId), this), request);
  };
}

/** The same node, whose requests name the instance. */
function inTheNameOf(groupInstanceId: string | undefined, node: CoordinatorPrototype): CoordinatorPrototype {
  if (groupInstanceId === undefined) return node;
  const lookupRequest: CoordinatorPrototype['lookupRequest'] = (apiKey, definition) => {
    const make = node.lookupRequest(apiKey, definition);
    return (fields) => make({ ...fields, groupInstanceId });
  };
  return new Proxy(node, {
    get: (target, name) => (name === 'lookupRequest' ? lookupRequest : Reflect.get(target, name, target)),
  });
}
