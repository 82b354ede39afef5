import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import NIOSSL
import ORKit
import Synchronization

/// The event loops of the daemon, each with what it owns.
final class LoopSet: Sendable {
    let group: MultiThreadedEventLoopGroup
    let contexts: [LoopContext]
    let gateway: Gateway
    private let byLoop: [ObjectIdentifier: LoopContext]
    /// While the loops take work from other threads.
    private let isOpen = NIOLockedValueBox(true)

    init(
        group: MultiThreadedEventLoopGroup, gateway: Gateway, tls: NIOSSLContext?, connect: TimeAmount,
        upstreamKeepAlive: Int64
    ) {
        self.group = group
        self.gateway = gateway
        let resolver = CachingResolver(loop: group.any())
        contexts = group.makeIterator().enumerated().map { number, loop in
            LoopContext(
                loop: loop, number: number, gateway: gateway,
                pool: UpstreamPool(
                    origin: gateway.origin, loop: loop, resolver: resolver, tls: tls, connect: connect,
                    keepAlive: upstreamKeepAlive))
        }
        byLoop = Dictionary(uniqueKeysWithValues: contexts.map { (ObjectIdentifier($0.loop), $0) })
    }

    /// Nil only for a loop of another group.
    subscript(loop: any EventLoop) -> LoopContext? { byLoop[ObjectIdentifier(loop)] }

    /// Brings the client table of every loop up to date; returns when all of
    /// them use it.
    func apply(_ deltas: [ClientDelta]) async {
        await onEach { context in for delta in deltas { context.apply(delta) } }
    }

    func replaceClients(_ table: [Digest: ClientEntry]) async {
        await onEach { $0.replaceClients(table) }
    }

    func onEach(_ body: @escaping @Sendable (LoopContext) -> Void) async {
        for context in contexts {
            // The loop may already be gone while the daemon stops: then there is nothing to tell it.
            try? await context.loop.submit { body(context) }.get()
        }
    }

    /// Tells the loops up to which number their postings are on disk. From
    /// any thread, until `shutDown`.
    func posted(_ tickets: [Int: UInt64]) {
        isOpen.withLockedValue { isOpen in
            guard isOpen else { return }
            for (number, ticket) in tickets where contexts.indices.contains(number) {
                let context = contexts[number]
                context.loop.execute { context.posted(through: ticket) }
            }
        }
    }

    /// Tells the loops that the disk could not be written. From any thread,
    /// until `shutDown`.
    func postsDelayed() { tell { $0.postsDelayed() } }

    /// Tells the loops that nothing can be written to the disk. From any
    /// thread, until `shutDown`.
    func diskBroke() { tell { $0.diskBroke() } }

    private func tell(_ news: @escaping @Sendable (LoopContext) -> Void) {
        isOpen.withLockedValue { isOpen in
            guard isOpen else { return }
            for context in contexts { context.loop.execute { news(context) } }
        }
    }

    /// Ends everything that is left, and the loops.
    func shutDown() async {
        await onEach { $0.closeAll() }
        isOpen.withLockedValue { $0 = false }
        try? await group.shutdownGracefully()
    }

    /// Runs work on a loop; here and now when the loops are gone already.
    func onOne(_ work: @escaping @Sendable () -> Void) async {
        do { try await group.any().submit(work).get() } catch { work() }
    }

    /// Sums of the loops' counters.
    struct Traffic: Sendable {
        var requests: Int64 = 0
        var failed: Int64 = 0
        var retries: Int64 = 0
        var inFlight = 0
        var streams = 0
        /// Open connections of callers, on either listener.
        var connections = 0

        /// Requests under way, but for those whose answers stream.
        var underWay: Int { inFlight - streams }
    }

    var traffic: Traffic {
        contexts.reduce(into: Traffic()) { sum, context in
            sum.requests += context.counters.requests.load(ordering: .relaxed)
            sum.failed += context.counters.failed.load(ordering: .relaxed)
            sum.retries += context.counters.retries.load(ordering: .relaxed)
            sum.inFlight += context.counters.inFlight.load(ordering: .relaxed)
            sum.connections += context.counters.connections.load(ordering: .relaxed)
            sum.streams += context.counters.streams.load(ordering: .relaxed)
        }
    }

    /// What the loops have counted for themselves, and their connections to
    /// the upstream.
    func tallies() async -> (tally: LoopTally, upstream: UpstreamPool.Figures) {
        let sums = NIOLockedValueBox((tally: LoopTally(), upstream: UpstreamPool.Figures()))
        await onEach { context in
            context.handOver()
            let (tally, upstream) = (context.tally, context.pool.figures)
            sums.withLockedValue {
                $0.tally.add(tally)
                $0.upstream.idle += upstream.idle
                $0.upstream.live += upstream.live
                $0.upstream.connects += upstream.connects
            }
        }
        return sums.withLockedValue { $0 }
    }
}
