import Broker from 'kafkajs/src/broker/index.js';

/** Creates a request from its fields. */
type MakeRequest = (fields: object) => unknown;

/** The methods of a kafkajs node that `addStaticMembership` replaces, and the one that they use. */
export interface CoordinatorPrototype {
  readonly lookupRequest: (apiKey: number, definition: object) => MakeRequest;
  joinGroup(request: JoinGroupRequest): Promise<{ readonly memberId: string }>;
  syncGroup(request: MemberRequest): Promise<unknown>;
  heartbeat(request: MemberRequest): Promise<unknown>;
  leaveGroup(request: MemberRequest): Promise<unknown>;
}

/** A group member with an instance id. Each consumer has its own, even if other groups or clusters use the same instance id. */
export interface StaticMember {
  readonly instanceId: string;
  /** Assigned by Kafka at the last join. */
  memberId?: string;
}

interface MemberRequest {
  readonly memberId: string;
}

/** The assigner of the consumer adds the static member to its protocol. */
interface JoinGroupRequest {
  readonly groupProtocols: readonly { readonly staticMember?: StaticMember | undefined }[];
}

/** Instance ids by the member ids that Kafka assigned, which are unique. */
const instances = new Map<string, string>();
const patched = new WeakSet<CoordinatorPrototype>();

/**
 * Adds static membership to kafkajs 2.2.4, which supports the requests but never sends an instance id.
 *
 * Kafka assigns the partitions of an instance to the next member that joins under its id, without waiting for the session of
 * the previous one to expire.
 */
export function addStaticMembership(node: CoordinatorPrototype = Broker.prototype): void {
  if (patched.has(node)) return;
  patched.add(node);
  const { joinGroup, syncGroup, heartbeat, leaveGroup } = node;
  node.joinGroup = async function (this: CoordinatorPrototype, request) {
    const member = request.groupProtocols[0]?.staticMember;
    if (member === undefined) return joinGroup.call(this, request);
    const joined = await joinGroup.call(withInstanceId(member.instanceId, this), request);
    if (member.memberId !== undefined) instances.delete(member.memberId);
    member.memberId = joined.memberId;
    instances.set(joined.memberId, member.instanceId);
    return joined;
  };
  node.syncGroup = function (this: CoordinatorPrototype, request) {
    return syncGroup.call(withInstanceId(instances.get(request.memberId), this), request);
  };
  node.heartbeat = function (this: CoordinatorPrototype, request) {
    return heartbeat.call(withInstanceId(instances.get(request.memberId), this), request);
  };
  node.leaveGroup = function (this: CoordinatorPrototype, request) {
    instances.delete(request.memberId);
    return leaveGroup.call(this, request);
  };
}

/** Returns the node with requests that include the instance id. */
function withInstanceId(
  groupInstanceId: string | undefined,
  node: CoordinatorPrototype,
): CoordinatorPrototype {
  if (groupInstanceId === undefined) return node;
  const lookupRequest: CoordinatorPrototype['lookupRequest'] = (apiKey, definition) => {
    const make = node.lookupRequest(apiKey, definition);
    return (fields) => make({ ...fields, groupInstanceId });
  };
  return new Proxy(node, {
    get: (target, name) => (name === 'lookupRequest' ? lookupRequest : Reflect.get(target, name, target)),
  });
}
