import { describe, expect, it } from 'vitest';
import { addStaticMembership } from '../../src/kafkajs/static-membership';
import type { CoordinatorPrototype } from '../../src/kafkajs/static-membership';

/** Creates a node that records the fields of every request. */
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
    async leaveGroup() {},
  };
  addStaticMembership(node);
  return { node, sent, memberId };
}

describe('addStaticMembership', () => {
  it('sends the instance id in every request of a member that joined with one', async () => {
    const { node, sent } = createNode('member-1');
    const { memberId } = await node.joinGroup({
      groupProtocols: [{ staticMember: { instanceId: 'server-1' } }],
    });
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

  it('keeps the members of two groups with the same instance id apart', async () => {
    const groups = [createNode('member-3'), createNode('member-4')];
    for (const { node } of groups)
      await node.joinGroup({ groupProtocols: [{ staticMember: { instanceId: 'server-1' } }] });
    for (const { node, memberId } of groups) await node.heartbeat({ memberId });
    const groupInstanceId = 'server-1';
    for (const { sent } of groups) expect(sent.at(-1)).toEqual({ kind: 'heartbeat', groupInstanceId });
  });

  it('sends no instance id under the previous member id after a member has joined again', async () => {
    const staticMember = { instanceId: 'server-1' };
    const [first, second] = [createNode('member-5'), createNode('member-6')];
    for (const { node } of [first, second]) await node.joinGroup({ groupProtocols: [{ staticMember }] });
    await first.node.heartbeat({ memberId: first.memberId });
    expect(first.sent.at(-1)).toEqual({ kind: 'heartbeat' });
  });

  it('sends no instance id for a member that has left', async () => {
    const { node, sent, memberId } = createNode('member-7');
    await node.joinGroup({ groupProtocols: [{ staticMember: { instanceId: 'server-1' } }] });
    await node.leaveGroup({ memberId });
    await node.heartbeat({ memberId });
    expect(sent.at(-1)).toEqual({ kind: 'heartbeat' });
  });
});
