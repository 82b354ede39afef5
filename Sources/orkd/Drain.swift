import NIOCore
import ORKit
import Synchronization

/// The end of service: no new requests; running ones finish, until the
/// deadline or a second signal.
struct Drain: Sendable {
    let gateway: Gateway
    let loops: LoopSet
    /// The data port's listeners.
    let data: [any Channel]
    let stop: StopSignal
    let notify: Notify
    /// Something comes whenever requests have ended.
    let ended: AsyncStream<Void>

    /// How long running answers may take after the first signal, milliseconds.
    private static let deadline: Int64 = 300_000
    /// Between two requests for more time, each of which asks for twice that.
    private static let breath: Int64 = 5000

    func run() async {
        gateway.draining.store(true, ordering: .relaxed)
        for channel in data { try? await channel.close() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await requestsEnd() }
            group.addTask { await timeIsUp() }
            group.addTask { for await _ in stop.urgency {} }
            await group.next()
            group.cancelAll()
        }
    }

    private func requestsEnd() async {
        await loops.onEach { $0.closeIdle() }
        guard loops.traffic.inFlight > 0 else { return }
        for await _ in ended {
            // Connections that were accepted just before the listeners closed.
            await loops.onEach { $0.closeIdle() }
            if loops.traffic.inFlight == 0 { return }
        }
    }

    private func timeIsUp() async {
        var left = Self.deadline
        while left > 0 {
            notify.extendTimeout(milliseconds: 2 * Self.breath)
            do { try await Task.sleep(for: .milliseconds(min(left, Self.breath))) } catch { return }
            left -= Self.breath
        }
    }
}
