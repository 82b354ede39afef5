import Dispatch
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import ORKit

/// Name resolution off the event loops, remembered for a short while.
///
/// NIO's own resolver blocks all new connections of a loop while one look-up
/// hangs (ruling 41). Here a look-up runs on a queue of its own, look-ups of
/// one name at the same time become one, and an answer that is too old is
/// still used while a new one is fetched, so a slow name server costs nothing
/// once a name is known.
final class CachingResolver: Resolver, Sendable {
    private struct Entry {
        var addresses: [SocketAddress] = []
        var fetched: Int64 = .min
        var waiting: [EventLoopPromise<[SocketAddress]>] = []
        var isFetching = false
    }

    private let table = NIOLockedValueBox<[String: Entry]>([:])
    private let queue = DispatchQueue(label: "ork.resolver", attributes: .concurrent)
    private let fresh: Int64 = 30 * .second
    private let usable: Int64 = 600 * .second
    private let loop: any EventLoop

    /// - Parameter loop: any loop; only the futures of its answers live there.
    init(loop: any EventLoop) { self.loop = loop }

    func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        query(host, port).map { $0.filter { $0.protocol == .inet } }
    }

    func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        query(host, port).map { $0.filter { $0.protocol == .inet6 } }
    }

    /// A look-up in progress is shared, so there is nothing to cancel.
    func cancelQueries() {}

    private func query(_ host: String, _ port: Int) -> EventLoopFuture<[SocketAddress]> {
        let promise = loop.makePromise(of: [SocketAddress].self)
        let name = "\(host):\(port)"
        let now = SystemClock.monotonic()
        let (known, fetch) = table.withLockedValue { table -> ([SocketAddress]?, Bool) in
            var entry = table[name] ?? Entry()
            defer { table[name] = entry }
            // No subtraction from `.min`: an entry without an answer has no age.
            let age = entry.addresses.isEmpty ? Int64.max : now - entry.fetched
            let start = age > fresh && !entry.isFetching
            if start { entry.isFetching = true }
            if age <= usable { return (entry.addresses, start) }
            entry.waiting.append(promise)
            return (nil, start)
        }
        if fetch { queue.async { self.fetch(host, port, name) } }
        if let known { promise.succeed(known) }
        return promise.futureResult
    }

    private func fetch(_ host: String, _ port: Int, _ name: String) {
        let found = AddressLookup.addresses(of: host, port: port)
        let waiting = table.withLockedValue { table -> [EventLoopPromise<[SocketAddress]>] in
            var entry = table[name] ?? Entry()
            if !found.isEmpty {
                entry.addresses = found
                entry.fetched = SystemClock.monotonic()
            }
            entry.isFetching = false
            let waiting = entry.waiting
            entry.waiting = []
            table[name] = entry
            return waiting
        }
        for promise in waiting {
            if found.isEmpty {
                promise.fail(NameNotResolved())
            } else {
                promise.succeed(found)
            }
        }
    }
}

/// No address came back for a name, whatever the reason.
struct NameNotResolved: Error {}
