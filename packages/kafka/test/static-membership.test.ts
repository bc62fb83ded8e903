import { describe, expect, it } from 'vitest';
import { addStaticMembership } from '../src/kafkajs/static-membership';
import type { CoordinatorPrototype } from '../src/kafkajs/static-membership';

/** A node that records the fields of every request. */
function createNode(memberId: string) {
  const sent: object[] = [];
  const node: CoordinatorPrototype = {
    lookupRequest: () => (fields) => sent.push(fields),
    async joinGroup() {
      this.lookupRequest(11, {})({ kind: 'join' });
      return { memberId };
    },
    async syncGroup() {
      this.lookupRequest(14, {})({ kind: 'sync' });
    },
    async heartbeat() {
      this.lookupRequest(12, {})({ kind: 'heartbeat' });
    },
  };
  addStaticMembership(node);
  return { node, sent };
}

describe('addStaticMembership', () => {
  it('sends the instance id in every request of a member that joined with one', async () => {
    const { node, sent } = createNode('member-1');
    const { memberId } = await node.joinGroup({ groupProtocols: [{ instanceId: 'server-1' }] });
    await node.syncGroup({ memberId });
    await node.heartbeat({ memberId });
    const groupInstanceId = 'server-1';
    expect(sent).toEqual(['join', 'sync', 'heartbeat'].map((kind) => ({ kind, groupInstanceId })));
  });

  it('sends no instance id for other members', async () => {
    const { node, sent } = createNode('member-2');
    const { memberId } = await node.joinGroup({ groupProtocols: [{}] });
    await node.heartbeat({ memberId });
    expect(sent).toEqual([{ kind: 'join' }, { kind: 'heartbeat' }]);
  });
});
